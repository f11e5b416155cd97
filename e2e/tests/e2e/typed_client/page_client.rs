//! The client in the page of the example app.

use std::{env, fs};

use anyhow::Result;
use cargo_fanout::routes::typescript::module;
use e2e::Tsc;
use xtask::build::root;

use super::described;

#[test]
fn the_client_of_the_page_is_the_module_of_the_app() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    let file = root().join("example-app/src/client.js");
    let compiled = tsc.compile(&module(&described("example-app")?))?;
    if env::var_os("CLIENT_JS").is_some_and(|value| value == "overwrite") {
        fs::write(&file, compiled)?;
        return Ok(());
    }
    assert!(
        fs::read_to_string(&file)? == compiled,
        "{} is out of date: renew it with `CLIENT_JS=overwrite cargo xtask test e2e -- the_client_of_the_page`, and the hash of the \
         page with `cargo test -p example-app`",
        file.display()
    );
    Ok(())
}
