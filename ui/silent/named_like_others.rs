//! Extractors and messages of the users' own with names that other libraries have too, and extractors that are references.

use std::convert::Infallible;

use fanout::FromRequest;
use fanout::websocket::{FromMessage, Incoming};

struct Path<T>(T);
struct State<T>(T);
struct Extension<T>(T);
struct HeaderMap;
struct Uri<'r>(&'r str);
struct Table;

static TABLE: Table = Table;

macro_rules! extractors {
    ($($name:ty: $value:expr),*) => {$(
        impl<'r> FromRequest<'r> for $name {
            type Rejection = Infallible;

            fn from_request(_: &'r fanout::RequestHead<'r>) -> Result<Self, Infallible> {
                Ok($value)
            }
        }
    )*};
}

extractors!(
    Path<u8>: Self(1),
    State<u8>: Self(1),
    Extension<u8>: Self(1),
    HeaderMap: Self,
    Uri<'r>: Self(""),
    RequestHead: Self,
    &Table: &TABLE
);

struct RequestHead;

impl<'m> FromMessage<'m> for State<&'m str> {
    type Rejection = Infallible;

    fn from_message(message: Incoming<'m>) -> Result<Self, Infallible> {
        Ok(Self(match message {
            Incoming::Text(text) => text,
            Incoming::Binary(_) => "",
        }))
    }
}

impl FromMessage<'_> for &Table {
    type Rejection = Infallible;

    fn from_message(_: Incoming<'_>) -> Result<Self, Infallible> {
        Ok(&TABLE)
    }
}

#[fanout::sse(channel = "held")]
fn held(
    Path(path): Path<u8>,
    State(state): State<u8>,
    Extension(extension): Extension<u8>,
    HeaderMap: HeaderMap,
    uri: Uri<'_>,
    RequestHead: RequestHead,
    Table: &Table,
) -> String {
    format!("{path} {state} {extension} {}", uri.0)
}

#[fanout::get]
fn plain(
    Path(path): Path<u8>,
    State(state): State<u8>,
    Extension(extension): Extension<u8>,
    HeaderMap: HeaderMap,
    uri: Uri<'_>,
    RequestHead: RequestHead,
    Table: &Table,
) -> String {
    format!("{path} {state} {extension} {}", uri.0)
}

#[fanout::ws]
fn opened(State(state): State<u8>, Table: &Table) -> String {
    state.to_string()
}

#[fanout::ws(message = said)]
fn said(said: State<&str>) -> String {
    said.0.to_owned()
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat {
    path: u8,
}

#[fanout::ws]
impl Chat {
    fn text(&mut self, State(said): State<&str>, Path(path): Path<u8>) -> String {
        self.path = path;
        said.to_owned()
    }

    fn binary(&mut self, Table: &Table, HeaderMap: HeaderMap) -> String {
        self.path.to_string()
    }
}

#[fanout::main(held, plain, opened, said, Chat)]
fn main() {}
