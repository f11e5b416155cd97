//! Channels: templates of their names, in which `{room}` stands for a path parameter.

use proc_macro2::Span;
use syn::LitStr;

use crate::diagnostics::Errors;
use crate::parse::channels as parsed;

use super::names::{Call, Names};
use super::path;

/// The runtime's `Channel::MAX_LEN`, in bytes.
const MAX_LEN: usize = 2048;

const BYTE_ORDER_MARK: char = '\u{feff}';

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

/// The channels of an endpoint.
pub enum Channels {
    None,
    /// The templates of their names, at the place of the option. A single one may stand in a list too.
    Named {
        templates: Vec<Template>,
        is_list: bool,
        place: Span,
    },
    /// The channels that a function returns.
    Found(Call),
}

/// A text with braces in it, before it is taken apart.
pub struct Written<'w> {
    pub text: &'w LitStr,
    /// The word for it in messages.
    pub what: &'w str,
    pub names: &'w Names<'w>,
}

/// Lowers the channels of an endpoint. Those of a stream with a `next` link have to fit into headers.
pub fn channels(
    written: Option<&parsed::Channels>,
    with_next: bool,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Channels {
    let (texts, is_list) = match written {
        None => return Channels::None,
        Some(parsed::Channels::Function(named)) => return Channels::Found(names.call(named, errors)),
        Some(parsed::Channels::One(text)) => (std::slice::from_ref(text), false),
        Some(parsed::Channels::List(texts)) => (&texts[..], true),
    };
    let mut templates = Vec::new();
    for text in texts {
        templates.extend(channel(text, names, errors));
        // A byte order mark has its error already.
        if with_next && !text.value().starts_with(BYTE_ORDER_MARK) {
            fits_headers(text, errors);
        }
    }
    let place = texts.first().map_or_else(Span::call_site, LitStr::span);
    Channels::Named { templates, is_list, place }
}

/// Lowers the name of a channel.
pub fn channel(text: &LitStr, names: &Names<'_>, errors: &mut Errors) -> Option<Template> {
    let template = Written { text, what: "channel", names }.template(errors)?;
    let fixed: usize =
        template.parts.iter().map(|part| if let Part::Text(text) = part { text.len() } else { 1 }).sum();
    if fixed == 0 {
        let help = format!("write a name: `channel = \"{}\"`", names.endpoint);
        errors.push(text, "a channel name cannot be empty", help);
    } else if fixed > MAX_LEN {
        let problem = format!("a channel name has at most {MAX_LEN} bytes, this one has {fixed}");
        errors.push(text, problem, "shorten it");
    } else if matches!(&template.parts[..], [Part::Text(text), ..] if text.starts_with(BYTE_ORDER_MARK)) {
        errors.push(text, "a channel name cannot begin with a byte order mark (U+FEFF)", "remove it");
    } else {
        return Some(template);
    }
    None
}

/// Refuses a name that a stream with a `next` cannot have. Such a name takes a hold in JSON, which cannot say a link.
pub fn fits_headers(text: &LitStr, errors: &mut Errors) {
    let name = text.value();
    let is_plain = |c: &char| matches!(c, ' '..='~') && !matches!(c, ',' | ';' | '"');
    let problem = match name.chars().find(|c| !is_plain(c)) {
        Some(other) => format!("with `next`, a channel name cannot contain {other:?}"),
        None if name.trim_matches(' ') != name => {
            "with `next`, a channel name cannot begin or end with a space".to_owned()
        }
        None => return,
    };
    errors.push(text, problem, "use ASCII characters without `,`, `;` and `\"`, or remove `next`");
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

#[cfg(test)]
mod tests {
    use crate::parse::option_table::Options;

    use super::*;

    fn read(name: &str) -> (Option<Template>, Vec<String>) {
        let mut errors = Errors::default();
        let parameters = ["room".to_owned(), "user".to_owned()];
        let path = LitStr::new("/{room}/{user}", Span::call_site());
        let names = Names::new("news", &path, Some(&parameters), &Options::default());
        let template = channel(&LitStr::new(name, Span::call_site()), &names, &mut errors);
        names.check(&mut errors);
        (template, errors.problems())
    }

    fn problems(name: &str) -> Vec<String> {
        read(name).1
    }

    #[test]
    fn a_channel_is_any_text() {
        for name in ["news", "a b", "a,b", "é", "\n", &"x".repeat(MAX_LEN), "{{", "}}", "{{room}}"] {
            assert_eq!(problems(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn parameters_stand_between_braces() {
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(
            read("a-{user}{room}{{x}}").0.unwrap().parts,
            [text("a-"), Part::Parameter(1), Part::Parameter(0), text("{x}")]
        );
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        assert_eq!(problems(""), ["a channel name cannot be empty"]);
        assert_eq!(problems(&"é".repeat(1025)), ["a channel name has at most 2048 bytes, this one has 2050"]);
        assert_eq!(problems("\u{feff}news"), ["a channel name cannot begin with a byte order mark (U+FEFF)"]);
        assert_eq!(problems("room-{rom}"), ["`news` has no path parameter `rom`"]);
        assert_eq!(problems("{room"), [path::NOT_CLOSED]);
        assert_eq!(problems("room}"), [path::NOT_OPENED]);
        assert_eq!(problems("}{"), [path::NOT_OPENED]);
        assert_eq!(problems("{}"), ["`{}` in a channel must name a path parameter"]);
    }

    #[test]
    fn beside_a_link_a_channel_fits_headers() {
        let problems = |name: &str| {
            let mut errors = Errors::default();
            fits_headers(&LitStr::new(name, Span::call_site()), &mut errors);
            errors.problems()
        };
        for name in ["news", "room-{room}", "a b", "{room} and {user}"] {
            assert_eq!(problems(name), [""; 0], "{name}");
        }
        assert_eq!(problems("a,b"), ["with `next`, a channel name cannot contain ','"]);
        assert_eq!(problems("caf\u{e9}; x"), ["with `next`, a channel name cannot contain '\u{e9}'"]);
        assert_eq!(problems("{room} "), ["with `next`, a channel name cannot begin or end with a space"]);
    }
}
