//! Secrets of services and refresh tokens: drawn once, shown once, and kept only as a hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// So that a secret can be told from a token, and found where it was left lying about.
const PREFIX: &str = "cds_";

/// Draws a new secret of a service, of 256 random bits.
pub fn draw() -> String {
    format!("{PREFIX}{}", draw_token())
}

/// Draws a new refresh token of 256 random bits.
pub fn draw_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether `text` claims to be a secret.
pub fn is_secret(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The form in which a secret is kept and looked up. It was drawn, not thought up, so that a fast hash is enough.
pub fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_known_by_their_hash() {
        let (first, second) = (draw(), draw());
        assert!(is_secret(&first) && first.len() == 47);
        assert_ne!(first, second);
        assert_eq!(hash(&first), hash(&first));
        assert_ne!(hash(&first), hash(&second));
    }
}
