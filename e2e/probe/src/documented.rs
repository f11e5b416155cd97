//! The example in the docs of `#[fanout::main]`, which the tests compare with this.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::Deserialize;

#[fanout::sse(path = "/scores/{game}", channel = "scores-{game}")]
pub fn scores() {}

#[derive(Deserialize)]
struct Goal {
    game: String,
}

/// `POST /goals?game=red` publishes to `/scores/red`, and `game=a%20b` to `/scores/a%20b`.
pub fn goals(mut request: Request) -> Result<Answer, PublishError> {
    match Query::parse(request.get_query_str().unwrap_or_default()) {
        Ok(Query(Goal { game })) => {
            fanout::publish(scores::channel(&game), request.take_body_bytes())?;
            Ok(Answer::text(202, "published\n"))
        }
        Err(error) => Ok(error.into_response()),
    }
}
