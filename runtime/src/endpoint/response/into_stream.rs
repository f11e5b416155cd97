use std::borrow::Cow;

use super::forms::{Iterated, Nothing, Unimplemented, Unused, Wrapped, body, replies, reply};
use super::{Opening, WithHold};
use crate::endpoint::{Answer, IntoAnswer};

/// The return value of a `stream` handler: the first bytes of the stream.
///
/// | | |
/// |---|---|
/// | `()` | none |
/// | text, bytes | these |
/// | a `Vec`, an array, any iterator of these | one after the other |
/// | [`WithHold<T>`](WithHold) | one of these, in a hold that is changed |
/// | `Option<T>` | one of these, or none |
/// | `Result<T, E>` | one of these, or an early answer, which is anything that is [`IntoAnswer`] |
///
/// ```
/// #[fanout::stream(channel = "log")]
/// fn log() -> impl Iterator<Item = String> {
///     (1..=3).map(|line| format!("line {line}\n"))
/// }
/// # use fanout::endpoint::IntoStream;
/// # assert_eq!(log().into_stream().unwrap().body(), b"line 1\nline 2\nline 3\n");
/// ```
#[diagnostic::on_unimplemented(
    message = "a `stream` endpoint cannot return `{Self}`",
    label = "not text or bytes",
    note = "return `()`, text, bytes, a list or an iterator of these, or an `Option` or `Result` of one of these",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`",
    note = "the status of the stream is an option of the attribute, as in `status = 202`"
)]
pub trait IntoStream<Form = ()> {
    /// The first bytes, or an early answer.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_stream(self) -> Result<Opening, Answer>;
}

reply!(IntoStream<Form>, into_stream);
replies!(IntoStream, into_stream, OneStream);
body!(IntoStream, into_stream: &str, String, &[u8], Vec<u8>);

#[diagnostic::do_not_recommend]
impl IntoStream for Cow<'_, str> {
    fn into_stream(self) -> Result<Opening, Answer> {
        Ok(Opening::new(self.into_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoStream for &[u8; N] {
    fn into_stream(self) -> Result<Opening, Answer> {
        Ok(Opening::new(self.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grip::{Channel, Hold};

    fn body<Form>(returned: impl IntoStream<Form>) -> Vec<u8> {
        let answer = returned.into_stream().unwrap().answer(Hold::stream(Channel::from_static("a")));
        answer.body().to_vec()
    }

    #[test]
    fn each_kind_of_return_value_is_bytes() {
        assert_eq!(body(()), b"");
        assert_eq!(body("a"), b"a");
        assert_eq!(body(String::from("a")), b"a");
        assert_eq!(body(Cow::from("a")), b"a");
        assert_eq!(body(b"\xff"), b"\xff");
        assert_eq!(body(&b"\xff"[..]), b"\xff");
        assert_eq!(body(vec![0xff_u8]), b"\xff");
        assert_eq!(body(["a", "b"]), b"ab");
        assert_eq!(body(vec![vec![0xff_u8], vec![0]]), b"\xff\0");
        assert_eq!(body("a b".split(' ')), b"ab");
        assert_eq!(body(Some("a")), b"a");
        assert_eq!(body(WithHold::new(Ok::<_, Answer>("a"), |hold| hold)), b"a");
    }
}
