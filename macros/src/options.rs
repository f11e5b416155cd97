//! The options of an endpoint: `flag, option = value, …`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitInt, LitStr, Path, Token};

use crate::commas::{self, Read};
use crate::diagnostics::{Errors, list, message, nearest};
use crate::endpoint::Kind;
use crate::expand;
use crate::value::Slot;

/// An option: its name, and which kinds of endpoint it serves.
struct Known {
    name: &'static str,
    serves: &'static [Kind],
}

const ALL: &[Kind] = &[Kind::Sse, Kind::Stream, Kind::LongPoll, Kind::Ws];

const KNOWN: &[Known] = &[
    Known { name: "channel", serves: ALL },
    Known { name: "path", serves: ALL },
    Known { name: "timeout", serves: &[Kind::LongPoll] },
    Known { name: "echo", serves: &[Kind::Ws] },
    Known { name: "backend", serves: ALL },
    Known { name: "name", serves: ALL },
    Known { name: "crate", serves: ALL },
];

/// What the options of an endpoint say, each as it was written.
#[derive(Default)]
pub struct Options {
    /// One channel, or a list of them.
    pub channels: Option<Vec<LitStr>>,
    pub path: Option<LitStr>,
    pub timeout: Option<LitInt>,
    pub echo: bool,
    pub backend: Option<LitStr>,
    pub name: Option<Ident>,
    pub krate: Option<Path>,
}

impl Options {
    /// Reads the options of an endpoint of this kind, whose function is called `own_name`. What is wrong goes to
    /// `errors`, and is left out where it cannot be guessed.
    pub fn parse(kind: Kind, own_name: &str, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut reader = Reader { kind, own_name, seen: Vec::new(), options: Self::default() };
        commas::read(tokens, &mut reader, errors);
        reader.options
    }

    /// Where the runtime is.
    pub fn krate(&self) -> Path {
        self.krate.clone().unwrap_or_else(expand::default_crate)
    }

    /// The name of the type beside `function`. By default it is called and placed like that, but is not its token:
    /// editors take that for the function.
    pub fn type_name(&self, function: &Ident) -> Ident {
        self.name.clone().unwrap_or_else(|| {
            let mut name = function.clone();
            name.set_span(Span::call_site().located_at(function.span()));
            name
        })
    }
}

struct Reader<'n> {
    kind: Kind,
    own_name: &'n str,
    /// The options so far, right or wrong.
    seen: Vec<Ident>,
    options: Options,
}

impl Read for Reader<'_> {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            return Err(syn::Error::new(
                input.span(),
                message("expected an option", &self.instead_of(input)),
            ));
        }
        let name = input.call(Ident::parse_any)?;
        let Some(known) = known(self.kind, &name, errors) else {
            commas::skip(input)?;
            return Ok(());
        };
        let twice = self.seen.contains(&name);
        if twice {
            let help = match known.name {
                "channel" => "for several channels write a list: `channel = [\"news\", \"sport\"]`",
                _ => "leave one of them",
            };
            errors.push(&name, format!("`{name}` is given twice"), help);
        }
        self.seen.push(name.clone());
        let slot = Slot { option: &name, example: example(known.name, self.own_name) };
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => slot.read(input)?,
            None => None,
        };
        if !twice {
            self.set(&slot, value.as_ref(), errors);
        }
        Ok(())
    }

    fn begins(&self, input: ParseStream<'_>) -> bool {
        let name = input.fork().call(Ident::parse_any);
        name.is_ok_and(|name| KNOWN.iter().any(|known| name == known.name))
    }

    fn comma(&self, input: ParseStream<'_>) -> String {
        match (input.fork().parse::<LitStr>(), self.last_channel()) {
            (Ok(next), Some(channel)) => several(channel, &next),
            _ => "put a `,` between two options".to_owned(),
        }
    }
}

impl Reader<'_> {
    fn set(&mut self, slot: &Slot<'_>, value: Option<&Expr>, errors: &mut Errors) {
        let options = &mut self.options;
        match (slot.option.to_string().as_str(), value) {
            ("echo", None) => options.echo = true,
            ("echo", Some(value)) => {
                errors.push(value, "`echo` takes no value", "write `echo`, or leave it out");
            }
            (option, None) => {
                errors.push(
                    slot.option,
                    format!("`{option}` needs a value"),
                    format!("write `{}`", slot.example),
                );
            }
            ("channel", Some(value)) => options.channels = slot.channels(value, errors),
            ("path", Some(value)) => options.path = slot.string(value, errors),
            ("timeout", Some(value)) => options.timeout = slot.seconds(value, errors),
            ("backend", Some(value)) => options.backend = slot.string(value, errors),
            ("name", Some(value)) => options.name = slot.name(value, errors),
            ("crate", Some(value)) => {
                options.krate = slot.path(value, "the path of the fanout crate", errors)
            }
            (option, _) => unreachable!("the table knows no option `{option}`"),
        }
    }

    /// What was probably meant by what is no option.
    fn instead_of(&self, input: ParseStream<'_>) -> String {
        let Ok(string) = input.fork().parse::<LitStr>() else {
            return "options are written `name = value`, with commas between them".to_owned();
        };
        match self.options.channels.as_deref() {
            _ if string.value().starts_with('/') => format!("write `path = {:?}`", string.value()),
            Some([.., channel]) => several(channel, &string),
            _ => format!("write `channel = {:?}`", string.value()),
        }
    }

    /// The channel, if that was the last option.
    fn last_channel(&self) -> Option<&LitStr> {
        self.seen.last().filter(|last| *last == "channel")?;
        self.options.channels.as_ref()?.last()
    }
}

fn several(first: &LitStr, second: &LitStr) -> String {
    format!("for several channels write a list: `channel = [{:?}, {:?}]`", first.value(), second.value())
}

/// What an option looks like for the endpoint `own_name`.
fn example(option: &str, own_name: &str) -> String {
    match option {
        "channel" => format!("channel = {own_name:?}"),
        "path" => format!("path = \"/{own_name}\""),
        "timeout" => "timeout = 30".to_owned(),
        "backend" => "backend = \"self\"".to_owned(),
        "name" => format!("name = {}", upper_camel(own_name)),
        "crate" => "crate = path::to::fanout".to_owned(),
        flag => flag.to_owned(),
    }
}

fn upper_camel(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('_').map(upper).collect()
}

fn known(kind: Kind, name: &Ident, errors: &mut Errors) -> Option<&'static Known> {
    let served = |known: &&Known| known.serves.contains(&kind);
    match KNOWN.iter().find(|known| name == known.name) {
        Some(known) if served(&known) => return Some(known),
        Some(known) => {
            let kinds = list(known.serves.iter().map(|kind| kind.name()));
            errors.push(
                name,
                format!("`{name}` does nothing for `{}`", kind.name()),
                format!("it is an option of {kinds}; remove it"),
            );
        }
        None => {
            let options = || KNOWN.iter().filter(served).map(|known| known.name);
            let nearest = nearest(&name.to_string(), options());
            let meant = nearest.map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default();
            let help = format!("{meant}the options of `{}` are {}", kind.name(), list(options()));
            errors.push(name, format!("`{}` has no option `{name}`", kind.name()), help);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: Kind, written: &str) -> (Options, Vec<String>) {
        let mut errors = Errors::default();
        let options = Options::parse(kind, "live_news", written.parse().expect("tokens"), &mut errors);
        (options, errors.problems())
    }

    fn problems(kind: Kind, written: &str) -> Vec<String> {
        parse(kind, written).1
    }

    #[test]
    fn every_option_is_read() {
        let written = "channel = [\"a\", \"b\",], path = r\"/a\", timeout = 30, backend = \"me\", name = News, \
                       crate = ::a::b,";
        let (options, problems) = parse(Kind::LongPoll, written);
        assert_eq!(problems, [""; 0]);
        let channels: Vec<_> = options.channels.iter().flatten().map(LitStr::value).collect();
        assert_eq!(channels, ["a", "b"]);
        assert_eq!(options.path.unwrap().value(), "/a");
        assert_eq!(options.timeout.unwrap().base10_digits(), "30");
        assert_eq!(options.backend.unwrap().value(), "me");
        assert_eq!(options.name.unwrap(), "News");
        assert_eq!(options.krate.unwrap(), syn::parse_quote!(::a::b));
        assert!(!options.echo);

        let (options, problems) = parse(Kind::Ws, "channel = \"a\", echo");
        assert_eq!(problems, [""; 0]);
        assert!(options.echo);
        assert_eq!(options.channels.unwrap().len(), 1);
    }

    #[test]
    fn one_mistake_hides_no_other() {
        assert_eq!(
            problems(
                Kind::Sse,
                "chanel = \"a\" + 1, path = /live, 5, backend \"me\", echo, name = 1, name = A"
            ),
            [
                "`sse` has no option `chanel`",
                "this is no value of `path`",
                "expected an option",
                "`backend` needs a value",
                "expected a comma",
                "`echo` does nothing for `sse`",
                "`name` is the name of a type",
                "`name` is given twice",
            ]
        );
    }

    #[test]
    fn what_follows_a_missing_comma_counts() {
        let (options, problems) = parse(Kind::Sse, "channel = \"a\" path = \"/b\"");
        assert_eq!(problems, ["expected a comma"]);
        assert_eq!(options.path.unwrap().value(), "/b");
        assert_eq!(
            super::tests::problems(Kind::LongPoll, "timeout = 30 seconds, path"),
            ["expected a comma", "`path` needs a value"]
        );
    }

    #[test]
    fn what_was_meant_stands_in() {
        let (options, problems) = parse(Kind::Ws, "name = \"News\", crate = \"live::fanout\"");
        assert_eq!(problems.len(), 2);
        assert_eq!(options.name.unwrap(), "News");
        assert_eq!(options.krate.unwrap(), syn::parse_quote!(live::fanout));
    }

    #[test]
    fn examples_are_the_endpoints_own() {
        for known in KNOWN {
            let kind = known.serves[0];
            let written = example(known.name, "live_news");
            assert_eq!(problems(kind, &written), [""; 0], "{written}");
        }
        assert_eq!(example("name", "live_news"), "name = LiveNews");
    }
}
