//! Arguments whose types have the lifetime `'static`, and borrow nothing for it.

use std::borrow::Cow;

use fanout::{Answer, FromRequest, Json, Query, RequestHead};

#[derive(serde::Deserialize)]
struct Filter<'f> {
    word: Cow<'f, str>,
}

struct Both<'r, T>(&'r str, T);

impl<'r> FromRequest<'r> for Both<'r, &'static str> {
    type Rejection = Answer;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        Ok(Self(head.path(), "both"))
    }
}

#[fanout::sse(channel = "news")]
fn news<'h>(
    filter: Option<Query<Filter<'static>>>,
    head: &'h RequestHead<'h>,
    both: Both<'h, &'static str>,
) -> String {
    format!("{:?} {} {}", filter.map(|filter| filter.0.word), head.path() == both.0, both.1)
}

#[fanout::ws]
fn chat(message: Json<Filter<'static>>, both: Both<'_, &'static str>) -> String {
    format!("{} {} {}", message.0.word, both.0, both.1)
}

#[fanout::post]
fn say(filter: Json<Filter<'static>>, both: Both<'_, &'static str>) -> String {
    format!("{} {} {}", filter.0.word, both.0, both.1)
}

#[fanout::main(news, chat, say)]
fn main() {}
