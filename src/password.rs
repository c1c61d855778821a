//! Passwords: thought up by people, so that only a slow hash resists guessing.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Why a password cannot be hashed or compared: no memory, no randomness, or a stored hash that is none.
#[derive(Debug, thiserror::Error)]
#[error("passwords: {0}")]
pub struct PasswordError(String);

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
/// Where the system gives no memory or no randomness.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let hash = move || -> Result<String, PasswordError> { Ok(argon2()?.hash_password(password.as_bytes()).map_err(other)?.to_string()) };
    at_a_bench(hash).await
}

/// Whether `password` is the one behind `hash`; for `None` the same work is done, and the answer is no.
///
/// # Errors
/// Where the hash is none, or the system gives no memory.
pub async fn fits(password: String, hash: Option<String>) -> Result<bool, PasswordError> {
    let verify = move || -> Result<bool, PasswordError> {
        let (known, exists) = hash.map_or_else(|| (DECOY.to_owned(), false), |hash| (hash, true));
        let known = PasswordHash::new(&known).map_err(other)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &known).is_ok() && exists)
    };
    at_a_bench(verify).await
}

async fn at_a_bench<T: Send + 'static>(work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static) -> Result<T, PasswordError> {
    let bench = BENCHES.acquire().await.map_err(other)?;
    let done = tokio::task::spawn_blocking(work).await.map_err(other)?;
    drop(bench);
    done
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(other)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

fn other(no: impl std::fmt::Display) -> PasswordError {
    PasswordError(no.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let first = hash("một mật khẩu dài".into()).await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, hash("một mật khẩu dài".into()).await.unwrap(), "each hash has its own salt");
        assert!(fits("một mật khẩu dài".into(), Some(first.clone())).await.unwrap());
        assert!(!fits("một mật khẩu dai".into(), Some(first)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_user_costs_the_same_work_and_never_fits() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        let known = hash("x".into()).await.unwrap();
        assert_eq!(decoy.params, PasswordHash::new(&known).unwrap().params);
        assert!(!fits(String::new(), None).await.unwrap());
    }
}
