//! The environment of the compilers that the tests start: what these say must not depend on who runs the tests, and where.

use std::env;
use std::process::Command;

/// How a cargo is told the flags of its compilers, of which it reads the first that is there, its configuration last:
/// whatever was set, these count.
const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Makes a command that runs cargo independent of flags, locale and tools that this machine or its user has set.
/// `flags` are those that its compilers get instead.
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

/// Whether a compiler's or a test's words can depend on a variable.
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

/// Gives a command an environment in which tests would fail that depend on it.
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
