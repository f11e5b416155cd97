//! A `main` that returns an `Answer`, and fails with the app's own error.

use fanout::http::StatusCode;
use fanout::prelude::*;

enum Wrong {
    NoName,
}

impl IntoAnswer for Wrong {
    fn into_answer(self) -> Answer {
        match self {
            Self::NoName => (StatusCode::BAD_REQUEST, "who are you?\n").into_answer(),
        }
    }
}

#[fanout::main()]
fn main(request: Request) -> Result<Answer, Wrong> {
    let name = request.get_query_parameter("name").ok_or(Wrong::NoName)?;
    Ok(Answer::text(200, name))
}
