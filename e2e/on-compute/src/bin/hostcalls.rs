//! The endpoints of the example app, in an app that takes its Viceroy for Fastly Compute.

#[path = "../endpoints.rs"]
mod endpoints;

#[fanout::main(endpoints::All, verify = endpoints::policy)]
fn main() {}
