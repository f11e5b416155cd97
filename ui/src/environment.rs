//! The environment of the compilers that the tests start. Their diagnostics must not depend on the machine or its user.

use std::env;
use std::process::Command;

/// The variable with the flags of the compilers. Cargo reads it before all other sources of flags, so these flags count.
const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Makes a command that runs cargo independent of flags, locale and tools that this machine or its user has set.
/// The compilers get `flags` instead.
pub fn neutral<'c>(command: &'c mut Command, flags: &[&str]) -> &'c mut Command {
    let set = command.get_envs().map(|(name, _)| name.to_owned());
    let names: Vec<_> = env::vars_os().map(|(name, _)| name).chain(set).collect();
    for name in names {
        if name.to_str().is_some_and(counts) {
            command.env_remove(name);
        }
    }
    command.env(FLAGS, flags.join("\u{1f}")).env("LC_ALL", "C")
}

/// Returns `true` for a variable that changes the output of a compiler or a test.
fn counts(name: &str) -> bool {
    name.ends_with("RUSTFLAGS")
        || name.starts_with("CARGO_TERM_")
        || matches!(
            name,
            "RUSTC_BOOTSTRAP"
                | "RUST_BACKTRACE"
                | "RUST_LIB_BACKTRACE"
                | "CLIPPY_ARGS"
                | "CLIPPY_CONF_DIR"
                | "COLUMNS"
        )
}

/// Gives a command an environment that fails every test that depends on the environment.
pub fn peculiar(command: &mut Command) -> &mut Command {
    command.envs([
        ("RUST_BACKTRACE", "full"),
        ("RUST_LIB_BACKTRACE", "1"),
        ("RUSTFLAGS", "-D warnings -C debuginfo=1"),
        (FLAGS, "-D\u{1f}warnings\u{1f}--diagnostic-width=40"),
        ("CARGO_BUILD_RUSTFLAGS", "-D warnings"),
        ("CARGO_TERM_COLOR", "always"),
        ("CARGO_TERM_VERBOSE", "true"),
        ("CLICOLOR_FORCE", "1"),
        ("COLUMNS", "40"),
        ("TERM", "xterm-256color"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "de_DE.UTF-8"),
    ])
}
