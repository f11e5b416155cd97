//! The app on Compute: it serves the endpoints.

#[fanout::main(departures_endpoints::Endpoints)]
fn main() {}
