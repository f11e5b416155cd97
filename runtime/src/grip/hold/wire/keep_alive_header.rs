use std::fmt::Write as _;

use base64ct::{Base64, Encoding};

use crate::grip::KeepAlive;

/// Returns the value of `Grip-Keep-Alive`, in the plainest format in which the data arrives unchanged.
pub(super) fn keep_alive_header(keep_alive: &KeepAlive) -> String {
    let data = keep_alive.data();
    let mut value = if fits_raw(data) {
        data.iter().map(|&byte| char::from(byte)).collect()
    } else {
        match cstring(data) {
            Some(written) => written + "; format=cstring",
            None => Base64::encode_string(data) + "; format=base64",
        }
    };
    write!(value, "; timeout={}", keep_alive.seconds()).expect("a string takes everything");
    if keep_alive.is_interval() {
        value.push_str("; mode=interval");
    }
    value
}

/// Returns `true` if the data arrives unchanged in the header, where the proxy trims it and ends it at the first `;`.
fn fits_raw(data: &[u8]) -> bool {
    data.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b';')
        && data.first() != Some(&b' ')
        && data.last() != Some(&b' ')
}

/// Returns the data with escapes, on one line. `None` if it is not ASCII, or if the escapes make it much longer.
fn cstring(data: &[u8]) -> Option<String> {
    let mut written = String::with_capacity(data.len() + 8);
    for (index, &byte) in data.iter().enumerate() {
        let at_an_end = index == 0 || index == data.len() - 1;
        match byte {
            b'\\' => written.push_str(r"\\"),
            b'\r' => written.push_str(r"\r"),
            b'\n' => written.push_str(r"\n"),
            b'!'..=b'~' if byte != b';' => written.push(char::from(byte)),
            b' ' if !at_an_end => written.push(' '),
            _ => write!(written, r"\x{byte:02x}").expect("a string takes everything"),
        }
    }
    let readable = data.is_ascii() && written.len() <= 2 * data.len() + 16;
    readable.then_some(written)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(data: &'static [u8]) -> String {
        keep_alive_header(&KeepAlive::from_static(data))
    }

    #[test]
    fn the_format_is_the_plainest_that_carries_the_data() {
        assert_eq!(header(b"ping, \"x\" \\n"), "ping, \"x\" \\n; timeout=15");
        assert_eq!(header(b":\n\n"), r":\n\n; format=cstring; timeout=15");
        assert_eq!(header(b" a; \\\r\t "), r"\x20a\x3b \\\r\x09\x20; format=cstring; timeout=15");
        assert_eq!(header(&[7; 1024]).find(';'), Some(1368));
        assert_eq!(header(b"\xff\x00"), "/wA=; format=base64; timeout=15");
        assert_eq!(header("é".as_bytes()), "w6k=; format=base64; timeout=15");
    }

    #[test]
    fn the_header_has_the_mode_and_the_seconds() {
        const DOT: KeepAlive = KeepAlive::from_static(b".").interval(20);
        assert_eq!(keep_alive_header(&DOT), ".; timeout=20; mode=interval");
        assert_eq!(keep_alive_header(&DOT.idle(1)), ".; timeout=1");
    }

    /// Reads a header's value as the proxy does.
    fn read(value: &str) -> Vec<u8> {
        let (data, parameters) = value.split_once(';').unwrap();
        let data = data.trim();
        if parameters.contains("format=base64") {
            return Base64::decode_vec(data).unwrap();
        }
        if !parameters.contains("format=cstring") {
            return data.into();
        }
        let (mut out, mut rest) = (Vec::new(), data.bytes());
        while let Some(byte) = rest.next() {
            out.push(match (byte, if byte == b'\\' { rest.next() } else { None }) {
                (b'\\', Some(b'\\')) => b'\\',
                (b'\\', Some(b'r')) => b'\r',
                (b'\\', Some(b'n')) => b'\n',
                (b'\\', Some(b'x')) => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                (byte, _) => byte,
            });
        }
        out
    }

    proptest! {
        #[test]
        fn any_bytes_arrive_unchanged(data in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..64),
            "[ -~\r\n\t;]{1,16}".prop_map(String::into_bytes),
            "[ -:<-~]{1,16}".prop_map(String::into_bytes),
        ]) {
            let value = keep_alive_header(&KeepAlive::new(data.clone()).unwrap());
            prop_assert!(http::HeaderValue::from_str(&value).is_ok());
            prop_assert_eq!(read(&value), data);
        }
    }
}
