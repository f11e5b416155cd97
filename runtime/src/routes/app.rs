//! The description of an app.

use std::io::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use super::endpoint::{Described, Endpoint, Facts};
use super::schemas::Schemas;

/// The description of an app, while its endpoints are added.
#[derive(Default)]
pub struct App {
    endpoints: Vec<Described>,
    schemas: Schemas,
}

/// The JSON of the description.
#[derive(Serialize)]
struct Whole {
    endpoints: Vec<Described>,
    #[serde(rename = "$defs")]
    definitions: Map<String, Value>,
}

impl App {
    /// Adds an endpoint, and what `about` says of it.
    pub(crate) fn add(&mut self, name: &str, facts: Facts, about: fn(&mut Endpoint<'_>)) {
        let mut endpoint = Endpoint::new(name, facts, &mut self.schemas);
        about(&mut endpoint);
        let described = endpoint.done();
        self.endpoints.push(described);
    }

    /// The description as JSON, on one line.
    ///
    /// # Errors
    ///
    /// If a schema cannot be written as JSON.
    pub fn json(self) -> serde_json::Result<String> {
        let Self { mut endpoints, schemas } = self;
        let definitions = schemas.merged(endpoints.iter_mut().filter_map(Described::received));
        serde_json::to_string(&Whole { endpoints, definitions })
    }
}

/// True: the app describes itself, and serves nothing.
pub const DESCRIBES: bool = true;

/// Prints the description, as the only line on stdout.
pub fn describe(endpoints: impl FnOnce(&mut App)) {
    let mut app = App::default();
    endpoints(&mut app);
    let written = app.json().map_err(Into::into).and_then(|json| writeln!(std::io::stdout(), "{json}"));
    if let Err(error) = written {
        eprintln!("the description of the app cannot be written: {error}");
        std::process::exit(1);
    }
}
