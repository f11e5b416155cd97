use std::borrow::Cow;

use http::{HeaderValue, StatusCode, header};

use super::{Answer, IntoAnswer, Reason};

/// The return value of the handler of a plain endpoint.
///
/// | | |
/// |---|---|
/// | `()` | a 204, without a body |
/// | text | a 200 with this text, as `text/plain; charset=utf-8` |
/// | bytes | a 200 with these bytes, as `application/octet-stream` |
/// | [`Json<T>`](crate::Json) | a 200 with this value, as `application/json` |
/// | [`Answer`], [`StatusCode`], a status with a text or `Json`, [`Redirect`](crate::Redirect) | this answer, as everything that is [`IntoAnswer`] |
/// | `Option<T>` | one of these, or a 404 |
/// | `Result<T, E>` | one of these, or the error, which is anything that is [`IntoAnswer`] |
///
/// ```
/// use fanout::Json;
///
/// #[fanout::get(path = "/squares/{number}")]
/// fn square(number: u32) -> Option<Json<u32>> {
///     number.checked_mul(number).map(Json)
/// }
/// # assert_eq!(square(3), Some(Json(9)));
/// ```
#[diagnostic::on_unimplemented(
    message = "a plain endpoint cannot return `{Self}`",
    label = "not an answer",
    note = "return `()`, text, bytes, `Json` of a value that serde can serialize, a status with or without a text, an `Answer`, or an `Option` or `Result` of one of these",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`"
)]
pub trait IntoPlain {
    /// The answer.
    fn into_plain(self) -> Answer;
}

#[diagnostic::do_not_recommend]
impl<T: IntoAnswer> IntoPlain for T {
    fn into_plain(self) -> Answer {
        self.into_answer()
    }
}

#[diagnostic::do_not_recommend]
impl IntoPlain for () {
    fn into_plain(self) -> Answer {
        Answer::new(StatusCode::NO_CONTENT)
    }
}

macro_rules! text {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoPlain for $type {
            fn into_plain(self) -> Answer {
                Answer::text(200, self)
            }
        }
    )*};
}

text!(&str, String, Cow<'_, str>);

macro_rules! bytes {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl $($generics)* IntoPlain for $type {
            fn into_plain(self) -> Answer {
                const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
                Answer::new(StatusCode::OK).with_header(header::CONTENT_TYPE, BYTES).with_body(self)
            }
        }
    )*};
}

bytes!([] &[u8], [] Vec<u8>, [<const N: usize>] &[u8; N]);

#[diagnostic::do_not_recommend]
impl<T: IntoPlain> IntoPlain for Option<T> {
    fn into_plain(self) -> Answer {
        self.map_or_else(|| Answer::refused(Reason::NotFound, "not found"), IntoPlain::into_plain)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoPlain, E: IntoAnswer> IntoPlain for Result<T, E> {
    fn into_plain(self) -> Answer {
        self.map_or_else(IntoAnswer::into_answer, IntoPlain::into_plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Json, Redirect};

    fn said(returned: impl IntoPlain) -> (u16, String, String) {
        let answer = returned.into_plain();
        let kind = answer.header("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), kind, String::from_utf8_lossy(answer.body()).into_owned())
    }

    #[test]
    fn each_kind_of_return_value_is_an_answer() {
        let as_text = |status, body: &str| (status, "text/plain; charset=utf-8".into(), body.into());
        let nothing = |status| (status, "".into(), "".into());
        let not_found = as_text(404, "not found\n");
        assert_eq!(said(()), nothing(204));
        assert_eq!(said("a"), as_text(200, "a"));
        assert_eq!(said(String::from("a")), as_text(200, "a"));
        assert_eq!(said(Cow::Borrowed("a")), as_text(200, "a"));
        assert_eq!(said(b"a"), (200, "application/octet-stream".into(), "a".into()));
        assert_eq!(said(vec![b'a']), said(&b"a"[..]));
        assert_eq!(said(Json([1])), (200, "application/json".into(), "[1]".into()));
        assert_eq!(said((StatusCode::CREATED, Json(1))), (201, "application/json".into(), "1".into()));
        assert_eq!(said((StatusCode::ACCEPTED, "soon")), as_text(202, "soon"));
        assert_eq!(said(StatusCode::CREATED), nothing(201));
        assert_eq!(said(Answer::text(418, "tea")), as_text(418, "tea"));
        assert_eq!(said(Redirect::see_other(crate::grip::Link::from_static("/a"))).0, 303);
        assert_eq!(said(Some("a")), as_text(200, "a"));
        assert_eq!(said(None::<()>), not_found);
        assert_eq!(said(Ok::<_, Answer>("a")), as_text(200, "a"));
        assert_eq!(said(Err::<&str, _>(StatusCode::CONFLICT)), nothing(409));
        assert_eq!(said(Ok::<_, Answer>(None::<Json<u8>>)), not_found);
        assert_eq!(said(Some(Err::<(), _>((StatusCode::CONFLICT, "no")))), as_text(409, "no"));
    }
}
