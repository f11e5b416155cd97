//! The TypeScript module of `cargo fanout routes`.

mod types;

use anyhow::Result;
use cargo_fanout::routes::model::App;

/// An app as its native program describes it.
fn app(json: &str) -> Result<App> {
    Ok(serde_json::from_str(json)?)
}
