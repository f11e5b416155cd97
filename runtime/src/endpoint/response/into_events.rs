use std::borrow::Cow;

use serde::Serialize;

use super::forms::{Iterated, Nothing, Unimplemented, Unused, Wrapped, replies, reply};
use super::{Opening, WithHold};
use crate::endpoint::{Answer, IntoAnswer, Json};
use crate::grip::Event;

/// The return value of an `sse` handler: the first events of the stream.
///
/// | | |
/// |---|---|
/// | `()` | none: a comment, which clients ignore |
/// | [`Event`] | this one |
/// | text | an event with this data |
/// | [`Json<T>`](Json) | an event with this value as its data |
/// | a `Vec`, an array, any iterator of these | one after the other |
/// | [`WithHold<T>`](WithHold) | one of these, in a hold that is changed |
/// | `Option<T>` | one of these, or none |
/// | `Result<T, E>` | one of these, or an early answer, which is anything that is [`IntoAnswer`] |
///
/// ```
/// use fanout::Event;
///
/// #[fanout::sse(channel = "news")]
/// fn news() -> impl Iterator<Item = Event> {
///     (1..=3).map(|number| Event::data(format!("headline {number}")))
/// }
/// # use fanout::endpoint::IntoEvents;
/// # assert_eq!(news().into_events().unwrap().body().len(), 3 * "data: headline 1\n\n".len());
/// ```
#[diagnostic::on_unimplemented(
    message = "an `sse` endpoint cannot return `{Self}`",
    label = "not events",
    note = "return `()`, an `Event`, text, `Json` of a value that serde can serialize, a list or an iterator of these, or an `Option` or `Result` of one of these",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`",
    note = "the status of the stream is an option of the attribute, as in `status = 202`"
)]
pub trait IntoEvents<Form = ()> {
    /// The first events, or an early answer.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_events(self) -> Result<Opening, Answer>;
}

reply!(IntoEvents<Form>, into_events);
replies!(IntoEvents, into_events, OneEvents);

#[diagnostic::do_not_recommend]
impl IntoEvents for Event {
    fn into_events(self) -> Result<Opening, Answer> {
        Ok(Opening::new(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoEvents for &str {
    fn into_events(self) -> Result<Opening, Answer> {
        Event::data(self).into_events()
    }
}

#[diagnostic::do_not_recommend]
impl IntoEvents for String {
    fn into_events(self) -> Result<Opening, Answer> {
        Event::data(self).into_events()
    }
}

#[diagnostic::do_not_recommend]
impl IntoEvents for Cow<'_, str> {
    fn into_events(self) -> Result<Opening, Answer> {
        Event::data(self).into_events()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoEvents for Json<T> {
    fn into_events(self) -> Result<Opening, Answer> {
        self.into_text()?.into_events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grip::{Channel, Hold};

    fn body<Form>(returned: impl IntoEvents<Form>) -> String {
        let answer = returned.into_events().unwrap().answer(Hold::sse(Channel::from_static("a")));
        String::from_utf8(answer.body().to_vec()).unwrap()
    }

    #[test]
    fn each_kind_of_return_value_is_events() {
        assert_eq!(body(()), ":\n\n");
        assert_eq!(body(Event::data("x")), "data: x\n\n");
        assert_eq!(body("a\nb"), "data: a\ndata: b\n\n");
        assert_eq!(body(String::from("x")), "data: x\n\n");
        assert_eq!(body(Cow::from("x")), "data: x\n\n");
        assert_eq!(body(Json(vec![1, 2])), "data: [1,2]\n\n");
        assert_eq!(body(vec!["a", "b"]), "data: a\n\ndata: b\n\n");
        assert_eq!(body([Event::data("a")]), "data: a\n\n");
        assert_eq!(body(Vec::<Event>::new()), ":\n\n");
        assert_eq!(body(None::<Event>), ":\n\n");
        assert_eq!(body(Some(["a"])), "data: a\n\n");
        assert_eq!(body(Ok::<_, Answer>("a")), "data: a\n\n");
        assert_eq!(body(["a", "b"].into_iter().map(Event::data)), "data: a\n\ndata: b\n\n");
        let boxed: Box<dyn Iterator<Item = Option<Json<u8>>>> = Box::new([Some(Json(1)), None].into_iter());
        assert_eq!(body(boxed), "data: 1\n\n");
    }

    #[test]
    fn the_first_error_is_the_answer() {
        let refused = || Answer::text(404, "no");
        assert_eq!(Err::<(), _>(refused()).into_events().unwrap_err(), refused());
        let events = [Ok("a"), Err(refused()), Err(Answer::text(500, ""))];
        assert_eq!(events.into_iter().into_events().unwrap_err(), refused());
        assert_eq!(Some(vec![Err::<(), _>(refused())]).into_events().unwrap_err(), refused());
    }

    #[test]
    fn json_that_cannot_be_is_a_500() {
        let map = std::collections::BTreeMap::from([(vec![1], 1)]);
        assert_eq!(Json(map).into_events().unwrap_err().status(), 500);
    }

    #[test]
    fn changes_of_a_hold_are_made_in_order() {
        let meta = |name: &'static str, value: &'static str| move |hold: Hold| hold.meta(name, value);
        let one = WithHold::new(WithHold::new("a", meta("x", "1")), meta("x", "2"));
        let two = WithHold::new(Some("b"), meta("y", "3"));
        let opening = (one.into_events().into_iter().chain(two.into_events())).into_events().unwrap();
        let answer = opening.answer(Hold::sse(Channel::from_static("a"))).written("/").unwrap();
        assert_eq!(answer.body(), b"data: a\n\ndata: b\n\n");
        assert_eq!(answer.header("grip-set-meta").unwrap(), "x=2, y=3");
    }
}
