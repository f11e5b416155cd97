use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A diagnostic of the compiler.
#[derive(Debug)]
pub struct Diagnostic {
    /// The package of the case.
    pub package: String,
    /// The file of the case.
    pub case: PathBuf,
    /// `error`, `warning`, …
    pub level: String,
    /// The code of an error, such as `E0277`, or the name of a lint.
    pub code: Option<String>,
    /// The first line.
    pub message: String,
    /// The places that it points at.
    pub spans: Vec<Span>,
    /// The whole text, as a user sees it.
    pub rendered: String,
}

/// A place in a file, in bytes.
#[derive(Debug, Deserialize)]
pub struct Span {
    /// The path as the compiler got it.
    pub file_name: PathBuf,
    /// The first byte.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// `true` for the place that the message is about, `false` for one that explains it.
    pub is_primary: bool,
    /// The call of the macro that made this code, if one did.
    expansion: Option<Expansion>,
}

/// The call of a macro.
#[derive(Debug, Deserialize)]
struct Expansion {
    span: Box<Span>,
}

impl Span {
    /// The span itself. For code of a macro from another file it is the call, which the compiler shows instead.
    fn in_file(&self, file: &Path) -> Option<&Self> {
        if self.file_name == file {
            return Some(self);
        }
        self.expansion.as_ref()?.span.in_file(file)
    }
}

impl Diagnostic {
    /// The place that the message is about.
    ///
    /// # Panics
    ///
    /// If it is not one place in the file of the case.
    pub fn primary(&self) -> &Span {
        let mut primary: Vec<_> = self.spans.iter().filter(|span| span.is_primary).collect();
        // A place with two labels is two spans.
        primary.dedup_by_key(|span| (&span.file_name, span.byte_start, span.byte_end));
        let place = if let [span] = primary[..] { span.in_file(&self.case) } else { None };
        place.unwrap_or_else(|| panic!("not about one place in {}:\n{}", self.case.display(), self.rendered))
    }

    /// The text that the message is about.
    ///
    /// # Panics
    ///
    /// In the same cases as [`Self::primary`].
    pub fn primary_text(&self) -> String {
        let span = self.primary();
        let source = fs::read_to_string(&self.case).expect("a case can be read");
        source[span.byte_start..span.byte_end].to_owned()
    }
}

/// A line of `cargo --message-format=json`, with the fields that the tests read.
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
    /// The diagnostic, unless it only counts other diagnostics.
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
