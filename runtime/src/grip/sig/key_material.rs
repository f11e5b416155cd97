//! Key material in any spelling: the gate that keeps a public key from becoming an HMAC secret.
//!
//! Anyone may know a public key, so anyone could sign with a secret that is made of one. Environments, shells and
//! configuration files quote, escape, wrap and encode values. So the search for a key covers every *layer* of a value: the
//! value itself, the value without its quotes, escapes and white space, the value decoded, and the layers of these. A layer
//! is parsed, if possible: two coordinates are key material if their point is on the curve.
//!
//! Half a key cannot be told from a secret: a single coordinate, the 32 bytes of an Ed25519 key without a name, the bare
//! modulus of an RSA key.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use p256::ecdsa::VerifyingKey;
use percent_encoding::percent_decode;
use serde::Deserialize;

use super::point::point;

/// The length of the shortest public key of P-256, in bytes: a compressed point. A shorter layer has no key.
const SHORTEST: usize = 33;

/// The limit of layers of a value. Secrets have less than a hundred.
const MAX_LAYERS: usize = 2_000;

/// The limit, in bytes, of a value that counts as a secret without the prefix `secret:`. 64 random bytes have 128 digits in
/// hex, and the modulus of an RSA key has 256 bytes or more.
const MAX_PLAIN: usize = 128;

/// The first bytes of a public key of P-256 in DER ([RFC 5480 section 2]), before its point.
///
/// [RFC 5480 section 2]: https://www.rfc-editor.org/rfc/rfc5480#section-2
const P256: [u8; 26] = *b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// The reading of a value that may be a public key.
pub(crate) enum Reading {
    /// A public key of P-256.
    Public(VerifyingKey),
    /// A JSON Web Key of any type.
    Jwk(Jwk),
    /// Key material of another form or kind.
    Unreadable,
    /// No key material.
    Nothing,
}

/// The members of a JSON Web Key that are read.
#[derive(Deserialize)]
pub(crate) struct Jwk {
    pub(crate) kty: String,
    #[serde(default)]
    pub(crate) crv: String,
    #[serde(default)]
    pub(crate) k: String,
    #[serde(default)]
    pub(crate) x: String,
    #[serde(default)]
    pub(crate) y: String,
}

/// Reads a public key of P-256 (PEM, DER) or a JSON Web Key, through the quotes and encodings around it.
pub(crate) fn read(value: &[u8]) -> Reading {
    let reading = search(value, Extent::Whole, Reading::Unreadable, |layer| {
        // The parser of DER would make an app that publishes larger; this is the form that tools write.
        if let Some(encoded) = layer.bytes.strip_prefix(&P256) {
            let (tag, both) = encoded.split_first()?;
            return on_curve(both).filter(|_| *tag == 4).map(Reading::Public);
        }
        let json = str::from_utf8(&layer.bytes).ok().filter(|text| text.starts_with('{'))?;
        serde_json::from_slice(json.as_bytes()).ok().map(Reading::Jwk)
    });
    let unread = || if is_key_material(value) { Reading::Unreadable } else { Reading::Nothing };
    reading.unwrap_or_else(unread)
}

/// Returns `true` if a value is, or holds, key material in any spelling.
pub(crate) fn is_key_material(value: &[u8]) -> bool {
    search(value, Extent::Shifted, (), |layer| layer.has_key_material().then_some(())).is_some()
}

/// Returns `true` if a value without key material is a secret even without the prefix `secret:`: it looks like a passphrase
/// or like random bytes, and has no quotes, escapes, prefix or address.
pub(crate) fn is_plainly_secret(value: &[u8]) -> bool {
    if value.len() > MAX_PLAIN {
        return false;
    }
    let Some(text) = str::from_utf8(value).ok().filter(|text| text.contains(|c: char| c.is_ascii_graphic()))
    else {
        // The form of an uncompressed point on another curve.
        return !matches!((value.first(), value.len()), (Some(4), 65 | 97));
    };
    let escape = |[mark, next, last]: [u8; 3]| match mark {
        b'\\' => matches!(next, b'n' | b'r' | b't' | b'u' | b'x' | b'"' | b'\'' | b'/' | b'\\'),
        b'%' => next.is_ascii_hexdigit() && last.is_ascii_hexdigit(),
        b'&' => next == b'#',
        _ => false,
    };
    let bytes = |at: usize| value.get(at).copied().unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let opens = |c: char| "\"'`{[<".contains(c) || is_foreign(c) || c.is_ascii_whitespace();
    let closes = |c: char| "\"'`}]>".contains(c) || is_foreign(c) || c.is_ascii_whitespace();
    let prefixed = text.split_once(':').is_some_and(|(name, _)| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    });
    let file = [".pem", ".pub", ".key", ".crt", ".cer", ".der", ".json", ".jwk", ".jwks"];
    !(text.contains(|c: char| c.is_ascii_control())
        || text.starts_with(opens)
        || text.ends_with(closes)
        || (0..value.len()).any(|at| escape([bytes(at), bytes(at + 1), bytes(at + 2)]))
        || prefixed
        || lower.contains("://")
        || file.iter().any(|name| lower.ends_with(name)))
}

/// Returns `true` if a character is neither ASCII nor of a word: a byte order mark, a space of another width, a curly quote.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
}

/// The part of the value that a layer stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    /// A part of it, or the whole without something that may be noise.
    Part,
    /// Base64 or hex from another place than its beginning, so the first bytes may be wrong.
    Shifted,
}

/// A reading of a value.
struct Layer {
    bytes: Vec<u8>,
    extent: Extent,
}

/// Returns the first answer of a layer of a value, or `too_many` if there are more than [`MAX_LAYERS`] layers.
fn search<T>(
    value: &[u8],
    to: Extent,
    too_many: T,
    mut answer: impl FnMut(&Layer) -> Option<T>,
) -> Option<T> {
    let mut layers = vec![Layer { bytes: value.to_vec(), extent: Extent::Whole }];
    let mut next = 0;
    while let Some(layer) = layers.get(next) {
        if let Some(answer) = answer(layer) {
            return Some(answer);
        }
        for found in layer.below(to) {
            let known = |layer: &Layer| layer.extent == found.extent && layer.bytes == found.bytes;
            if found.bytes.len() >= SHORTEST && !layers.iter().any(known) {
                layers.push(found);
            }
        }
        if layers.len() > MAX_LAYERS {
            return Some(too_many);
        }
        next += 1;
    }
    None
}

impl Layer {
    /// Returns the layers after one step. No step makes a value longer, so they come to an end.
    fn below(&self, to: Extent) -> Vec<Layer> {
        let mut below = Vec::new();
        match str::from_utf8(&self.bytes) {
            // Text at a shifted place shows that the place is right.
            Ok(text) => {
                let extent = if self.extent == Extent::Whole { Extent::Whole } else { Extent::Part };
                whole_text(text, &mut |bytes| below.push(Layer { bytes, extent }));
                if to != Extent::Whole {
                    parts_of_text(text, &mut |bytes, extent| below.push(Layer { bytes, extent }));
                }
            }
            Err(_) if self.extent == Extent::Shifted => {}
            Err(_) => {
                let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
                let is_edge = |byte: &u8| byte.is_ascii_whitespace() || b"\0\"'`".contains(byte);
                let start = bytes.iter().position(|byte| !is_edge(byte)).unwrap_or(bytes.len());
                let end = bytes.iter().rposition(|byte| !is_edge(byte)).map_or(start, |last| last + 1);
                below.push(Layer { bytes: bytes[start..end].to_vec(), extent: self.extent });
                // UTF-16 of ASCII alone, whatever cut or padded it. Other UTF-16 is decoded, from an even or an odd byte.
                let narrow = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xfe | 0xff));
                let narrow: Vec<u8> = narrow.collect();
                if narrow.is_ascii() {
                    below.push(Layer { bytes: narrow, extent: self.extent });
                }
                let texts = [u16::from_le_bytes, u16::from_be_bytes]
                    .map(|unit| [0, 1].map(|at| utf16(bytes, at, unit)));
                let texts = texts.into_iter().flatten().flatten();
                below.extend(texts.map(|text| Layer { bytes: text.into_bytes(), extent: self.extent }));
            }
        }
        below
    }

    fn has_key_material(&self) -> bool {
        let bytes = &*self.bytes;
        NAMES.iter().chain(&IDENTIFIERS).any(|name| bytes.windows(name.len()).any(|window| window == *name))
            || match str::from_utf8(bytes) {
                Ok(text) => names_a_key(text) || has_coordinates(text),
                Err(_) => {
                    (self.extent != Extent::Shifted && (is_der(bytes) || is_compressed(bytes)))
                        || has_point(bytes)
                }
            }
    }
}

/// Returns the UTF-16 text that begins at a byte, if at least half of it is ASCII: then it is not longer in UTF-8.
fn utf16(bytes: &[u8], at: usize, unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, _) = bytes.get(at..)?.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    let text = String::from_utf16_lossy(&units);
    let ascii = text.chars().filter(char::is_ascii).count();
    (2 * ascii >= text.chars().count()).then_some(text)
}

fn is_edge(c: char) -> bool {
    !c.is_ascii_graphic() || "\"'`,;".contains(c)
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/-_".contains(c)
}

fn is_base32(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '2'..='7')
}

fn is_hex(c: char) -> bool {
    c.is_ascii_hexdigit()
}

/// Pushes the layers of a text as a whole: without its edges, white space and escapes, and decoded.
fn whole_text(text: &str, push: &mut impl FnMut(Vec<u8>)) {
    let inner = text.trim_matches(is_edge);
    let tight: String = inner.chars().filter(char::is_ascii_graphic).collect();
    push(inner.into());
    push(tight.clone().into());
    if text.contains('\0') {
        push(text.replace('\0', "").into());
    }
    if text.contains('%') {
        push(percent_decode(text.as_bytes()).collect());
    }
    if text.contains('\\') {
        let broken =
            ["\\r", "\\n", "\\t"].iter().fold(text.to_owned(), |text, mark| text.replace(mark, "\n"));
        push(broken.into());
        let unescaped = unescaped(text);
        // An escape stands for a character or for a byte.
        push(unescaped.chars().filter_map(|c| u8::try_from(c).ok()).collect());
        push(unescaped.into());
    }
    if text.contains("&#") {
        push(without_references(text).into());
    }
    if let Some((prefix, rest)) = inner.split_once(':')
        && prefix.eq_ignore_ascii_case("base64")
    {
        push(rest.into());
    }
    if let Some(body) = public_pem(&tight) {
        push(body.into());
    }
    let body = tight.trim_end_matches('=');
    if body.chars().all(is_hex) {
        push(from_hex(body));
    }
    if body.chars().all(is_base32) {
        push(from_base32(body));
    }
    if body.chars().all(is_base64) {
        push(from_base64(body));
    } else if inner.contains('+') {
        // A text that was encoded as a form and never decoded. In base64, `+` is a digit.
        push(inner.replace('+', " ").into());
    }
    // A text that was decoded as a form and never encoded as one.
    if inner.contains(' ') {
        push(inner.replace(' ', "+").into());
    }
}

/// Pushes the decoded parts of a text: its longer words, and the whole text without characters of no encoding.
fn parts_of_text(text: &str, push: &mut impl FnMut(Vec<u8>, Extent)) {
    let inner = text.trim_matches(is_edge);
    let shifted = |shift| if shift == 0 { Extent::Part } else { Extent::Shifted };
    for run in runs(inner, is_base64) {
        for shift in 0..4 {
            push(from_base64(&run[shift..]), shifted(shift));
        }
    }
    for run in runs(inner, is_base32) {
        push(from_base32(run), Extent::Part);
    }
    let kept: String = inner.chars().filter(|&c| is_base64(c)).collect();
    for shift in (0..4).filter(|&shift| shift < kept.len()) {
        push(from_base64(&kept[shift..]), Extent::Shifted);
    }
    let digits = inner.replace("0x", " ").replace("\\x", " ");
    // A word before the digits may end with digits and a separator, as `base64,` does.
    let is_separator = |c: char| ":-, \n".contains(c);
    let behind_a_word = |run| str::split_once(run, is_separator).map(|(_, rest)| rest);
    let separated = runs(&digits, |c| is_hex(c) || is_separator(c));
    for run in separated.flat_map(|run| [Some(run), behind_a_word(run)]).flatten().chain([&*digits]) {
        let run: String = run.chars().filter(|&c| is_hex(c)).collect();
        for shift in (0..2).filter(|&shift| shift < run.len()) {
            push(from_hex(&run[shift..]), shifted(shift));
        }
    }
    if inner.contains('%') {
        for run in runs(inner, |c| c.is_ascii_alphanumeric() || "%-._~+".contains(c)) {
            push(percent_decode(run.as_bytes()).collect(), Extent::Part);
        }
    }
    // An array of bytes, which some languages count from −128.
    let numbers = inner.split(|c: char| !(c.is_ascii_digit() || c == '-'));
    let bytes =
        numbers.filter_map(|number| number.parse::<i16>().ok().filter(|byte| (-128..256).contains(byte)));
    push(bytes.map(|byte| byte as u8).collect(), Extent::Part);
}

/// Returns the parts of a text that are long enough for half a key.
fn runs(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|run| run.len() >= SHORTEST)
}

/// Returns a text without the escapes of JSON, of C and of shells. A `\` that begins no escape is dropped.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        out += before;
        let mut behind = escape.chars();
        let (digits, radix) = match behind.next() {
            Some('u') => (1..5, 16),
            Some('x') => (1..3, 16),
            Some('0'..='3') => (0..3, 8),
            Some('n' | 'r' | 't') => {
                out.push('\n');
                rest = behind.as_str();
                continue;
            }
            Some(other) => {
                out.push(other);
                rest = behind.as_str();
                continue;
            }
            None => return out,
        };
        let end = digits.end;
        let code = escape.get(digits).and_then(|code| u32::from_str_radix(code, radix).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &escape[end..];
            }
            None => rest = escape,
        }
    }
    out + rest
}

/// Returns a text without the numeric character references of HTML and XML.
fn without_references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once("&#") {
        out += before;
        let (code, behind) = reference.split_once(';').unwrap_or((reference, ""));
        let number = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => code.parse(),
        };
        rest = match number.ok().and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                behind
            }
            None => reference,
        };
    }
    out + rest
}

/// Returns the body of a public key in PEM, from a text without white space. The labels may have `+` for a space.
fn public_pem(tight: &str) -> Option<&str> {
    let (label, rest) = tight.strip_prefix("-----BEGIN")?.split_once("-----")?;
    let (body, end) = rest.split_once("-----END")?;
    let end = end.strip_suffix("-----")?;
    [label, end].iter().all(|label| label.replace('+', "") == "PUBLICKEY").then_some(body)
}

/// Decodes base64 of either alphabet, with or without padding, and whatever its last bits are.
fn from_base64(text: &str) -> Vec<u8> {
    // As the parts of a token are decoded. A second decoder adds 2 kB to every app.
    let mut digits = text.replace('+', "-").replace('/', "_");
    let len = digits.len() * 6 / 8;
    digits.extend(std::iter::repeat_n('A', digits.len().next_multiple_of(4) - digits.len()));
    let mut bytes = Base64UrlUnpadded::decode_vec(&digits).unwrap_or_default();
    bytes.truncate(len);
    bytes
}

/// Decodes the base32 of RFC 4648 in either case, without its padding.
fn from_base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut len) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let value = if byte.is_ascii_digit() { byte - b'2' + 26 } else { byte.to_ascii_lowercase() - b'a' };
        (bits, len) = ((bits << 5) | u32::from(value), len + 5);
        if len >= 8 {
            len -= 8;
            bytes.push((bits >> len) as u8);
        }
    }
    bytes
}

fn from_hex(digits: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    digits.as_bytes().chunks_exact(2).filter_map(byte).collect()
}

/// Names of key forms, as they are written.
const NAMES: [&[u8]; 5] = [b"ssh-rsa", b"ssh-dss", b"ssh-ed25519", b"ecdsa-sha2-", b"openssh-key-v1"];

/// Identifiers of keys in DER, at any place: elliptic curves and their keys, the algorithms of PKCS, Edwards curves and
/// X25519, and the exponent of nearly every RSA key.
const IDENTIFIERS: [&[u8]; 8] = [
    b"\x2a\x86\x48\xce\x3d\x02\x01",
    b"\x2a\x86\x48\xce\x3d\x03\x01",
    b"\x06\x05\x2b\x81\x04\x00",
    b"\x2a\x86\x48\x86\xf7\x0d\x01",
    b"\x06\x03\x2b\x65\x70",
    b"\x06\x03\x2b\x65\x71",
    b"\x06\x03\x2b\x65\x6e",
    b"\x02\x03\x01\x00\x01",
];

/// Returns `true` if a text names a key: in PEM, as a JSON Web Key or a set of them (as JSON, YAML or a shell leaves it), in
/// XML.
fn names_a_key(text: &str) -> bool {
    let tight: String = text
        .chars()
        .filter(|&c| c.is_ascii_alphanumeric() || "-:=[<".contains(c))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    [
        "--begin",
        "kty:",
        "kty=",
        "crv:",
        "crv=",
        "x5c:",
        "keys:[",
        "e:aqab",
        "e=aqab",
        "<rsakeyvalue",
        "<eckeyvalue",
        "did:key:",
        "putty-user-key-file",
    ]
    .iter()
    .any(|name| tight.contains(name))
}

/// Returns `true` if two numbers in a text are the coordinates of a point on P-256, in base64 or in hex.
fn has_coordinates(text: &str) -> bool {
    let number = |run: &str| {
        let digits = run.strip_prefix("0x").unwrap_or(run);
        let hex = digits.len() >= 56 && digits.chars().all(is_hex);
        let bytes = if hex { from_hex(digits) } else { from_base64(run) };
        let start = bytes.iter().position(|&byte| byte != 0)?;
        let (len, bytes) = (bytes.len(), &bytes[start..]);
        let mut number = [0; 32];
        // Some writers leave zeros out, and some put one in front.
        number.get_mut(32_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
        (28..=33).contains(&len).then_some(number)
    };
    // Both in base64 have 43 digits each, and may have nothing between them.
    let apart = runs(text, is_base64).flat_map(|run| match run.len() {
        86 => [Some(&run[..43]), Some(&run[43..])],
        _ => [Some(run), None],
    });
    let numbers: Vec<[u8; 32]> = apart.flatten().filter_map(number).take(8).collect();
    let is_half = |&x: &[u8; 32]| numbers.iter().any(|&y| point(x, y).is_some());
    numbers.len() > 1 && numbers.iter().any(is_half)
}

/// Returns `true` if bytes have both coordinates of a point on P-256: at their beginning or their end, anywhere after the
/// tag of an encoded point, or as COSE has them, with a header of three bytes between them.
fn has_point(bytes: &[u8]) -> bool {
    let tagged = |window: &[u8]| matches!(window[0], 4 | 6 | 7) && on_curve(&window[1..]).is_some();
    let cose = |window: &[u8]| {
        window[33..35] == [0x58, 0x20] && on_curve(&[&window[..32], &window[35..]].concat()).is_some()
    };
    [bytes.first_chunk::<64>(), bytes.last_chunk()].into_iter().flatten().any(|both| on_curve(both).is_some())
        || bytes.windows(65).any(tagged)
        || bytes.windows(67).any(cose)
}

/// Returns the public key whose coordinates these bytes are, one after the other.
fn on_curve(both: &[u8]) -> Option<VerifyingKey> {
    let (x, y) = both.split_first_chunk()?;
    point(*x, y.try_into().ok()?)
}

/// Returns `true` if bytes have the form of a compressed point, on P-256 or on another curve of this size.
fn is_compressed(bytes: &[u8]) -> bool {
    bytes.len() == SHORTEST && matches!(bytes[0], 2 | 3)
}

/// Returns `true` if bytes begin as a key or a certificate in DER: a sequence that begins with a sequence or an integer. If
/// its length has a single byte, it must be right.
fn is_der(bytes: &[u8]) -> bool {
    match bytes {
        [0x30, 0x82, _, _, inner, ..] | [0x30, 0x81, _, inner, ..] => matches!(inner, 0x30 | 0x02),
        [0x30, len, rest @ ..] => usize::from(*len) == rest.len() && matches!(rest, [0x30 | 0x02, ..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_an_encoding_of_another_base_is_found() {
        let [x, y] =
            ["CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg", "7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"];
        let point = [x, y].map(|number| Base64UrlUnpadded::decode_vec(number).unwrap()).concat();
        let compressed = [&[3], &point[..32]].concat();
        let der = [&P256, &[4][..], &point].concat();
        let base64 = base64ct::Base64::encode_string(&der);
        let octal = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:03o}")).collect::<String>();
        let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\u{byte:04x}")).collect::<String>();
        for value in [
            base32(&der),
            base32(&[&[4][..], &point].concat()),
            base32(&compressed),
            base32(base64.as_bytes()),
            base32(&der).to_ascii_lowercase(),
            format!("key: {}======", base32(&der)),
            octal(&der),
            octal(base64.as_bytes()),
            escaped(&der),
            format!("{x}{y}"),
            format!("{y}{x}"),
            format!("key={x}{y}"),
        ] {
            assert!(is_key_material(value.as_bytes()), "{value}");
            assert!(matches!(read(value.as_bytes()), Reading::Public(_) | Reading::Unreadable), "{value}");
        }
        assert_eq!(from_base32("mzxw6ytboi"), b"foobar");
    }

    fn base32(bytes: &[u8]) -> String {
        let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
        let digits = bits.as_bytes().chunks(5).map(|bits| {
            let bits = format!("{:0<5}", str::from_utf8(bits).unwrap());
            char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from_str_radix(&bits, 2).unwrap()])
        });
        digits.collect()
    }

    #[test]
    fn what_looks_encoded_is_still_a_secret() {
        for secret in [
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "correct horse battery staple, correct horse",
            "a\\0 lonely \\1 backslash \\777 is no escape of anything at all",
        ] {
            assert!(!is_key_material(secret.as_bytes()), "{secret}");
        }
    }
}
