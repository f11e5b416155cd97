//! The record of everything that the clients of a scenario saw.

use std::fmt::Write as _;

use reqwest::header::HeaderMap;

/// Headers of the connection, which each side has to itself.
const OF_THE_CONNECTION: [&str; 8] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "sec-websocket-accept",
    "sec-websocket-version",
    "transfer-encoding",
    "upgrade",
];

/// Lines, each with the name of the client that saw it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Transcript(Vec<String>);

impl Transcript {
    pub fn add(&mut self, who: &str, seen: &str) {
        self.0.push(format!("{who}: {seen}"));
    }

    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// The first of these lines that does not come, in this order.
    pub fn lacks<'l>(&self, lines: &'l [String]) -> Option<&'l str> {
        let mut seen = self.0.iter();
        lines.iter().find(|line| !seen.any(|seen| seen == *line)).map(String::as_str)
    }

    /// Both transcripts side by side, if they differ: equal lines once, and a mark at the others.
    pub fn difference(&self, other: &Self, names: [&str; 2]) -> Option<String> {
        if self == other {
            return None;
        }
        let width = names[0].len().max(names[1].len());
        let mut text = String::new();
        for at in 0..self.0.len().max(other.0.len()) {
            let lines = [self.0.get(at), other.0.get(at)];
            if lines[0] == lines[1] {
                let _ = writeln!(text, "  {:width$} | {}", "both", lines[0].map_or("", String::as_str));
                continue;
            }
            for (name, line) in names.iter().zip(lines) {
                let line = line.map_or("(nothing more)", String::as_str);
                let _ = writeln!(text, "! {name:width$} | {line}");
            }
        }
        Some(text)
    }
}

/// A status and all headers but those of the connection, in the order of their names.
pub fn head(status: u16, reason: Option<&str>, headers: &HeaderMap) -> String {
    let mut text = status.to_string();
    if let Some(reason) = reason {
        let _ = write!(text, " {reason}");
    }
    let mut fields: Vec<_> =
        headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str())).collect();
    fields.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in fields {
        let _ = write!(text, ", {name}: {}", value.as_bytes().escape_ascii());
    }
    text
}

/// Content in quotes: text if it is UTF-8.
pub fn quoted(content: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = match std::str::from_utf8(content) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("b\"{}\"", content.escape_ascii()),
    };
    if content.len() <= SHOWN {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{} bytes, {start}…", content.len())
}
