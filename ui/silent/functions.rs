//! Every kind of function that can be an endpoint.

use fanout::{Answer, Event};

#[fanout::sse(channel = "const")]
const fn constant() {}

#[fanout::sse(channel = "array")]
fn array() -> [Event; 2] {
    [Event::comment("one"), Event::comment("two")]
}

#[fanout::sse(channel = "nested")]
fn nested() -> Result<Option<Vec<Event>>, Answer> {
    Ok(None)
}

type Text = &'static str;

#[fanout::stream(channel = "alias")]
fn alias() -> Text {
    "alias"
}

#[fanout::stream(channel = "qualified")]
fn qualified() -> <Vec<String> as IntoIterator>::Item
where
    Vec<String>: IntoIterator<Item = String>,
{
    String::new()
}

#[fanout::stream(channel = "parentheses")]
#[allow(unused_parens)]
fn parentheses() -> (&'static [u8]) {
    b"bytes"
}

#[fanout::long_poll(channel = "unit")]
#[allow(clippy::unused_unit)]
fn unit() -> () {}

#[fanout::ws()]
fn nothing_at_all() {}

#[fanout::ws]
fn without_a_list() {}

#[rustfmt::skip]
#[fanout::ws(echo, channel = r#"raw "string""#, path = r"/raw",)]
fn trailing_comma() {}

#[fanout::ws{channel = ["a", "b",]}]
fn braces() {}

#[fanout::main[constant, array, nested, alias, qualified, parentheses, unit, nothing_at_all, without_a_list, trailing_comma, braces]]
fn main() {}
