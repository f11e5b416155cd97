//! The endpoint that a request reaches, and the answer to a request that reaches none.

mod fallback;
mod methods_and_cors;
mod paths;
mod wrong_requests;
