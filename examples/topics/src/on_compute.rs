//! The tests of the secret store, which run on Viceroy: `cargo xtask test-wasm topics`.

use crate::verified;

const HEADER_AND_CLAIMS: &str =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdLCJleHAiOjQxMDI0NDQ4MDB9";

#[test]
fn a_token_is_verified_with_the_key_of_the_secret_store() {
    let claims = verified(&format!("{HEADER_AND_CLAIMS}.PT3gFn3mZvGn6qJyB08SMxvsILETcP11FaKF4s-twF8"));
    assert_eq!(claims.expect("the key is right").read, ["news", "sport", "a,b"]);
}

#[test]
fn a_token_of_another_key_is_refused() {
    let signature = "lpQYZEEf5kZEWdBxgO8eoz4KWZKrampfmFhMVwrHg4o";
    assert!(verified(&format!("{HEADER_AND_CLAIMS}.{signature}")).is_err());
    assert!(verified("not a token").is_err());
}
