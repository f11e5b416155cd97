//! Texts in which `{room}` stands for a path parameter, and `{guard.name}` for a field of the guard value.

use proc_macro2::Span;
use syn::LitStr;

use crate::diagnostics::{Errors, list};
use crate::parse::channels::{GUARD, behind_guard};

use super::guard_field::{self, Field};
use super::names::Names;
use super::path;

/// A text with path parameters and fields of the guard value in it.
#[derive(Debug)]
pub struct Template {
    pub parts: Vec<Part>,
    /// The place of the text, for errors of the compiler about a field.
    pub place: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// The index of a path parameter.
    Parameter(usize),
    /// A field of the guard value.
    Guard(Field),
}

impl Template {
    /// The indices of its path parameters.
    pub fn parameters(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) | Part::Guard(_) => None,
            Part::Parameter(index) => Some(*index),
        })
    }

    /// Its fields of the guard value.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) | Part::Parameter(_) => None,
            Part::Guard(field) => Some(field),
        })
    }
}

/// A text with braces in it, before it is taken apart.
pub struct Written<'w> {
    pub text: &'w LitStr,
    /// The word for it in messages.
    pub what: &'w str,
    pub names: &'w Names<'w>,
    /// The help for a field of the guard value where a text cannot have one.
    pub without_guard: Option<&'w str>,
}

impl Written<'_> {
    /// The parts of the text. `{{` and `}}` are the braces themselves.
    pub fn template(&self, errors: &mut Errors) -> Option<Template> {
        match self.parts(&self.text.value()) {
            Ok(parts) => Some(Template { parts, place: self.text.span() }),
            Err(Wrong::Name(name)) => {
                self.names.refuse_in_template(&name, self.text);
                None
            }
            Err(Wrong::NoGuard(name)) => {
                self.names.note_missing_guard(&name, self.text);
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
            let Some((name, behind)) = name_before(behind).filter(|_| brace == "{") else {
                let before = &written[..written.len() - behind.len() - 1];
                let (problem, name) = match brace {
                    "{" => (path::NOT_CLOSED, leading_name(behind)),
                    _ => (path::NOT_OPENED, trailing_name(before)),
                };
                let help = self.help(name, &format!("`{brace}{brace}` for the character itself"));
                return Err(Wrong::Braces(problem.to_owned(), help));
            };
            let part = self.part(name)?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(part);
            rest = behind;
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(parts)
    }

    /// The part that a name stands for.
    fn part(&self, name: &str) -> Result<Part, Wrong> {
        let Some(members) = behind_guard(name) else {
            return match (self.names.resolve(name), self.without_guard) {
                (Some(index), _) => Ok(Part::Parameter(index)),
                (None, Some(help)) if self.names.is_field(name) => Err(self.not_here(name, help)),
                (None, _) => Err(self.unknown(name)),
            };
        };
        let is_parameter = self.names.has(GUARD);
        let may_be_parameter = is_parameter && (self.without_guard.is_some() || self.names.lacks_guard());
        if may_be_parameter {
            return self.names.resolve(name).map(Part::Parameter).ok_or_else(|| self.unknown(name));
        }
        if is_parameter && members.is_empty() {
            let help = format!(
                "rename the path parameter: `path = {:?}`, and `{{owner}}` here for it",
                self.names.path.value().replace("{guard}", "{owner}").replace("{*guard}", "{*owner}")
            );
            let problem = "`{guard}` is the guard value, and the path has a parameter `guard` too";
            return Err(Wrong::Braces(problem.to_owned(), help));
        }
        if let Some(help) = self.without_guard {
            return Err(self.not_here(name, help));
        }
        if self.names.lacks_guard() {
            return Err(Wrong::NoGuard(name.to_owned()));
        }
        let Some(field) = Field::of(members) else {
            let problem = format!("`{name}` is not a field of the guard value");
            return Err(Wrong::Braces(problem, guard_field::help(members)));
        };
        Ok(Part::Guard(field))
    }

    fn not_here(&self, name: &str, help: &str) -> Wrong {
        Wrong::Braces(format!("a {} cannot contain `{{{name}}}`", self.what), help.to_owned())
    }

    fn unknown(&self, name: &str) -> Wrong {
        if name.is_empty() {
            let mut help = self.help("", "`{{}}` for the braces themselves");
            let meant = self.names.meant();
            if meant.len() > 1 {
                help.push_str(&format!("; the path has {}", list(meant.iter().map(String::as_str))));
            }
            return Wrong::Braces(format!("`{{}}` in a {} must name a path parameter", self.what), help);
        }
        Wrong::Name(name.to_owned())
    }

    /// The help for misplaced or empty braces, beside this name, with the form of a text that means the characters.
    fn help(&self, name: &str, literal: &str) -> String {
        let meant = self.names.meant();
        if let Some(first) = meant.first() {
            return match self.mended(&meant) {
                Some(whole) => format!("write `{whole:?}`, or {literal}"),
                None => format!("write `{{{first}}}` for a path parameter, or {literal}"),
            };
        }
        let (name, path) = self.names.with_first(name);
        match (path, self.mended(std::slice::from_ref(&name))) {
            (Some(path), Some(whole)) => {
                self.names.cover(&name);
                format!(
                    "write {literal}; for a path parameter, add it to the path, `path = {path:?}`, and write `{whole:?}`"
                )
            }
            _ => format!("write `{{{name}}}` for a path parameter, or {literal}"),
        }
    }

    /// The text with a name from these in empty braces, and with both braces around each name.
    fn mended(&self, names: &[String]) -> Option<String> {
        let written = self.text.value();
        let is_known = |name: &str| {
            let may_be_guard = !self.names.lacks_guard() && self.without_guard.is_none();
            names.iter().any(|known| known == name)
                || may_be_guard && behind_guard(name).and_then(Field::of).is_some()
        };
        let mut unused = names.iter().filter(|name| !written.contains(&format!("{{{name}}}")));
        let mut next = |name: &str| match (is_known(name), unused.next().or(names.first())) {
            (false, Some(next)) => format!("{{{next}}}"),
            _ => format!("{{{name}}}"),
        };
        let (mut whole, mut rest) = (String::new(), &*written);
        while let Some(at) = rest.find(['{', '}']) {
            whole.push_str(&rest[..at]);
            let (brace, behind) = rest[at..].split_at(1);
            rest = behind;
            if let Some(behind) = behind.strip_prefix(brace) {
                whole.push_str(&brace.repeat(2));
                rest = behind;
            } else if brace == "{" {
                let (name, behind) = name_before(behind).unwrap_or_else(|| {
                    let name = leading_name(behind);
                    (name, &behind[name.len()..])
                });
                // The braces are right, and their name has an error of its own.
                if behind.len() + name.len() < rest.len() && !name.is_empty() && !is_known(name) {
                    return None;
                }
                whole.push_str(&next(name));
                rest = behind;
            } else {
                let name = trailing_name(&whole).to_owned();
                // A second brace behind a name.
                if name.is_empty() && whole.ends_with('}') {
                    continue;
                }
                whole.truncate(whole.len() - name.len());
                if whole.ends_with("{{") {
                    whole.truncate(whole.len() - 2);
                }
                whole.push_str(&next(&name));
            }
        }
        whole.push_str(rest);
        Some(whole)
    }
}

/// The name before a `}`, and the text behind it.
fn name_before(text: &str) -> Option<(&str, &str)> {
    text.split_once('}').filter(|(name, _)| !name.contains('{'))
}

/// The name at the start of a text.
fn leading_name(text: &str) -> &str {
    text.split(|c: char| !is_of_name(c)).next().unwrap_or_default().trim_end_matches('.')
}

/// The name at the end of a text.
fn trailing_name(text: &str) -> &str {
    text.rsplit(|c: char| !is_of_name(c)).next().unwrap_or_default()
}

fn is_of_name(c: char) -> bool {
    c == '_' || c == '.' || c.is_alphanumeric()
}

/// The mistake in a text that cannot be taken apart.
enum Wrong {
    /// A problem with its braces, and the help.
    Braces(String, String),
    /// A name that is not a path parameter.
    Name(String),
    /// A field of the guard value, without a guard.
    NoGuard(String),
}
