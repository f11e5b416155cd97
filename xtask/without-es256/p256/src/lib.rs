//! The names of p256 that `fanout::grip::sig` uses. There is no key and no signature of these types, and so the
//! compiler drops whatever would use one.

use std::convert::Infallible;

/// The reason why there is none.
pub struct Error;

/// A point of the curve.
pub struct AffinePoint(Infallible);

/// The arithmetic of curves.
pub mod elliptic_curve {
    /// Points.
    pub mod point {
        /// The trait that makes points.
        pub trait AffineCoordinates: Sized {
            /// Makes one.
            fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Option<Self>;
        }
    }
}

impl elliptic_curve::point::AffineCoordinates for AffinePoint {
    fn from_coordinates(_: &[u8; 32], _: &[u8; 32]) -> Option<Self> {
        None
    }
}

/// Keys and signatures.
pub mod ecdsa {
    use std::convert::Infallible;

    use super::{AffinePoint, Error};

    /// A public key.
    #[derive(Clone)]
    pub struct VerifyingKey(Infallible);

    impl VerifyingKey {
        /// Never reads one.
        pub fn from_sec1_bytes(_: &[u8]) -> Result<Self, Error> {
            Err(Error)
        }

        /// Never gets a point.
        pub fn from_affine(point: AffinePoint) -> Result<Self, Error> {
            match point.0 {}
        }
    }

    impl super::pkcs8::DecodePublicKey for VerifyingKey {
        fn from_public_key_pem(_: &str) -> Result<Self, Error> {
            Err(Error)
        }
    }

    /// A signature.
    pub struct Signature;

    impl Signature {
        /// Never reads one.
        pub fn from_slice(_: &[u8]) -> Result<Self, Error> {
            Err(Error)
        }
    }

    impl signature::Verifier for VerifyingKey {
        fn verify(&self, _: &[u8], _: &Signature) -> Result<(), Error> {
            match self.0 {}
        }
    }

    /// Verification.
    pub mod signature {
        /// The trait that verifies.
        pub trait Verifier {
            /// Returns an error if the signature is not the key's for the message.
            fn verify(&self, message: &[u8], signature: &super::Signature) -> Result<(), super::Error>;
        }
    }
}

/// Keys in PEM.
pub mod pkcs8 {
    /// The trait that reads keys.
    pub trait DecodePublicKey: Sized {
        /// Reads one.
        fn from_public_key_pem(pem: &str) -> Result<Self, super::Error>;
    }
}
