//! The name of a channel, which is a template.

use syn::LitStr;

use crate::diagnostics::Errors;

use super::names::Names;
use super::template::{Part, Template, Written};

/// The runtime's `Channel::MAX_LEN`, in bytes.
const MAX_LEN: usize = 2048;

pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Lowers the name of a channel.
pub fn channel_name(text: &LitStr, names: &Names<'_>, errors: &mut Errors) -> Option<Template> {
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

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use crate::model::path;
    use crate::parse::option_table::Options;

    use super::*;

    fn read(name: &str) -> (Option<Template>, Vec<String>) {
        let mut errors = Errors::default();
        let parameters = ["room".to_owned(), "user".to_owned()];
        let path = LitStr::new("/{room}/{user}", Span::call_site());
        let names = Names::new("news", &path, Some(&parameters), &Options::default());
        let template = channel_name(&LitStr::new(name, Span::call_site()), &names, &mut errors);
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
