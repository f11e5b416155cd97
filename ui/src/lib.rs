//! Compiles the cases in this folder and hands over what the compiler says about them.
//!
//! - `silent/` is what users may write, however strict or strange their crate is: not one warning.
//! - `warned/` is what they may, but probably do not mean.
//! - `fail/` has the mistakes, one a file, in folders by subject, and the message of each beside it. The cases of
//!   `fail/several/` give more than one error.
//!
//! All cases of a test are one cargo project, so that one invocation checks them, beside the dependencies that
//! other commands in this repository have checked already.

mod diagnostic;
mod environment;
mod project;

pub use diagnostic::{Diagnostic, Span};
pub use environment::{neutral, peculiar};
pub use project::{Case, Command, Package, Project, Report, cases, repository};
