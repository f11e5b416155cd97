//! Compiles the cases in this folder and returns the diagnostics of the compiler.
//!
//! - `silent/` has code that users may write. It compiles without a warning, even in a strict or strange crate.
//! - `warned/` has code that compiles with a warning.
//! - `fail/` has the mistakes, one a file, in folders by subject, and the message of each beside it. The cases of
//!   `fail/several/` give more than one error.
//!
//! All cases of a test are one cargo project, so that one cargo command checks them, and uses the dependencies that
//! other commands in this repository have checked already.

mod diagnostic;
mod environment;
mod project;

pub use diagnostic::{Diagnostic, Span};
pub use environment::{neutral, peculiar};
pub use project::{Case, Command, Package, Project, Report, cases, repository};
