//! The name of a channel, which is a template.

use syn::LitStr;

use crate::diagnostics::Errors;

use super::names::Names;
use super::template::{Part, Template, Written};

/// The runtime's `Channel::MAX_LEN`, in bytes.
const MAX_LEN: usize = 2048;

/// The runtime's `RECOVERY`.
const RESERVED: &str = "fanout-recovery";

pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Lowers the name of a channel.
pub fn channel_name(text: &LitStr, names: &Names<'_>, errors: &mut Errors) -> Option<Template> {
    let template = Written { text, what: "channel", names, without_guard: None }.template(errors)?;
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
    } else if matches!(&template.parts[..], [Part::Text(text)] if text == RESERVED) {
        let help = format!("write another name: `channel = \"{}\"`", names.endpoint);
        errors.push(text, format!("the channel `{RESERVED}` is reserved for streams that recover"), help);
    } else {
        return Some(template);
    }
    None
}

/// Refuses a name that a stream with a `next` cannot have. Such a name takes a hold in JSON, which cannot say a link.
pub fn fits_headers(text: &LitStr, option: &str, errors: &mut Errors) {
    let name = text.value();
    let is_plain = |c: &char| matches!(c, ' '..='~') && !matches!(c, ',' | ';' | '"');
    let problem = match name.chars().find(|c| !is_plain(c)) {
        Some(other) => format!("with `{option}`, a channel name cannot contain {other:?}"),
        None if name.trim_matches(' ') != name => {
            format!("with `{option}`, a channel name cannot begin or end with a space")
        }
        None => return,
    };
    let help = format!("use ASCII characters without `,`, `;` and `\"`, or remove `{option}`");
    errors.push(text, problem, help);
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use crate::kind::Kind;
    use crate::model::guard_field::Field;
    use crate::model::path;
    use crate::parse::options;

    use super::*;

    fn read(name: &str) -> (Option<Template>, Vec<String>) {
        let (template, errors) = read_with(name, &["room", "user"], "");
        (template, errors.into_iter().map(|(problem, _)| problem).collect())
    }

    /// The template and the errors on a path with these parameters, beside these options.
    fn read_with(
        name: &str,
        parameters: &[&str],
        options: &str,
    ) -> (Option<Template>, Vec<(String, String)>) {
        let mut errors = Errors::default();
        let path: String = parameters.iter().map(|name| format!("/{{{name}}}")).collect();
        let path = LitStr::new(&path, Span::call_site());
        let parameters: Vec<_> = parameters.iter().map(|&name| name.to_owned()).collect();
        let options = options.parse().expect("tokens");
        let options = options::parse(Kind::Sse, "news", options, &mut Errors::default());
        let names = Names::new("news", &path, Some(&parameters), &options);
        let template = channel_name(&LitStr::new(name, Span::call_site()), &names, &mut errors);
        names.check(&mut errors);
        (template, errors.all())
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
        assert_eq!(
            problems("fanout-recovery"),
            ["the channel `fanout-recovery` is reserved for streams that recover"]
        );
        assert_eq!(problems("fanout-recovery-{room}"), [""; 0]);
        assert_eq!(problems("room-{rom}"), ["`news` has no path parameter `rom`"]);
        assert_eq!(problems("{room"), [path::NOT_CLOSED]);
        assert_eq!(problems("room}"), [path::NOT_OPENED]);
        assert_eq!(problems("}{"), [path::NOT_OPENED]);
        assert_eq!(problems("{}"), ["`{}` in a channel must name a path parameter"]);
    }

    #[test]
    fn guard_stands_for_the_guard_value() {
        let parts = |name: &str, parameters: &[&str], options: &str| {
            let (template, errors) = read_with(name, parameters, options);
            assert_eq!(errors, [], "{name}");
            template.unwrap().parts
        };
        let field = |names: &[&str]| Part::Guard(Field(names.iter().map(|&name| name.to_owned()).collect()));
        let text = Part::Text("-".to_owned());
        let guard = "guard = signed_in";
        assert_eq!(
            parts("{guard}-{guard.team.0}{room}", &["room"], guard),
            [field(&[]), text.clone(), field(&["team", "0"]), Part::Parameter(0)]
        );
        assert_eq!(parts("{guards}-", &["guards"], guard), [Part::Parameter(0), text]);
        // Without a guard, a path parameter has that name. With one, it still has no fields.
        assert_eq!(parts("{guard}", &["guard"], ""), [Part::Parameter(0)]);
        assert_eq!(parts("{guard.name}", &["guard"], guard), [field(&["name"])]);
        // An option that cannot be read may be the guard.
        for options in ["guard = 5", "gaurd = signed_in"] {
            assert_eq!(parts("{guard.name}", &[], options), [field(&["name"])], "{options}");
        }
    }

    #[test]
    fn each_mistake_with_the_guard_value_has_its_own_message() {
        let one = |name: &str, parameters: &[&str], options: &str| {
            let (_, errors) = read_with(name, parameters, options);
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            let (problem, help) = &errors[0];
            format!("{problem}; {help}")
        };
        let guard = "guard = signed_in";
        for (name, parameters, options, expected) in [
            (
                "{guard}",
                &[][..],
                "",
                "`{guard}` needs a guard, and `news` has none; add the function that returns it: `guard = may_listen`",
            ),
            (
                "{guard.name}-{guard.id}",
                &[],
                "",
                "`{guard.name}` needs a guard, and `news` has none; add the function that returns it: `guard = may_listen`",
            ),
            (
                "{guard.name}",
                &["guard"],
                "",
                "`news` has no path parameter `guard.name`; write `{guard}`: it inserts the text from the path",
            ),
            (
                "{guard}",
                &["guard"],
                guard,
                "`{guard}` is the guard value, and the path has a parameter `guard` too; rename the path parameter: `path = \"/{owner}\"`, and `{owner}` here for it",
            ),
            (
                "{guard.}",
                &[],
                guard,
                "`guard.` is not a field of the guard value; write a field, as in `{guard.name}`, or let the guard return the text",
            ),
            (
                "{guard.name:?}",
                &[],
                guard,
                "`guard.name:?` is not a field of the guard value; write a field, as in `{guard.name}`, or let the guard return the text",
            ),
            (
                "{user.name}",
                &[],
                guard,
                "`news` has no path parameter `user.name`; for a field of the guard value, write `{guard.name}`",
            ),
            (
                "{user.name}",
                &["room"],
                "",
                "`news` has no path parameter `user.name`; for a field of the guard value, add the guard, `guard = may_listen`, and write `{guard.name}`",
            ),
            (
                "{room.name}",
                &["room"],
                guard,
                "`news` has no path parameter `room.name`; write `{room}`: it inserts the text from the path",
            ),
            (
                "{name}",
                &[],
                guard,
                "`news` has no path parameter `name`; add it to the path: `path = \"/{name}\"`; for a field of the guard value, write `{guard.name}`",
            ),
        ] {
            assert_eq!(one(name, parameters, options), expected);
        }
    }

    /// The help for misplaced braces has the whole text, with names that the path has.
    #[test]
    fn misplaced_braces_are_mended() {
        let help = |name: &str, parameters: &[&str], options: &str| {
            let (_, errors) = read_with(name, parameters, options);
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            errors.into_iter().next().expect("one").1
        };
        let open = "`{{` for the character itself";
        let close = "`}}` for the character itself";
        for (name, meant, literal) in [
            ("{room", "{room}", open),
            ("{", "{room}", open),
            ("a-{rom-b", "a-{room}-b", open),
            ("{room-{user}", "{room}-{user}", open),
            ("{{{room", "{{{room}", open),
            ("room}", "{room}", close),
            ("a-user}-b", "a-{user}-b", close),
            ("a-}", "a-{room}", close),
            ("{{room}", "{room}", close),
            ("{room}}", "{room}", close),
        ] {
            assert_eq!(help(name, &["room", "user"], ""), format!("write `{meant:?}`, or {literal}"));
        }
        let both = "`{{}}` for the braces themselves";
        assert_eq!(help("{}-{}", &["room"], ""), format!("write `\"{{room}}-{{room}}\"`, or {both}"));
        assert_eq!(
            help("{user}-{}-{}", &["room", "user"], ""),
            format!("write `\"{{user}}-{{room}}-{{room}}\"`, or {both}; the path has `room` and `user`")
        );
        // An unknown name has an error of its own, once the braces are right.
        assert_eq!(
            help("{}-{team}", &["room"], ""),
            format!("write `{{room}}` for a path parameter, or {both}")
        );
        assert_eq!(help("{guard.id", &["room"], "guard = a"), format!("write `\"{{guard.id}}\"`, or {open}"));
        assert_eq!(
            help("{id", &[], ""),
            format!(
                "write {open}; for a path parameter, add it to the path, `path = \"/{{id}}\"`, and write `\"{{id}}\"`"
            )
        );
    }

    #[test]
    fn a_mended_text_is_right() {
        let parts =
            ["", "a", "-", "{", "}", "{{", "}}", "{}", "{room}", "{room", "room}", "{ro", "é", ".", "{guard"];
        for text in
            parts.iter().flat_map(|a| parts.iter().flat_map(move |b| parts.map(|c| format!("{a}{b}{c}"))))
        {
            for parameters in [&["room", "user"][..], &["id"]] {
                let (_, errors) = read_with(&text, parameters, "guard = a");
                let help = errors.into_iter().next().map(|(_, help)| help).unwrap_or_default();
                let Some(code) = help.strip_prefix("write `").and_then(|rest| rest.split("`, or ").next())
                else {
                    continue;
                };
                let Ok(mended) = syn::parse_str::<LitStr>(code) else { continue };
                assert_eq!(read_with(&mended.value(), parameters, "guard = a").1, [], "{text}: {mended:?}");
            }
        }
    }

    #[test]
    fn beside_a_link_a_channel_fits_headers() {
        let problems = |name: &str| {
            let mut errors = Errors::default();
            fits_headers(&LitStr::new(name, Span::call_site()), "next", &mut errors);
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
