//! The package of the benchmarks in `benches/`, apart from the other crates so that their tests do not build what only
//! a benchmark needs.
