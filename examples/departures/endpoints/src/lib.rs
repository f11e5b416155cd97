//! The endpoints that the app serves and the server publishes to, and what they send.

use fanout::prelude::*;
use serde::Serialize;

/// A departure of a train.
#[derive(Debug, Serialize)]
pub struct Departure<'a> {
    /// The name of the train.
    pub train: &'a str,
    /// The platform.
    pub platform: u8,
}

/// The departures from a station, each as JSON.
#[fanout::sse(path = "/stations/{station}", channel = "departures-{station}", cors = "*")]
pub fn station(station: &str) -> Event {
    Event::comment(format!("departures from {station}"))
}

/// The endpoints of the app.
#[fanout::endpoints(station)]
pub enum Endpoints {}
