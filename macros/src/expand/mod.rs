//! From the model to code: the conversion of the parameters and the call. Everything after the reply is the runtime's.
//!
//! The code must pass in any crate: absolute paths through one hidden module, no method calls, no `allow`, and
//! local names that the user's code cannot see.

mod about;
mod channels;
pub mod completion;
mod deprecated;
mod endpoint;
mod handler;
mod hold;
pub mod kept;
mod list;
mod main;
mod plain;
mod route;
pub mod stand_in;
#[cfg(test)]
mod tests;
mod tokens;
mod words;
mod ws;

pub use deprecated::write_out;
pub use endpoint::endpoint;
pub use list::list;
pub use main::main;
