//! Extractors: borrowed and owned, the users' own, patterns, lifetimes.

use std::convert::Infallible;

use fanout::{Answer, Event, FromRequest, RequestHead};

/// An owned extractor.
struct Language(String);

impl<'r> FromRequest<'r> for Language {
    type Rejection = Answer;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        let header = head.header("accept-language").and_then(|value| value.to_str().ok());
        header
            .map(|language| Self(language.to_owned()))
            .ok_or_else(|| Answer::text(400, "say your language\n"))
    }
}

/// An extractor that borrows from the request.
#[derive(Clone, Copy)]
struct Query<'r>(&'r str);

impl<'r> FromRequest<'r> for Query<'r> {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Infallible> {
        Ok(Self(head.query().unwrap_or_default()))
    }
}

/// An extractor that is made from two others.
struct Both<A, B>(A, B);

impl<'r, A: FromRequest<'r, Rejection = Infallible>, B: FromRequest<'r>> FromRequest<'r> for Both<A, B> {
    type Rejection = B::Rejection;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, B::Rejection> {
        let Ok(first) = A::from_request(head);
        B::from_request(head).map(|second| Self(first, second))
    }
}

/// An alias of a generic extractor.
type Count = Number<7>;

struct Number<const N: usize>;

impl<const N: usize> FromRequest<'_> for Number<N> {
    type Rejection = (fanout::http::StatusCode, &'static str);

    fn from_request(_: &RequestHead<'_>) -> Result<Self, Self::Rejection> {
        Ok(Self)
    }
}

#[fanout::sse(channel = "owned")]
fn owned(Language(language): Language) -> Event {
    Event::comment(language)
}

#[fanout::stream(channel = "borrowed")]
fn borrowed(query: Query<'_>, mut language: Language) -> String {
    language.0.push_str(query.0);
    language.0
}

#[fanout::stream(channel = "named")]
fn named<'a>(query: Query<'a>, head: &'a RequestHead<'a>) -> &'a str {
    if query.0.is_empty() { head.path() } else { query.0 }
}

#[fanout::long_poll(channel = "two lifetimes")]
fn two_lifetimes<'a, 'b>(query: Query<'a>, _: &'b RequestHead<'b>, _: Count) -> Option<&'a str>
where
    'b: 'a,
{
    Some(query.0)
}

#[fanout::ws(channel = "nested")]
fn nested(
    _: &RequestHead<'_>,
    Both(query, Both(head, language)): Both<Query<'_>, Both<&RequestHead<'_>, Language>>,
) -> String {
    [query.0, head.path(), &language.0].concat()
}

#[fanout::ws(echo)]
fn conditional(
    #[cfg(any())] _: Missing,
    #[cfg(not(any()))] query: Query<'_>,
    #[expect(unused_variables)] language: Language,
) -> String {
    query.0.to_owned()
}

#[fanout::main(owned, borrowed, named, two_lifetimes, nested, conditional)]
fn main() {}
