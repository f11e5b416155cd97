//! As `hostcalls`, with many requests in one sandbox.

#[path = "../endpoints.rs"]
mod endpoints;

#[fanout::main(endpoints::All, verify = endpoints::policy, reuse = fanout::Reuse::new)]
fn main() {}
