//! The tools that come from npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use cargo_fanout::tools::{Progress, Shows, alone, cache, output};

/// The major version of the Fastly CLI that the tests are written for.
const FASTLY_CLI: &str = "16";

/// The version of the TypeScript compiler. Another one may write other JavaScript, which a test compares.
const TSC: &str = "7.0.2";

/// The version of the package with the schemas of AsyncAPI.
const ASYNCAPI: &str = "6.11.1";

/// Finds or installs the Fastly CLI. Without npm there is none, and its tests are skipped.
pub fn fastly_cli() -> Result<Option<PathBuf>> {
    let package = Package {
        what: "the Fastly CLI",
        name: format!("@fastly/cli@{FASTLY_CLI}"),
        folder: format!("fastly-cli-{FASTLY_CLI}"),
    };
    package.installed(|folder| program(folder, "fastly", "version", &format!("v{FASTLY_CLI}.")))
}

/// Finds or installs the TypeScript compiler. Without npm there is none, and its tests are skipped.
pub fn tsc() -> Result<Option<PathBuf>> {
    let package = Package {
        what: "the TypeScript compiler",
        name: format!("typescript@{TSC}"),
        folder: format!("typescript-{TSC}"),
    };
    package.installed(|folder| program(folder, "tsc", "--version", &format!("Version {TSC}")))
}

/// Finds or installs the published JSON schema of AsyncAPI 3.0. Without npm there is none, and the test of the documents fails.
pub fn asyncapi_schema() -> Result<Option<PathBuf>> {
    let package = Package {
        what: "the schema of AsyncAPI",
        name: format!("@asyncapi/specs@{ASYNCAPI}"),
        folder: format!("asyncapi-specs-{ASYNCAPI}"),
    };
    let schema = "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json";
    package.installed(|folder| Some(folder.join(schema)).filter(|path| path.is_file()))
}

/// A package, in a folder of its own.
struct Package {
    what: &'static str,
    name: String,
    folder: String,
}

impl Package {
    /// Returns the path that `find` finds in the folder of the package. Installs the package first if there is none.
    fn installed(&self, find: impl Fn(&Path) -> Option<PathBuf>) -> Result<Option<PathBuf>> {
        let folder = cache()?.join(&self.folder);
        if let Some(path) = find(&folder) {
            return Ok(Some(path));
        }
        let Ok(npm) = which::which("npm") else {
            eprintln!("no npm: install it for the tests with {}", self.what);
            return Ok(None);
        };
        let _alone = alone()?;
        if let Some(path) = find(&folder) {
            return Ok(Some(path));
        }
        let mut install = Command::new(npm);
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(&self.name);
        Progress::run(&mut install, &format!("installing {} with npm", self.what), Shows::Bar)?;
        let Some(path) = find(&folder) else {
            bail!("{} was installed in {}, but is not usable", self.what, folder.display());
        };
        Ok(Some(path))
    }
}

/// A program of a package, if it runs and is of this version.
fn program(folder: &Path, name: &str, argument: &str, version: &str) -> Option<PathBuf> {
    let path = folder.join("node_modules/.bin").join(name);
    output(Command::new(&path).arg(argument)).filter(|line| line.contains(version)).map(|_| path)
}
