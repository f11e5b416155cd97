use std::fmt::Display;

use crate::endpoint::request::RequestHead;
use crate::endpoint::response::{Answer, Reason};

/// A field of the guard value that can be in a channel template or a meta value: every [`Display`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a channel or a meta value",
    label = "`{Self}` does not implement `Display`",
    note = "name a field that implements `std::fmt::Display`, such as a `String` or a number, or implement it for `{Self}`"
)]
pub trait GuardText {
    /// The text of the field, by the rules of path parameters: it has a character, and no control characters. Without the first
    /// rule, users with an empty field would share a channel.
    ///
    /// # Errors
    ///
    /// A 500 for an empty text, which the guard should have refused; the log has the name of the field. A 400 for a control
    /// character.
    fn text(&self, head: &RequestHead<'_>, name: &str) -> Result<String, Answer>;
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> GuardText for T {
    fn text(&self, head: &RequestHead<'_>, name: &str) -> Result<String, Answer> {
        let text = self.to_string();
        if text.is_empty() {
            crate::log::line(format_args!(
                "{}: `{{{name}}}` is empty, so clients would share a channel; refuse such clients in the guard",
                head.path()
            ));
            return Err(Answer::refused(Reason::Internal, "internal error"));
        }
        if text.contains(char::is_control) {
            let text = "a text of the guard value cannot contain a control character";
            return Err(Answer::refused(Reason::InvalidValue, text));
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;
    use crate::__private::{channel, channel_of};
    use crate::endpoint::response::{Rejection, reworded};

    fn text<T: GuardText + ?Sized>(field: &T) -> Result<String, u16> {
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/mine", None, &headers);
        field.text(&head, "guard.name").map_err(|answer| answer.status().as_u16())
    }

    #[test]
    fn a_field_follows_the_rules_of_path_parameters() {
        for name in ["ann", " ", "a,admin", "a; filter=skip-self", "\"", "zoë", "{room}", "%0A", "\u{2028}"]
        {
            assert_eq!(text(name), Ok(name.to_owned()), "{name}");
        }
        for name in ["\0", "a\nb", "a\r\nGrip-Channel: admin", "\u{7f}", "\u{85}"] {
            assert_eq!(text(name), Err(400), "{name:?}");
        }
        assert_eq!(text(&7), Ok("7".to_owned()));
    }

    /// So the option `refuse` words it.
    #[test]
    fn a_refused_field_has_a_reason() {
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/mine", None, &headers);
        for (field, reason) in [("", Reason::Internal), ("a\n", Reason::InvalidValue)] {
            let answer = field.text(&head, "guard.name").unwrap_err();
            let refuse = |rejection: Rejection<'_>| Answer::text(418, format!("{:?}", rejection.reason()));
            let worded = reworded(Some(refuse), answer, Some(&head), None);
            assert_eq!((worded.status().as_u16(), worded.body()), (418, format!("{reason:?}").as_bytes()));
        }
    }

    /// Otherwise all users without a name would get the items of each other.
    #[test]
    fn an_empty_field_makes_no_channel() {
        assert_eq!(text(""), Err(500));
        assert_eq!(text(&format_args!("{}", "")), Err(500));
    }

    #[test]
    fn a_channel_of_fields_is_the_channel_of_their_texts() {
        assert_eq!(
            channel_of(&[&"user-", &7, &'-', &String::from("a,b")]),
            channel(&["user-", "7", "-", "a,b"])
        );
    }
}
