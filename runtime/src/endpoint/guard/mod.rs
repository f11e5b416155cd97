//! Guards: what lets a client in at the edge, and how what it found out gets to the second invocation.
//!
//! It travels in a header of the request that is handed off. The edge sets it over whatever the client sent; the proxy
//! repeats it on every request of a connection. It is believed only where no client can have skipped the edge, and only
//! at the endpoint, and for the parameters, that the guard ran for: on its way through the proxy a path can become
//! another one (`/%61dmin` comes out as `/admin`).
//!
//! When the proxy asks for what was missed it repeats no header. There the value comes by the link, which is ours.

mod link;
mod run;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use link::{add_guard_value_to_link, split_query};
pub use run::{guard_value_or_run, run_guard};
pub use value::{GuardValue, guard_value};
