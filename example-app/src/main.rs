//! Four real-time endpoints on Fastly Compute.

fn main() {}
