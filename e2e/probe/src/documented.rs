//! The example in the docs of `#[fanout::main]`, which the tests compare with this.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::Deserialize;

#[fanout::sse(path = "/scores/{game}", channel = "scores-{game}")]
pub fn scores() {}

#[derive(Deserialize)]
pub struct Goal {
    game: String,
}

/// `POST /goals?game=red` publishes to `/scores/red`, and `game=a%20b` to `/scores/a%20b`.
#[fanout::post]
pub fn goals(Query(goal): Query<Goal>, Body(score): Body<Vec<u8>>) -> Result<Answer, PublishError> {
    fanout::publish(scores::channel(&goal.game), score)?;
    Ok(Answer::text(202, "published\n"))
}

/// `POST /scores/red` does the same.
#[fanout::post(path = "/scores/{game}")]
pub fn goal(game: &str, Body(score): Body<Vec<u8>>) -> Result<Answer, PublishError> {
    fanout::publish(scores::channel(game), score)?;
    Ok(Answer::text(202, "published\n"))
}
