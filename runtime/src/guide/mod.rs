//! The guide: one page for each subject, from the first app to its limits.
//!
//! | page | subject |
//! |---|---|
//! | [first app](first_app) | an app from `cargo new` to the first event; the two requests of a connection; lists of endpoints |
//! | [from axum or Rocket](other_frameworks) | what has another form here: handlers, routers, state, middleware |
//! | [paths] | path templates, path parameters, HTTP methods, pages of other origins |
//! | [channels] | channel templates, channel functions, filters |
//! | [extractors] | arguments that are made from the request |
//! | [guards] | admitting clients before the handoff |
//! | [holds] | return values, keep-alives, headers, early answers |
//! | [plain endpoints](plain_endpoints) | requests that are answered at once, such as those that publish; the body of a request |
//! | [refusals] | the app's own answers to what this crate refuses, the order of the checks, one error type |
//! | [recovery] | fetching missed items |
//! | [histories] | streams that miss nothing: one option for recovery, reconnects and publishing |
//! | [WebSockets](websockets) | messages, connection types, connection state, closes |
//! | [publishing] | messages, publishing from Compute and from servers, delivery |
//! | [routes] | the endpoints of an app as a table and as AsyncAPI, and the types of what they send |
//! | [browser clients](browser_clients) | a typed client in TypeScript, written from the endpoints of an app |
//! | [testing] | unit tests, whole connections in a plain test, tests under Viceroy |
//! | [deploying] | Fastly, the log, the size of the wasm, trust, other backends |
//! | [costs] | the hostcalls of each request |
//! | [limits and versions](limits) | sizes, counts and times; differences between versions of the proxy |
//!
//! The pages of the attributes ([`sse`](macro@crate::sse), [`stream`](macro@crate::stream),
//! [`long_poll`](macro@crate::long_poll), [`ws`](macro@crate::ws), [`get`](macro@crate::get) and its kind,
//! [`main`](macro@crate::main), [`endpoints`](macro@crate::endpoints)) list their options.

#[doc = include_str!("first_app.md")]
pub mod first_app {}

#[doc = include_str!("other_frameworks.md")]
pub mod other_frameworks {}

#[doc = include_str!("paths.md")]
pub mod paths {}

#[doc = include_str!("channels.md")]
pub mod channels {}

#[doc = include_str!("extractors.md")]
pub mod extractors {}

#[doc = include_str!("guards.md")]
pub mod guards {}

#[doc = include_str!("holds.md")]
pub mod holds {}

#[doc = include_str!("plain_endpoints.md")]
pub mod plain_endpoints {}
#[doc = include_str!("refusals.md")]
pub mod refusals {}

#[doc = include_str!("recovery.md")]
pub mod recovery {}

#[doc = include_str!("histories.md")]
pub mod histories {}

#[doc = include_str!("websockets.md")]
pub mod websockets {}

#[doc = include_str!("publishing.md")]
pub mod publishing {}

#[doc = include_str!("routes.md")]
pub mod routes {}
#[doc = include_str!("browser_clients.md")]
pub mod browser_clients {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("deploying.md")]
pub mod deploying {}

#[doc = include_str!("costs.md")]
pub mod costs {}

#[doc = include_str!("limits.md")]
pub mod limits {}
