//! Texts in which `{room}` stands for a path parameter.

use syn::LitStr;

use crate::diagnostics::Errors;

use super::names::Names;
use super::path;

/// A text with path parameters in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// The index of a path parameter.
    Parameter(usize),
}

impl Template {
    /// The indices of its path parameters.
    pub fn parameters(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Parameter(index) => Some(*index),
        })
    }
}

/// A text with braces in it, before it is taken apart.
pub struct Written<'w> {
    pub text: &'w LitStr,
    /// The word for it in messages.
    pub what: &'w str,
    pub names: &'w Names<'w>,
}

impl Written<'_> {
    /// The parts of the text. `{{` and `}}` are the braces themselves.
    pub fn template(&self, errors: &mut Errors) -> Option<Template> {
        match self.parts(&self.text.value()) {
            Ok(parts) => Some(Template { parts }),
            Err(Wrong::Name(name)) => {
                self.names.refuse(&name, self.text);
                None
            }
            Err(Wrong::Braces(problem, help)) => {
                self.names.note_unread_option();
                errors.push(self.text, problem, help);
                None
            }
        }
    }

    fn parts(&self, written: &str) -> Result<Vec<Part>, Wrong> {
        let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), written);
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let (brace, behind) = rest[at..].split_at(1);
            if let Some(behind) = behind.strip_prefix(brace) {
                text.push_str(brace);
                rest = behind;
                continue;
            }
            let Some((name, behind)) = behind.split_once('}').filter(|_| brace == "{") else {
                let problem = if brace == "{" { path::NOT_CLOSED } else { path::NOT_OPENED };
                let help = format!(
                    "write `{{{}}}` for a path parameter, or `{brace}{brace}` for the character itself",
                    self.example()
                );
                return Err(Wrong::Braces(problem.to_owned(), help));
            };
            let Some(index) = self.names.resolve(name) else {
                return Err(self.unknown(name));
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Parameter(index));
            rest = behind;
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(parts)
    }

    fn example(&self) -> &str {
        self.names.parameters().first().map_or("room", String::as_str)
    }

    fn unknown(&self, name: &str) -> Wrong {
        if name.is_empty() {
            let help = format!(
                "write `{{{}}}` for a path parameter, or `{{{{}}}}` for the braces themselves",
                self.example()
            );
            return Wrong::Braces(format!("`{{}}` in a {} must name a path parameter", self.what), help);
        }
        Wrong::Name(name.to_owned())
    }
}

/// The mistake in a text that cannot be taken apart.
enum Wrong {
    /// A problem with its braces, and the help.
    Braces(String, String),
    /// A name that is not a path parameter.
    Name(String),
}
