//! Channels: their names, and the templates, lists and functions that they come from.

mod channel_names;
mod channel_sources;
mod guard_channels;
