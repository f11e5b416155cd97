//! The example apps.

mod chat;
mod departures;
mod json_rpc;
mod publishing;
mod scores;
mod topics;
