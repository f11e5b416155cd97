//! What is counted is in `benches/`. It is a crate of its own, so that a test of another crate does not build what only
//! a count needs.
