//! What is published, how the proxy reads it, and whom to tell: everything but the sending.

mod content;
mod credentials;
mod error;
mod formats;
mod grip_url;
mod item;
mod json;
mod message;
mod publisher;
mod target;
#[cfg(test)]
mod tests;

pub use content::Content;
pub use error::{Failure, FailureReason, PublishError, TransportError};
pub use formats::{HttpResponse, HttpStream, WsMessage};
pub use grip_url::InvalidTarget;
pub use item::{InvalidItem, Item};
pub use message::Message;
pub(crate) use publisher::MAX_ANSWER;
pub use publisher::{Publisher, Transport};
pub use target::Target;
