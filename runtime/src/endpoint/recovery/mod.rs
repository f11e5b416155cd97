//! Recovery links: they carry what the subscription and the handler depend on.
//!
//! A recovery request is the proxy's own. It has no cookie and no other header of the client, so the link has the query of the
//! request, the guard value, and the subscriptions that a channel function returned.
//!
//! Two things must not happen. A client must not be able to type these values. And the proxy must not send one stream the answer
//! for another: it joins recovery requests with equal `Grip-Last` headers at one path, whatever their queries are
//! (`InspectWorker` in `src/handler/handlerengine.cpp` of Pushpin). Both follow from one subscription that this crate adds, to a
//! reserved channel, where nothing is published. Its `prev-id` is a digest of the query of the link. So `Grip-Last` proves that
//! the query comes from our link, and differs where the query does.

mod carried;
mod link;
mod refused;
#[cfg(test)]
mod tests;

pub(crate) use carried::carried;
pub(crate) use link::{complete_links, without_values};
pub(crate) use refused::{log_refused, log_unanswered_gone};
