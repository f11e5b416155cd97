//! A `main` that returns an `Answer`, and fails with the app's own error.

use fanout::http::StatusCode;
use fanout::prelude::*;

enum Wrong {
    NoName,
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Answer {
        match self {
            Self::NoName => (StatusCode::BAD_REQUEST, "who are you?\n").into_response(),
        }
    }
}

#[fanout::main()]
fn main(request: Request) -> Result<Answer, Wrong> {
    let name = request.get_query_parameter("name").ok_or(Wrong::NoName)?;
    Ok(Answer::text(200, name))
}
