//! Everything that must not be believed.

use super::{Policy, Rejected, fastly, viceroy};

#[test]
fn a_policy_without_signers_refuses_everything() {
    for policy in [Policy::new(), fastly(""), viceroy().without_local()] {
        assert!(policy.signers().is_empty());
        assert_eq!(
            policy.verify(b"e30.e30.", 0).unwrap_err(),
            Rejected::NoSigner
        );
    }
}

#[test]
fn the_built_in_policies_have_their_one_signer() {
    for (policy, algorithm, issuer) in [
        (
            fastly("SU1Z0isxPaozGVKXdv0eY"),
            "ES256",
            "fastly:SU1Z0isxPaozGVKXdv0eY",
        ),
        (viceroy(), "HS256", "viceroy"),
    ] {
        let [signer] = policy.signers() else {
            panic!("{policy:?}")
        };
        assert_eq!(signer.key().algorithm(), algorithm);
        assert_eq!(signer.issuer(), issuer);
        assert!(!signer.is_self_run());
    }
}
