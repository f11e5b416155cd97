//! A `main` that fails with an error of its own.

use std::fmt;

use fanout::prelude::*;

enum Wrong {
    NoName,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => f.write_str("who are you?"),
        }
    }
}

#[fanout::main()]
fn main(request: Request) -> Result<Response, Wrong> {
    let name = request.get_query_parameter("name").ok_or(Wrong::NoName)?;
    Ok(Response::from_body(name))
}
