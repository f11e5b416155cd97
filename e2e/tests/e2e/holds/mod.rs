//! Held responses: streams, server-sent events and long polls.

mod browser;
mod hold_options;
mod instructions;
mod limits;
mod long_poll;
mod return_values;
mod streams;
