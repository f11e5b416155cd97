//! The scenarios, one file for each subject.

use super::scenario::Scenario;

mod admission;
mod channels;
mod connections;
mod filters;
mod histories;
mod http;
mod plain;
mod polls;
mod publish;
mod recovery;
mod sse;
mod stream;
mod ws;

/// The table.
pub const ALL: &[&[Scenario]] = &[
    sse::SCENARIOS,
    stream::SCENARIOS,
    polls::SCENARIOS,
    channels::SCENARIOS,
    filters::SCENARIOS,
    publish::SCENARIOS,
    admission::SCENARIOS,
    http::SCENARIOS,
    plain::SCENARIOS,
    recovery::SCENARIOS,
    histories::SCENARIOS,
    ws::SCENARIOS,
    connections::SCENARIOS,
];
