//! The tasks of this repository.

pub mod app_size;
pub mod bench;
pub mod build;
pub mod check;
pub mod docs;
pub mod fuzz;
pub mod links;
pub mod public_api;
pub mod publish;
pub mod release;
pub mod serve;
pub mod setup;
pub mod test;
pub mod test_wasm;
