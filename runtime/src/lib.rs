//! Real-time endpoints on Fastly Compute.

pub mod grip;
