//! Types with parameters, associated functions and types, and names beyond ASCII.

use std::fmt::{self, Display};
use std::num::{NonZeroU32, ParseIntError};
use std::str::FromStr;

use fanout::prelude::*;
use fanout::websocket::Message;
use serde::{Deserialize, Serialize};

/// A number of `BITS` bits, in hexadecimal digits.
#[derive(Clone, Copy)]
struct Hex<const BITS: u32>(u64);

impl<const BITS: u32> FromStr for Hex<BITS> {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        u64::from_str_radix(text, 16).map(|number| Self(number % (1 << BITS)))
    }
}

impl<const BITS: u32> Display for Hex<BITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Pair<T, const COUNT: usize = 2>
where
    T: Default,
{
    first: T,
    second: Option<T>,
}

trait Feed {
    type Page;

    const WELCOME: &'static str;

    fn admit(cookies: Cookies) -> Result<Pair<u8>, StatusCode>;
}

#[derive(Deserialize)]
struct Page<T> {
    since: Option<T>,
}

struct News;

impl Feed for News {
    type Page = Page<NonZeroU32>;

    const WELCOME: &'static str = "welcome";

    fn admit(cookies: Cookies) -> Result<Pair<u8>, StatusCode> {
        if cookies.get("user").is_some() { Ok(Pair::default()) } else { Err(StatusCode::FORBIDDEN) }
    }
}

#[fanout::sse(path = "/numbers/{number}", channel = "number-{number}-{guard.first}", guard = News::admit, strict)]
fn numbers(
    number: Hex<{ 8 * 2 }>,
    query: Query<<News as Feed>::Page>,
) -> impl Iterator<Item = Event> + use<> {
    let since = query.0.since.map_or(0, NonZeroU32::get);
    vec![News::WELCOME.to_owned(), format!("{number} since {since}")].into_iter().map(Event::data)
}

#[derive(Default, Serialize, Deserialize)]
struct Chat<const COUNT: usize, T = u8>
where
    T: Default,
{
    pair: Pair<T, COUNT>,
}

/// The type of a list has no parameters.
type ChatOfThree = Chat<3>;

#[fanout::ws(path = "/chats/{chat}")]
impl Chat<3> {
    fn message(&mut self, message: Message, chat: Hex<8>) -> Option<Message> {
        self.pair.first = chat.0.to_string().parse().unwrap_or_default();
        self.pair.second.is_none().then_some(message)
    }
}

impl<const COUNT: usize> Chat<COUNT> {
    const COUNT: usize = COUNT;
}

#[fanout::ws(path = "/sizes/{größe}", channel = "größe-{größe}", message = 本文)]
fn größen(größe: &str, 本文: &str) -> String {
    format!("{größe} {本文} {}", Chat::<2>::COUNT)
}

#[fanout::main(numbers, ChatOfThree, größen)]
fn main() {}
