//! Which endpoint a request reaches, and what happens to a request that reaches none.

mod fallback;
mod methods_and_cors;
mod paths;
mod wrong_requests;
