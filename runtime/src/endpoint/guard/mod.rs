//! Guards: they admit clients, and return the guard value.
//!
//! The guard value travels in a header of the handoff, which replaces one that the client has sent. The proxy repeats
//! it on every request of a connection. The app accepts it only if it has seen the client request, and only for the
//! endpoint and the path parameters that the guard ran for: the proxy can change a path (`/%61dmin` becomes `/admin`).
//!
//! A recovery request does not repeat headers. There the guard value comes with the [link](super::recovery).

mod guard_text;
mod run;
#[cfg(all(test, feature = "sig"))]
mod tests;
mod value_in_header;

pub use guard_text::GuardText;
pub use run::{GuardData, GuardResult};
pub use value_in_header::{GuardValue, guard_value};
#[cfg(feature = "sig")]
pub(crate) use value_in_header::{binding, value_for_link};
