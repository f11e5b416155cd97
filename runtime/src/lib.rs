//! Real-time endpoints on Fastly Compute.
