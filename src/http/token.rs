//! Access tokens: JWT, signed with the key of this installation.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chidao_domain::ids::{PrincipalId, SessionId};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::office::TokenSigner;

/// Who issues the tokens, and for whom: another installation's would not be signed with this key anyway.
const ISSUER: &str = "chidao";
const AUDIENCE: &str = "chidao";
const KEY_BYTES: usize = 32;
/// How far the clocks of two replicas may differ.
const LEEWAY: Duration = Duration::from_secs(2);

/// Why a token is not accepted. For the log: a client learns only that it is not.
#[derive(Debug, thiserror::Error)]
pub enum BadToken {
    /// Not a token, not signed with this key by the pinned algorithm, or meant for somebody else.
    #[error("the token is not one of ours")]
    Foreign(#[from] jsonwebtoken::errors::Error),
    /// Its time has not come.
    #[error("the token is not valid yet")]
    Early,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
}

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key file `{}` cannot be read or made", .0.display())]
    Io(PathBuf, #[source] io::Error),
    /// Others on this machine could sign tokens.
    #[error("the key file `{}` has mode {mode:03o}: others can read it; run `chmod 600` on it, or remove it to have a new one made and all sessions ended", .path.display())]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Too short to be safe, as after a full disk.
    #[error("the key file `{}` holds {bytes} bytes instead of at least {KEY_BYTES}: remove it to have a new one made and all sessions ended", .path.display())]
    TooShort {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// The key of this installation: signs tokens and checks them.
pub struct TokenKey {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

impl TokenKey {
    /// Reads the key from `path`, or makes it there.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let failed = |error| KeyError::Io(path.to_owned(), error);
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path).and_then(|()| File::open(path)),
            opened => opened,
        }
        .map_err(failed)?;
        refuse_if_readable_by_others(path, &file)?;
        let mut secret = Vec::new();
        file.read_to_end(&mut secret).map_err(failed)?;
        if secret.len() < KEY_BYTES {
            return Err(KeyError::TooShort { path: path.to_owned(), bytes: secret.len() });
        }
        Ok(Self::from_secret(&secret))
    }

    /// A key that lasts as long as the process.
    pub fn ephemeral() -> Self {
        Self::from_secret(&rand::random::<[u8; KEY_BYTES]>())
    }

    fn from_secret(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        // The library would read the system's clock (T3): `check` looks at these two.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { signing: EncodingKey::from_secret(secret), checking: DecodingKey::from_secret(secret), validation }
    }

    /// Whom `token` stands for at the instant `now`.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<(PrincipalId, SessionId), BadToken> {
        let claims = decode::<Claims>(token, &self.checking, &self.validation)?.claims;
        if now + LEEWAY < instant(claims.nbf) {
            return Err(BadToken::Early);
        }
        if now - LEEWAY >= instant(claims.exp) {
            return Err(BadToken::Expired);
        }
        Ok((PrincipalId(claims.sub), SessionId(claims.sid)))
    }
}

impl TokenSigner for TokenKey {
    fn sign(
        &self,
        principal: PrincipalId,
        session: SessionId,
        issued_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: principal.0,
            sid: session.0,
            iat: issued_at.timestamp(),
            nbf: issued_at.timestamp(),
            exp: expires_at.timestamp(),
            jti: format!("{:032x}", rand::random::<u128>()),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(|error| error.to_string())
    }
}

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// Makes the key file whole or not at all, and never over another: two servers may start at once.
fn create(path: &Path) -> io::Result<()> {
    let draft = path.with_extension(format!("{:016x}.draft", rand::random::<u64>()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let made = file.write_all(&rand::random::<[u8; KEY_BYTES]>()).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

#[cfg(unix)]
fn refuse_if_readable_by_others(path: &Path, file: &File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|error| KeyError::Io(path.to_owned(), error))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 { Err(KeyError::ReadableByOthers { path: path.to_owned(), mode }) } else { Ok(()) }
}

#[cfg(not(unix))]
fn refuse_if_readable_by_others(_: &Path, _: &File) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests;
