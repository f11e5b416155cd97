//! From the written options to a typed endpoint or app. Each rule of the language is checked where the model states it.

pub mod about;
pub mod app;
mod body;
mod channel_name;
pub mod channels;
pub mod endpoint;
pub mod guard_field;
pub mod handler;
pub mod history;
pub mod hold;
pub mod message;
pub mod names;
pub mod origin;
pub mod path;
pub mod socket;
pub mod template;
