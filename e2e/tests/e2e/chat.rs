//! The example of a chat.
