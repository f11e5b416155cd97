//! The example apps.

mod chat;
mod json_rpc;
mod publishing;
mod topics;
