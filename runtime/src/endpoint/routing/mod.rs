//! The endpoint of a path, and its path parameters.
//!
//! A path is matched segment by segment, as it was sent, but without needless percent-encoding. Only path parameters
//! are percent-decoded, once and after the match, so an encoded `/` stays in its segment.

mod conflict;
mod from_parameter;
mod list;
mod methods;
mod normal;
mod one_lifetime;
mod parameters;
mod pattern;
mod route;
mod settings;
mod stand_in;
mod table;
mod template;

pub use conflict::report_conflict;
pub use from_parameter::{FromParameter, PathMaker, StrictError, ViaFromStr, ViaStr};
pub use list::{Endpoint, Endpoints, Listed};
pub use methods::Methods;
pub(crate) use normal::encoded;
pub use normal::normal;
pub use one_lifetime::{one_lifetime, one_lifetime_of_events};
pub use parameters::Parameters;
pub(crate) use parameters::{InvalidParameter, decode};
pub(crate) use pattern::Pattern;
pub use route::Route;
pub(crate) use route::Run;
pub use settings::Kind;
pub(crate) use settings::Settings;
pub use stand_in::{STAND_IN, stand_in};
pub(crate) use table::Same;
pub use table::{Routes, Table, count, flatten};
pub use template::{Part, channel, channel_of, channel_of_two, link, template, text};
