//! The scenarios, one file for each subject.

use super::scenario::Scenario;

mod channels;
mod connections;
mod filters;
mod guards;
mod http;
mod long_poll;
mod publish;
mod recovery;
mod sse;
mod stream;
mod ws;

/// The table.
pub const ALL: &[&[Scenario]] = &[
    sse::SCENARIOS,
    stream::SCENARIOS,
    long_poll::SCENARIOS,
    channels::SCENARIOS,
    filters::SCENARIOS,
    publish::SCENARIOS,
    guards::SCENARIOS,
    http::SCENARIOS,
    recovery::SCENARIOS,
    ws::SCENARIOS,
    connections::SCENARIOS,
];
