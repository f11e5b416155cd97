use p256::AffinePoint;
use p256::ecdsa::VerifyingKey;
use p256::elliptic_curve::point::AffineCoordinates as _;

/// Makes a public key from both coordinates of its point. `None` if there is no such point on P-256.
///
/// The parser of encoded points would add the square root of compressed ones to every app: 15 kB.
pub(super) fn point(x: [u8; 32], y: [u8; 32]) -> Option<VerifyingKey> {
    let point = AffinePoint::from_coordinates(&x.into(), &y.into());
    Option::from(point).and_then(|point| VerifyingKey::from_affine(point).ok())
}
