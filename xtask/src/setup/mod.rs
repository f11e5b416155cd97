//! The tools that only the tasks of this repository need: found, or installed with a line that says so.

mod browser;
mod callgrind;
mod cargo_tools;
mod nightly;
mod npm;

pub use browser::{Browser, browser};
pub use callgrind::{gungraun_runner, valgrind};
pub use cargo_tools::{cargo_deny, cargo_fuzz, cargo_semver_checks};
pub use nightly::nightly;
pub use npm::{asyncapi_schema, fastly_cli, tsc};
