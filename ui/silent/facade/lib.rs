//! A crate that re-exports others, as a framework of a team would.

pub use fanout;

/// A part of its API.
pub mod realtime {
    pub use fanout::prelude;
    pub use fanout::*;
}

/// Admits a client to a room.
///
/// # Errors
///
/// A 403 for a room without a name.
pub fn may_enter(room: &str) -> Result<String, fanout::Answer> {
    if room.is_empty() { Err(fanout::Answer::text(403, "no room\n")) } else { Ok(room.to_owned()) }
}

/// An endpoint of a macro, which finds `fanout` and the guard in this crate.
#[macro_export]
macro_rules! room {
    ($name:ident) => {
        /// A room.
        #[$crate::fanout::sse(
                    path = "/rooms/{room}",
                    channel = "room-{guard}",
                    guard = $crate::may_enter(room),
                    crate = $crate::fanout
                )]
        pub fn $name(room: u8) -> Option<$crate::fanout::Event> {
            Some($crate::fanout::Event::data(room.to_string()))
        }
    };
}

/// An app whose endpoints are listed by a macro.
#[macro_export]
macro_rules! list {
    ($name:ident: $($entry:path),*) => {
        /// Endpoints.
        #[$crate::fanout::endpoints($($entry),*, crate = $crate::fanout)]
        pub enum $name {}
    };
}
