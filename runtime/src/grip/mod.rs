//! The GRIP protocol, pure: no fastly, no clock, no I/O.

pub mod sig;
