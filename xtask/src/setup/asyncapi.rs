use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use cargo_fanout::tools::{Progress, Shows, alone, cache};

/// The version of the package with the schemas.
const VERSION: &str = "6.11.1";

/// Installs the published JSON schema of AsyncAPI 3.0 with npm in a folder of its own, if it is missing. Without npm there is none.
pub fn asyncapi_schema() -> Result<Option<PathBuf>> {
    let folder = cache()?.join(format!("asyncapi-specs-{VERSION}"));
    let path = folder.join("node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json");
    if path.is_file() {
        return Ok(Some(path));
    }
    let Ok(npm) = which::which("npm") else {
        eprintln!("no npm: install it for the test that validates AsyncAPI documents, which fails without");
        return Ok(None);
    };
    let _alone = alone()?;
    if !path.is_file() {
        let mut install = Command::new(npm);
        install
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&folder)
            .arg(format!("@asyncapi/specs@{VERSION}"));
        Progress::run(&mut install, "installing the schema of AsyncAPI with npm", Shows::Bar)?;
    }
    if !path.is_file() {
        bail!("the schema of AsyncAPI was installed, but {} is not there", path.display());
    }
    Ok(Some(path))
}
