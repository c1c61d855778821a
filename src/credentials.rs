//! Passwords, tokens and secrets: how they are made, hashed and compared. Nothing here is stored or logged in the clear.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::store::Fault;

/// With this a service's secret begins, so that it can be told from a token, and found where it was left lying about.
pub const SECRET_PREFIX: &str = "cds_";

/// Memory of one hash in KiB, passes and lanes: the least that OWASP's cheat sheet on password storage asks of Argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is verified where there is no such user: the work is the same, so the time tells nothing, and no password fits.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9ubHkgdQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes at a time: each takes 19 MiB, and anybody can ask for one by trying to log in.
static BENCHES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// The Argon2id hash of a password in PHC form. Takes some tens of milliseconds on a thread of its own: never ask inside the writer's turn.
///
/// # Errors
/// A fault where the system gives no memory or no randomness.
pub async fn hash_password(password: String) -> Result<String, Fault> {
    let hash = move || -> Result<String, Fault> { Ok(argon2()?.hash_password(password.as_bytes()).map_err(other)?.to_string()) };
    at_a_bench(hash).await
}

/// Whether `password` is the one behind `hash`; for `None` the same work is done, and the answer is no.
///
/// # Errors
/// A fault where the hash is none, or the system gives no memory.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool, Fault> {
    let verify = move || -> Result<bool, Fault> {
        let (known, exists) = hash.map_or_else(|| (DECOY.to_owned(), false), |hash| (hash, true));
        let known = PasswordHash::new(&known).map_err(other)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &known).is_ok() && exists)
    };
    at_a_bench(verify).await
}

async fn at_a_bench<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    let bench = BENCHES.acquire().await.map_err(other)?;
    let done = tokio::task::spawn_blocking(work).await.map_err(other)?;
    drop(bench);
    done
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(other)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

fn other(no: impl std::fmt::Display) -> Fault {
    Fault::Other(format!("credentials: {no}"))
}

/// A token that nobody can guess: 32 random bytes as base64url.
pub fn new_token() -> String {
    let mut random = [0_u8; 32];
    rand::rng().fill_bytes(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

/// A service's secret.
pub fn new_secret() -> String {
    format!("{SECRET_PREFIX}{}", new_token())
}

/// A token or secret as it is stored: SHA-256 in hexadecimal. It is random enough that no slow hash is needed.
pub fn hash_secret(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("một mật khẩu dài".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hash_password("một mật khẩu dài".into()).await.unwrap(), "each hash has its own salt");
        assert!(verify_password("một mật khẩu dài".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify_password("một mật khẩu dai".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_user_costs_the_same_work_and_never_fits() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        let known = hash_password("x".into()).await.unwrap();
        assert_eq!(decoy.params, PasswordHash::new(&known).unwrap().params);
        assert!(!verify_password(String::new(), None).await.unwrap());
    }

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one, other);
        assert_eq!(one.len(), SECRET_PREFIX.len() + 43);
        assert_eq!(hash_secret("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
