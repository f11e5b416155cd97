//! Any text is a GRIP URL or an error. A GRIP URL makes a request and a policy, or an error. A text around a public key is
//! never a secret.

#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding as _};
use fanout::Channel;
use fanout::grip::sig::{Key, Policy};
use fanout::publish::{Item, Target};
use hmac::{Hmac, KeyInit as _, Mac as _};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;

/// Public keys: in DER, as a JSON Web Key, as a point.
const PUBLIC: [&str; 3] = [
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECKo5A1ebyFcnmVV8SE5On+8G81JyBjSvcrx4VLetWCjuDAmppTo3xM/zz763COTCgHfp/6lPdCyYjjqc+GM7sw==",
    r#"{"kty":"EC","crv":"P-256","x":"CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg","y":"7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"}"#,
    "BAiqOQNXm8hXJ5lVfEhOTp_vBvNScgY0r3K8eFS3rVgo7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M",
];

fuzz_target!(|url: &str| {
    let (before, behind) = url.split_once('\n').unwrap_or((url, ""));
    for public in PUBLIC {
        let key = format!("{before}{public}{behind}");
        assert!(Key::hs256(key.as_str()).is_err(), "{key}");
        let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let target = Target::from_grip_url(&format!("http://x/?verify-iss=i&verify-key={encoded}")).unwrap();
        if let Ok(policy) = target.add_signer_to(Policy::new()) {
            assert!(policy.verify(token(&key).as_bytes(), 0).is_err(), "{key}");
            assert!(policy.verify(token(public).as_bytes(), 0).is_err(), "{key}");
        }
    }

    let Ok(target) = Target::from_grip_url(url) else { return };
    let items = [Item::new(Channel::from_static("news"), "hello")];
    assert_eq!(target.requests(&items).map(|requests| requests.len()).ok(), Some(1));
    let _ = target.add_signer_to(Policy::new());
});

/// A token of the issuer `i` that is signed with a text as the secret.
fn token(secret: &str) -> String {
    let [header, claims] = [r#"{"alg":"HS256"}"#, r#"{"iss":"i","exp":9}"#]
        .map(|json| Base64UrlUnpadded::encode_string(json.as_bytes()));
    let signed = format!("{header}.{claims}");
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&signed);
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes()))
}
