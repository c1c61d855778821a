use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;

const PRINCIPAL: PrincipalId = PrincipalId(Uuid::from_u128(1));
const SESSION: SessionId = SessionId(Uuid::from_u128(2));

fn noon() -> DateTime<Utc> {
    "2020-12-20T05:00:00Z".parse().unwrap()
}

fn quarter() -> TimeDelta {
    TimeDelta::minutes(15)
}

fn signed(key: &TokenKey) -> String {
    key.sign(PRINCIPAL, SESSION, noon(), noon() + quarter()).unwrap()
}

/// The token of `key` with some claims changed, signed again with `algorithm`.
fn forged(key: &TokenKey, algorithm: Algorithm, change: Value) -> String {
    let mut claims = decode::<Value>(signed(key), &key.checking, &key.validation).unwrap().claims;
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    encode(&Header::new(algorithm), &claims, &key.signing).unwrap()
}

#[test]
fn a_token_tells_the_principal_and_the_session_while_it_lasts() {
    let key = TokenKey::ephemeral();
    let token = signed(&key);
    let at = |offset: TimeDelta| key.check(&token, noon() + offset);
    assert_eq!(at(TimeDelta::zero()).unwrap(), (PRINCIPAL, SESSION));
    assert!(at(quarter() - TimeDelta::seconds(1)).is_ok());
    assert!(matches!(at(quarter() + TimeDelta::seconds(2)), Err(BadToken::Expired)), "the handed-in clock counts, not the system's (T3)");
    assert!(matches!(at(-TimeDelta::seconds(3)), Err(BadToken::Early)));
}

#[test]
fn a_token_that_is_not_ours_is_refused() {
    let key = TokenKey::ephemeral();
    let check = |token: &str| key.check(token, noon());
    assert!(check(&forged(&key, Algorithm::HS256, json!({}))).is_ok(), "the forger writes good tokens when nothing is changed");
    for change in [
        json!({ "iss": "other" }),
        json!({ "aud": "other" }),
        json!({ "iss": null }),
        json!({ "aud": null }),
        json!({ "nbf": null }),
        json!({ "exp": null }),
        json!({ "sub": "admin" }),
        json!({ "sid": null }),
        json!({ "exp": "never" }),
    ] {
        assert!(matches!(check(&forged(&key, Algorithm::HS256, change.clone())), Err(BadToken::Foreign(_))), "{change}");
    }
    assert!(check(&forged(&key, Algorithm::HS512, json!({}))).is_err(), "the algorithm is pinned");
    assert!(check(&signed(&TokenKey::ephemeral())).is_err(), "another key");

    let token = signed(&key);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (_, claims) = head.split_once('.').unwrap();
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    for bad in
        [format!("{unsigned}.{claims}."), format!("{unsigned}.{claims}.{signature}"), format!("{head}."), String::new(), "a.b.c".to_owned()]
    {
        assert!(check(&bad).is_err(), "{bad}");
    }
}

#[test]
fn tokens_of_one_instant_differ() {
    let key = TokenKey::ephemeral();
    assert_ne!(signed(&key), signed(&key));
}

#[test]
fn the_key_is_made_once_for_the_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chidao.key");
    let token = signed(&TokenKey::load_or_create(&path).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read(&path).unwrap().len(), KEY_BYTES);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    assert!(TokenKey::load_or_create(&path).unwrap().check(&token, noon()).is_ok(), "the second start reads the same key");
}

#[test]
fn servers_that_start_at_once_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chidao.key");
    let keys: Vec<TokenKey> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..8).map(|_| scope.spawn(|| TokenKey::load_or_create(&path).unwrap())).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let token = signed(&keys[0]);
    assert!(keys.iter().all(|key| key.check(&token, noon()).is_ok()));
}

#[test]
fn a_key_that_others_can_read_or_that_is_cut_short_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chidao.key");
    TokenKey::load_or_create(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = TokenKey::load_or_create(&path).err().unwrap().to_string();
    assert!(refused.contains("mode 640") && refused.contains("chmod 600"), "{refused}");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "short").unwrap();
    assert!(matches!(TokenKey::load_or_create(&path), Err(KeyError::TooShort { bytes: 5, .. })));
}
