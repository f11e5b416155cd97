use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One thing the compiler said.
#[derive(Debug)]
pub struct Diagnostic {
    /// The package that the case was compiled in.
    pub package: String,
    /// The file of the case.
    pub case: PathBuf,
    /// `error`, `warning`, …
    pub level: String,
    /// What the compiler explains it under, `E0277`, or the name of a lint.
    pub code: Option<String>,
    /// The first line.
    pub message: String,
    /// Every place it points at.
    pub spans: Vec<Span>,
    /// All of it, as a user sees it.
    pub rendered: String,
}

/// A place in a file, in bytes.
#[derive(Debug, Deserialize)]
pub struct Span {
    /// As the compiler was given it.
    pub file_name: PathBuf,
    /// Where it starts.
    pub byte_start: usize,
    /// Where it ends.
    pub byte_end: usize,
    /// Whether it is what the message is about, and not something that explains it.
    pub is_primary: bool,
    /// What made the code that it is in, if a macro did.
    expansion: Option<Expansion>,
}

/// Where a macro is called.
#[derive(Debug, Deserialize)]
struct Expansion {
    span: Box<Span>,
}

impl Span {
    /// Itself, or the call of the macro of another file that it is in: the compiler shows that in its place.
    fn in_file(&self, file: &Path) -> Option<&Self> {
        if self.file_name == file {
            return Some(self);
        }
        self.expansion.as_ref()?.span.in_file(file)
    }
}

impl Diagnostic {
    /// What the message is about, as it is written in the case.
    ///
    /// # Panics
    ///
    /// If that is not one place in the case's own file.
    pub fn primary(&self) -> &Span {
        let primary: Vec<_> = self.spans.iter().filter(|span| span.is_primary).collect();
        let place = if let [span] = primary[..] { span.in_file(&self.case) } else { None };
        place.unwrap_or_else(|| panic!("not about one place in {}:\n{}", self.case.display(), self.rendered))
    }

    /// The text that the message is about.
    ///
    /// # Panics
    ///
    /// As [`Self::primary`].
    pub fn primary_text(&self) -> String {
        let span = self.primary();
        let source = fs::read_to_string(&self.case).expect("a case can be read");
        source[span.byte_start..span.byte_end].to_owned()
    }
}

/// A line of `cargo --message-format=json`, as far as it is read.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub(crate) enum Line {
    CompilerMessage {
        package_id: String,
        target: Target,
        message: Message,
    },
    CompilerArtifact {
        package_id: String,
        target: Target,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) src_path: PathBuf,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    message: String,
    code: Option<Code>,
    level: String,
    spans: Vec<Span>,
    rendered: String,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

impl Message {
    /// The diagnostic, unless it only counts the others.
    pub(crate) fn into_diagnostic(self, package_id: &str, target: Target) -> Option<Diagnostic> {
        let Self { message, code, level, spans, rendered } = self;
        let counts = spans.is_empty() && (message.starts_with("aborting") || level == "failure-note")
            || level == "warning" && message.ends_with("emitted");
        (!counts).then(|| Diagnostic {
            package: package_name(package_id).to_owned(),
            case: target.src_path,
            level,
            code: code.map(|code| code.code),
            message,
            spans,
            rendered,
        })
    }
}

/// The name in `path+file:///…/name#version`, or in `path+file:///…#name@version`.
pub(crate) fn package_name(id: &str) -> &str {
    let (source, fragment) = id.rsplit_once('#').unwrap_or((id, id));
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => source.rsplit('/').next().unwrap_or(source),
    }
}
