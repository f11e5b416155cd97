//! `cargo fanout routes`: the endpoints of an app, as the app itself describes them.

mod asyncapi;
mod describe;
pub mod model;
mod table;
#[cfg(test)]
mod tests;
pub mod typescript;

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use asyncapi::{Info, document};
pub use describe::{Choice, Described, describe};
pub use table::table;

/// The arguments of `cargo fanout routes`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The form to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The file to write instead of printing, only if it changes
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The program to describe, if the package has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// The features of the package to build with, beside its default ones
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    features: Vec<String>,
}

/// The forms of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table for people
    Table,
    /// An AsyncAPI 3.0 document, as JSON
    Asyncapi,
    /// A TypeScript module with a typed client for browsers
    Typescript,
}

/// Builds the app of this folder for this machine, lets it describe itself, and prints or writes the description.
///
/// # Errors
///
/// Those of [`describe`], and if the file cannot be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { format, output, bin, features } = arguments;
    let choice = Choice { bin: bin.clone(), features: features.clone() };
    let described = describe(&env::current_dir()?, &choice)?;
    let text = match format {
        Format::Table => table(&described.app),
        Format::Typescript => typescript::module(&described.app),
        Format::Asyncapi => {
            let Described { app, program, version, description } = &described;
            let info = Info { title: program, version, description: description.as_deref() };
            format!("{:#}\n", document(app, &info))
        }
    };
    match output {
        Some(path) => write(path, &text),
        None => {
            std::io::stdout().write_all(text.as_bytes())?;
            Ok(())
        }
    }
}

/// Writes a file if it has another content. Build tools would take a newer file for a changed one.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
