//! The name of a new project: a package, its program, and a part of its domain on Fastly.

use anyhow::{Result, bail};

/// The keywords of every edition, and those that Rust reserves.
const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "Self",
];

/// The crates that the project depends on, and the names under which cargo or the compiler has something of its own.
const TAKEN: [(&str, &[&str]); 4] = [
    ("this is a crate of `fanout` itself", &["fanout", "fanout-macros", "cargo-fanout"]),
    ("the project depends on a crate of this name", &["fastly", "serde"]),
    ("Rust's standard library has a crate of this name", &["alloc", "core", "proc-macro", "std", "test"]),
    ("cargo has a folder of this name", &["build", "deps", "examples", "incremental"]),
];

/// The length of a part of a domain.
const LONGEST: usize = 63;

/// Fails if a project cannot have this name, and says why.
pub(super) fn check(name: &str) -> Result<()> {
    let problem = if name.contains(['/', '\\']) {
        "this is a path: go to the folder of your projects first, and give the name alone".to_owned()
    } else if let Some(wrong) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_".contains(*c)) {
        format!("it has {wrong:?}: use letters of ASCII, digits, `-` and `_`")
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        "the name of a project begins with a letter of ASCII".to_owned()
    } else if !name.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        "the name is a part of a domain, and ends with a letter or a digit".to_owned()
    } else if name.len() > LONGEST {
        format!("the name is a part of a domain, and has at most {LONGEST} characters: it has {}", name.len())
    } else if KEYWORDS.contains(&name) {
        format!("this is a keyword of Rust: for example `{name}-app`")
    } else if let Some(why) = taken(name) {
        format!("{why}: for example `{name}-app`")
    } else {
        return Ok(());
    };
    bail!("a project cannot be called {name:?}: {problem}")
}

fn taken(name: &str) -> Option<&'static str> {
    // Both spellings are one crate to the compiler.
    let dashed = name.replace('_', "-");
    TAKEN.iter().find(|(_, names)| names.contains(&&*dashed)).map(|(why, _)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(name: &str, why: &str) {
        let error = check(name).expect_err(name).to_string();
        assert!(error.starts_with(&format!("a project cannot be called {name:?}: ")), "{error}");
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn usual_names_are_accepted() {
        for name in
            ["scores", "my-scores", "my_scores", "Scores2", "a", "fanouts", "async-app", &"a".repeat(63)]
        {
            assert!(check(name).is_ok(), "{name}: {:?}", check(name));
        }
    }

    #[test]
    fn each_wrong_name_says_why() {
        refused("", "begins with a letter");
        refused("1st", "begins with a letter");
        refused("-scores", "begins with a letter");
        refused("_scores", "begins with a letter");
        refused("scores-", "ends with a letter or a digit");
        refused("scores_", "ends with a letter or a digit");
        refused("../scores", "this is a path");
        refused("apps\\scores", "this is a path");
        refused("my scores", "it has ' '");
        refused("scores.rs", "it has '.'");
        refused("größe", "it has 'ö'");
        refused("a\nb", "it has '\\n'");
        refused(&"a".repeat(64), "at most 63 characters: it has 64");
        refused("async", "a keyword of Rust: for example `async-app`");
        refused("gen", "a keyword");
        refused("Self", "a keyword");
        refused("fanout", "a crate of `fanout` itself: for example `fanout-app`");
        refused("fanout-macros", "a crate of `fanout` itself");
        refused("fanout_macros", "a crate of `fanout` itself");
        refused("serde", "depends on a crate of this name");
        refused("fastly", "depends on a crate of this name");
        refused("test", "standard library");
        refused("proc_macro", "standard library");
        refused("deps", "cargo has a folder");
    }

    /// The compiler knows the keywords better than a list.
    #[test]
    fn every_keyword_is_one() {
        let mut sorted = KEYWORDS;
        sorted.sort_unstable();
        assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]));
        for name in KEYWORDS {
            let parsed = syn::parse_str::<syn::Ident>(name);
            assert!(parsed.is_err() || name == "gen", "{name} is no keyword");
        }
    }
}
