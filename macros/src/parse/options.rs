//! The options of an endpoint: `flag, option = value, …`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, Token, token};

use crate::diagnostics::{Advice, Errors, ends, glued, identifier, is_ascii_name};
use crate::kind::Kind;

use super::channels::Channels;
use super::foreign;
use super::option_table::{self, Found, Options, Owner, Reader, Row};
use super::separated::{self, Read};
use super::value::{self, Setting, Slot, Value};

/// The names of the options of this kind.
pub fn known(kind: Kind) -> impl Iterator<Item = &'static str> {
    option_table::names(kind)
}

/// Parses the options of an endpoint of this kind and name.
pub fn parse(kind: Kind, own_name: &str, tokens: TokenStream, errors: &mut Errors) -> Options {
    let owner = Owner { kind, name: own_name };
    let mut parser = Parser { owner, seen: Vec::new(), options: Options::default() };
    separated::read(tokens, &mut parser, errors);
    parser.options
}

impl Options {
    /// Returns `true` if the name of this option is a guess, so that its value is not judged.
    pub fn is_guessed(&self, option: &str) -> bool {
        self.guessed.contains(&option)
    }

    /// The name of an option where it was written.
    pub fn place(&self, option: &str) -> Option<&Ident> {
        self.places.iter().find(|place| *place == option)
    }

    /// The path of the runtime.
    pub fn krate(&self) -> Path {
        self.krate.value().cloned().unwrap_or_else(value::default_crate)
    }

    /// The name of the type beside `function`. By default it has the name and the place of the function, but not its
    /// token, which editors would take for the function.
    pub fn type_name(&self, function: &Ident) -> Ident {
        self.name.value().cloned().unwrap_or_else(|| {
            identifier(&function.unraw().to_string(), Span::call_site().located_at(function.span()))
        })
    }
}

/// The options whose values other code or other options refer to, so that a guess is better than nothing.
const NAMED_ELSEWHERE: [&str; 6] = ["channel", "path", "guard", "message", "name", "crate"];

struct Parser<'n> {
    owner: Owner<'n>,
    /// The options so far, valid or not.
    seen: Vec<&'static Row>,
    options: Options,
}

impl Read for Parser<'_> {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let mut has_attribute = false;
        while input.peek(Token![#]) && input.peek2(token::Bracket) {
            attribute(input, errors)?;
            has_attribute = true;
        }
        if has_attribute && (input.is_empty() || input.peek(Token![,])) {
            return Ok(());
        }
        if input.peek(Token![let]) && input.peek2(Ident::peek_any) {
            errors.push(input.parse::<Token![let]>()?, "expected an option", "remove `let`");
        }
        if input.peek(Token![,]) {
            errors.push_at(input.span(), "an option is missing before this comma", "remove the comma");
            return Ok(());
        }
        if let Some(help) = self.in_brackets(input) {
            errors.push_at(input.span(), "expected an option", help);
            self.options.unrecognised = true;
            separated::skip(input)?;
            return Ok(());
        }
        if !input.peek(Ident::peek_any) {
            let (advice, help) = self.instead_of(input);
            let string = input.fork().parse::<LitStr>().ok().filter(|_| self.seen.is_empty());
            let place = input.span();
            let several = self.several_channels(input);
            let may_be_channel = |string: &LitStr| {
                let value = string.value();
                !self.owner.kind.is_plain()
                    && !value.starts_with('/')
                    && quoted_option(&value).is_none_or(|(name, _)| name == "channel")
            };
            match string.filter(may_be_channel) {
                Some(_) if several.len() > 1 => {
                    let texts: Vec<_> = several.iter().map(LitStr::value).collect();
                    let advice = vec![Advice::write(format!("channel = {texts:?}"), "")];
                    errors.advise((place, place), "expected an option", advice, help);
                    self.options.channels = Setting::Invalid(Some(Channels::List(several)));
                    return Ok(());
                }
                Some(channel) => self.options.channels = Setting::Invalid(Some(Channels::One(channel))),
                None => self.options.unrecognised = true,
            }
            errors.advise((place, place), "expected an option", advice, help);
            separated::skip(input)?;
            return Ok(());
        }
        let (place, written) = name(input)?;
        let is_alone = input.is_empty() || input.peek(Token![,]);
        if written == self.owner.name
            && is_alone
            && !self.owner.kind.is_plain()
            && !self.has_seen("channel")
            && !option_table::is_known(&written)
        {
            let help = format!("write `{}`", option_table::example("channel", self.owner.name));
            let channel = Channels::One(LitStr::new(self.owner.name, ends(&place).0));
            self.options.channels = Setting::Invalid(Some(channel));
            errors.push(place, "expected an option", help);
            separated::skip(input)?;
            return Ok(());
        }
        let (mut unheard, mut is_guessed) = (Errors::default(), false);
        let found = option_table::find(self.owner.kind, &written, &place, errors);
        if matches!(found, Found::Misspelt(_) | Found::Nothing) {
            self.options.unknown.extend(syn::parse2::<Ident>(place.clone()));
        }
        let (row, errors) = match found {
            Found::Option(row) => (row, errors),
            // The name is a guess, so the value is read without errors.
            Found::Misspelt(row) if !self.has_seen(row.name) => {
                is_guessed = true;
                (row, &mut unheard)
            }
            found => {
                self.options.unrecognised |= matches!(found, Found::Nothing);
                let skipped = separated::skip(input)?;
                if written == "channel" {
                    self.options.channel_tokens = Some(glued(skipped));
                }
                return Ok(());
            }
        };
        let name = Ident::new(row.name, ends(place).0);
        let twice = self.has_seen(row.name);
        if twice {
            let help = match row.name {
                "channel" => "for several channels, write a list: `channel = [\"news\", \"sport\"]`",
                _ => "remove one of them",
            };
            errors.push(&name, format!("`{name}` is given twice"), help);
        }
        self.seen.push(row);
        self.options.places.push(name.clone());
        if row.name == "channel" {
            self.options.channel_tokens = Some(glued(separated::skip(&input.fork())?));
        }
        let rest: TokenStream = separated::skip(&input.fork())?;
        self.options.written.push((row.name, rest.into_iter().skip(1).collect()));
        let slot = Slot { option: &name, example: self.owner.example(row) };
        if let Reader::Type(field) = row.reader
            && !twice
            && !self.begins(input)
            && let Some(setting) = slot.type_behind(input, errors)?
        {
            if is_guessed {
                self.options.guessed.push(row.name);
            }
            if let (Some(ty), Some((_, written))) = (setting.value(), self.options.written.last_mut()) {
                *written = ty.to_token_stream();
            }
            *field(&mut self.options) = setting;
            return Ok(());
        }
        let none = input.is_empty() || input.peek(Token![,]) || self.begins(input);
        let (value, result) = if let Some(value) = self.behind_comma(row, input) {
            let comma = input.parse::<Token![,]>()?;
            let help = slot.as_example();
            errors.advise(
                (comma.span, comma.span),
                format!("expected a `=` after `{name}`, not a comma"),
                slot.guesses(Some(&value)),
                help,
            );
            separated::skip(input)?;
            (Value::Misplaced(Some(value)), Ok(()))
        } else if none {
            (Value::None, Ok(()))
        } else {
            match slot.read(input, errors) {
                Ok(value) => (value, Ok(())),
                Err(error) => (Value::Misplaced(None), Err(error)),
            }
        };
        if is_guessed {
            self.options.guessed.push(row.name);
        }
        if is_guessed && !NAMED_ELSEWHERE.contains(&row.name) {
            self.set(row, &slot, &Value::Misplaced(None), errors);
        } else if !twice {
            self.set(row, &slot, &value, errors);
        }
        result
    }

    fn begins(&self, input: ParseStream<'_>) -> bool {
        let name = input.fork().call(Ident::parse_any);
        name.is_ok_and(|name| option_table::is_known(&name.to_string()))
    }

    fn comma(&mut self, input: ParseStream<'_>) -> (Vec<Advice>, String) {
        let help = "put a `,` between two options".to_owned();
        if let (Ok(next), Some((option, last))) = (input.fork().parse::<LitStr>(), self.last_string()) {
            return (vec![several(option, &last, &next)], help);
        }
        self.options.unrecognised |= !self.begins(input);
        (Vec::new(), help)
    }
}

/// Skips an attribute in front of an option, which cannot have one.
fn attribute(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
    let mut tokens = input.parse::<Token![#]>()?.to_token_stream();
    let inside: Group = input.parse()?;
    let word = inside.stream().into_iter().next().map(|first| first.to_string());
    tokens.extend([TokenTree::Group(inside)]);
    let help = match word.as_deref() {
        Some("doc") => "write a comment with `//`",
        Some("cfg" | "cfg_attr") => {
            "write the whole attribute twice, each time in a `#[cfg_attr(…, …)]` with its own options"
        }
        _ => "remove it",
    };
    errors.push(tokens, "an option cannot have an attribute", help);
    Ok(())
}

/// The name of an option, with dashes if it has any, which are wrong.
fn name(input: ParseStream<'_>) -> syn::Result<(TokenStream, String)> {
    let first = input.call(Ident::parse_any)?;
    let (mut tokens, mut written) = (first.to_token_stream(), first.to_string());
    while input.peek(Token![-]) && input.peek2(Ident::peek_any) {
        input.parse::<Token![-]>()?.to_tokens(&mut tokens);
        let next = input.call(Ident::parse_any)?;
        written.push_str(&format!("-{next}"));
        next.to_tokens(&mut tokens);
    }
    Ok((tokens, written))
}

impl Parser<'_> {
    /// The value behind a comma that stands in place of a `=`: `path, "/news"`.
    fn behind_comma(&self, row: &Row, input: ParseStream<'_>) -> Option<Expr> {
        if !input.peek(Token![,]) || self.owner.example(row) == row.name {
            return None;
        }
        let ahead = input.fork();
        ahead.parse::<Token![,]>().ok()?;
        let literal = ahead.parse::<ExprLit>().ok()?;
        let is_whole = ahead.is_empty() || ahead.peek(Token![,]);
        let is_option = matches!(&literal.lit, Lit::Str(text) if quoted_option(&text.value()).is_some());
        (is_whole && !is_option).then_some(Expr::Lit(literal))
    }

    /// Reads the channels of a list without the name of the option, if there are several.
    fn several_channels(&self, input: ParseStream<'_>) -> Vec<LitStr> {
        let (mut channels, ahead) = (Vec::new(), input.fork());
        if self.owner.kind.is_plain() || !self.seen.is_empty() {
            return channels;
        }
        while let Ok(text) = ahead.parse::<LitStr>() {
            let value = text.value();
            let is_end = ahead.is_empty() || ahead.peek(Token![,]);
            if !is_end
                || value.starts_with('/')
                || quoted_option(&value).is_some()
                || option_table::is_known(&value)
            {
                return Vec::new();
            }
            channels.push(text);
            // The comma behind the last one is read by the list.
            if channels.len() > 1 {
                input.advance_to(&ahead);
            }
            if !ahead.peek2(LitStr) || ahead.parse::<Token![,]>().is_err() {
                break;
            }
        }
        channels
    }

    /// The help for options in brackets of their own: `{ path = "/news" }`.
    fn in_brackets(&self, input: ParseStream<'_>) -> Option<String> {
        let ahead = input.fork();
        let group: Group = ahead.parse().ok()?;
        let is_whole = ahead.is_empty() || ahead.peek(Token![,]);
        let first = group.stream().into_iter().next();
        let is_option =
            matches!(first, Some(TokenTree::Ident(name)) if option_table::is_known(&name.to_string()));
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Brace => ('{', '}'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::None => return None,
        };
        (is_whole && is_option)
            .then(|| format!("write the options without `{open}` and `{close}` around them"))
    }

    fn has_seen(&self, name: &str) -> bool {
        self.seen.iter().any(|row| row.name == name)
    }

    fn set(&mut self, row: &Row, slot: &Slot<'_>, value: &Value, errors: &mut Errors) {
        match row.reader {
            Reader::Strings(field) => {
                *field(&mut self.options) =
                    slot.setting(value, errors, |value, errors| slot.strings(value, errors));
            }
            Reader::Type(field) => {
                *field(&mut self.options) =
                    slot.setting(value, errors, |value, errors| slot.no_type(value, errors));
            }
            Reader::Other(read) => read(&mut self.options, slot, value, self.owner, errors),
        }
    }

    /// The options that were probably meant by tokens that are not one, and the help without them.
    fn instead_of(&mut self, input: ParseStream<'_>) -> (Vec<Advice>, String) {
        let help = "write options as `name = value`, with commas between them".to_owned();
        if input.peek(Token![/]) {
            let path = separated::skip(&input.fork()).map(|tokens| format!("{:?}", glued(tokens)));
            return (path.iter().map(|path| Advice::write(format!("path = {path}"), "")).collect(), help);
        }
        let Ok(string) = input.fork().parse::<LitStr>() else { return (Vec::new(), help) };
        let value = string.value();
        if let Some(options) = self.in_quotes(&value) {
            return (Vec::new(), format!("write `{options}`, without quotes around it"));
        }
        let advice = match self.last_string() {
            _ if option_table::is_known(&value) => {
                return (Vec::new(), format!("write `{value}`, without quotes"));
            }
            _ if quoted_option(&value).is_some() => {
                return (Vec::new(), "write each option without quotes around it".to_owned());
            }
            last if of_method(&value).is_some()
                && last.as_ref().is_none_or(|(option, _)| *option != "methods") =>
            {
                let (method, path) = of_method(&value).expect("checked");
                let has_methods = option_table::names(self.owner.kind).any(|option| option == "methods");
                let path =
                    foreign::path(path, |foreign| !foreign.is_doubtful).unwrap_or_else(|| path.to_owned());
                let options = [
                    has_methods.then(|| format!("methods = {method:?}")),
                    (!path.is_empty()).then(|| format!("path = {path:?}")),
                ];
                let options: Vec<_> = options.into_iter().flatten().collect();
                return (vec![Advice::write(options.join(", "), "")], help);
            }
            _ if value.starts_with('/') => {
                let path = foreign::path(&value, |foreign| !foreign.is_doubtful).unwrap_or(value);
                Advice::write(format!("path = {path:?}"), "")
            }
            Some((option, last)) => several(option, &last, &string),
            None if self.owner.kind.is_plain() => {
                Advice::write(format!("path = {:?}", format!("/{value}")), "")
            }
            None => Advice::write(format!("channel = {value:?}"), ""),
        };
        (vec![advice], help)
    }

    /// An option that was written inside quotes: `"channel = news"`. The quotes of its value may be missing.
    fn in_quotes(&self, written: &str) -> Option<String> {
        let (name, value) = quoted_option(written)?;
        // These are several options.
        if value.contains(',') {
            return None;
        }
        let is_right = |option: &String| {
            let mut errors = Errors::default();
            option.parse().is_ok_and(|tokens| {
                parse(self.owner.kind, self.owner.name, tokens, &mut errors);
                errors.is_empty()
            })
        };
        let bare = value.trim_matches(['"', '\'']);
        // The compiler reports a text that it cannot split into tokens, so only names, paths and numbers are tried without quotes.
        let is_harmless =
            value.bytes().all(|byte| byte.is_ascii_digit()) || value.split("::").all(is_ascii_name);
        let plain = is_harmless.then(|| format!("{name} = {value}"));
        plain.into_iter().chain([format!("{name} = {bare:?}")]).find(is_right).or_else(|| {
            let row = option_table::example(name, self.owner.name);
            Some(row).filter(is_right)
        })
    }

    /// The last option, if it can be a list of strings, and the last string of it.
    fn last_string(&mut self) -> Option<(&'static str, LitStr)> {
        let row = self.seen.last()?;
        let strings = match (&row.reader, self.options.channels.value()) {
            (Reader::Strings(field), _) => field(&mut self.options).values(),
            (Reader::Other(_), Some(Channels::One(name))) if row.name == "channel" => {
                std::slice::from_ref(name)
            }
            (Reader::Other(_), Some(Channels::List(names))) if row.name == "channel" => names,
            _ => return None,
        };
        Some((row.name, strings.last()?.clone()))
    }
}

/// The name and the value of an option that is written in a string.
fn quoted_option(written: &str) -> Option<(&str, &str)> {
    let (name, value) = written.split_once('=')?;
    let name = name.trim();
    option_table::is_known(name).then(|| (name, value.trim()))
}

/// A method in capitals, and the path behind it, if there is one: `"GET /news"`.
fn of_method(written: &str) -> Option<(&str, &str)> {
    let (method, path) = written.split_once(' ').unwrap_or((written, ""));
    let path = path.trim();
    let is_path = path.is_empty() || path.starts_with('/');
    (value::METHODS.contains(&method) && is_path).then_some((method, path))
}

/// The advice for a second string without brackets.
fn several(option: &str, first: &LitStr, second: &LitStr) -> Advice {
    let what = match option {
        "channel" => "channels",
        "cors" => "origins",
        option => option,
    };
    let option = format!("{option} = [{:?}, {:?}]", first.value(), second.value());
    Advice { help: format!("for several {what}, write a list: `{option}`"), option }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::keep_alive::KeepAlive;
    use crate::parse::time::Seconds;

    fn parse(kind: Kind, written: &str) -> (Options, Vec<String>) {
        let mut errors = Errors::default();
        let options = super::parse(kind, "live_news", written.parse().expect("tokens"), &mut errors);
        (options, errors.problems())
    }

    fn problems(kind: Kind, written: &str) -> Vec<String> {
        parse(kind, written).1
    }

    #[test]
    fn every_option_is_read() {
        let written = "channel = [\"a\", \"b\",], path = r\"/a\", timeout = 30, backend = \"me\", name = News, \
                       crate = ::a::b, \
                       guard = may_enter(room), headers = [(\"a\", \"b\")], meta = (\"c\", \"d\"), strict, status = 202, \
                       methods = \"POST\", cors = \"*\", expose_headers = [\"e\"], content_type = \"text/html\",";
        let (options, problems) = parse(Kind::LongPoll, written);
        assert_eq!(problems, [""; 0]);
        let Setting::Valid(Channels::List(channels)) = options.channels else { panic!("no list") };
        assert_eq!(channels.iter().map(LitStr::value).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(options.path.value().unwrap().value(), "/a");
        assert_eq!(options.timeout.value().unwrap().count, 30);
        assert_eq!(options.backend.value().unwrap().value(), "me");
        assert_eq!(options.name.value().unwrap(), "News");
        assert_eq!(*options.krate.value().unwrap(), syn::parse_quote!(::a::b));
        assert!(options.echo.is_absent());
        assert!(options.strict.value().is_some());
        assert_eq!(options.guard.value().unwrap().given[0], "room");
        assert_eq!((options.headers.values().len(), options.meta.values().len()), (1, 1));
        assert_eq!((options.methods.values().len(), options.cors.values().len()), (1, 1));
        assert_eq!(options.expose_headers.values().len(), 1);
        assert!(options.status.value().is_some() && options.content_type.value().is_some());

        let (options, problems) = parse(Kind::Ws, "channel = \"a\", echo");
        assert_eq!(problems, [""; 0]);
        assert!(options.echo.value().is_some());
        assert!(matches!(options.channels, Setting::Valid(Channels::One(_))));
    }

    #[test]
    fn times_are_written_as_they_are_read() {
        let timeout = |written: &str| {
            let (options, problems) = parse(Kind::LongPoll, &format!("timeout = {written}"));
            options.timeout.value().map(|timeout| timeout.count).ok_or(problems)
        };
        assert_eq!(timeout("30"), Ok(30));
        assert_eq!(timeout("\"30s\""), Ok(30));
        assert_eq!(timeout("\"2m\""), Ok(120));
        assert_eq!(timeout("\"1h\""), Ok(3600));
        assert_eq!(timeout("99999999999999999999"), Ok(u32::MAX));
        for wrong in ["\"30\"", "30s", "\"30 s\"", "\"s\"", "\"\"", "0.5", "\"500ms\"", "-5", "HALF"] {
            assert_eq!(timeout(wrong).unwrap_err().len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_stream_is_kept_awake_in_one_of_four_ways() {
        let read = |written: &str| parse(Kind::Sse, &format!("keep_alive = {written}")).0.keep_alive;
        assert!(matches!(read("off"), Setting::Valid(KeepAlive::Off(_))));
        assert!(matches!(read("\"20s\""), Setting::Valid(KeepAlive::Idle(Seconds { count: 20, .. }, None))));
        assert!(matches!(read("every(5)"), Setting::Valid(KeepAlive::Every(Seconds { count: 5, .. }, None))));
        assert!(matches!(
            read("idle(\"1m\", \"x\")"),
            Setting::Valid(KeepAlive::Idle(Seconds { count: 60, .. }, Some(_)))
        ));
        for wrong in
            ["on", "every()", "each(5)", "idle(5, \"x\", 6)", "idle(5, 6)", "idle(\"x\", 6)", "every(SECS)"]
        {
            assert_eq!(problems(Kind::Sse, &format!("keep_alive = {wrong}")).len(), 1, "{wrong}");
        }
        assert_eq!(problems(Kind::Sse, "keep_alive = idle(\"x\", 6, 7)").len(), 3);
    }

    #[test]
    fn channels_are_names_or_a_function() {
        let read = |written: &str| parse(Kind::Sse, &format!("channel = {written}")).0.channels;
        let put_together = "concat!(\"a\", 1, 'b', 1_0.50f32, true)";
        assert!(
            matches!(read(put_together), Setting::Valid(Channels::One(name)) if name.value() == "a1b10.50true")
        );
        assert!(matches!(read("topics"), Setting::Valid(Channels::Function(_))));
        assert!(
            matches!(read("a::topics(room)"), Setting::Valid(Channels::Function(named)) if named.given.len() == 1)
        );
        for wrong in [
            "live_news",
            "NEWS",
            "a::NEWS",
            "|| news()",
            "topics(1)",
            "concat!(NEWS)",
            "concat!(\"a\" \"b\")",
            "5",
        ] {
            assert_eq!(problems(Kind::Sse, &format!("channel = {wrong}")).len(), 1, "{wrong}");
        }
        assert_eq!(problems(Kind::Sse, "channel = (\"a\", 5)").len(), 2);
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
                "this is not a value for `path`",
                "expected an option",
                "expected a `=` after `backend`",
                "`echo` does nothing for `sse`",
                "`name` must be the name of a type",
                "`name` is given twice",
            ]
        );
    }

    #[test]
    fn an_option_after_a_missing_comma_counts() {
        let (options, problems) = parse(Kind::Sse, "channel = \"a\" path = \"/b\"");
        assert_eq!(problems, ["expected a comma"]);
        assert_eq!(options.path.value().unwrap().value(), "/b");
        assert_eq!(
            super::tests::problems(Kind::LongPoll, "timeout = 30 whole, path"),
            ["expected a comma", "`path` needs a value"]
        );
        assert_eq!(
            super::tests::problems(Kind::LongPoll, "timeout = 30 seconds, path"),
            ["a number and its unit are one value of `timeout`", "`path` needs a value"]
        );
    }

    #[test]
    fn the_guess_stands_in_for_a_wrong_value() {
        let (options, problems) = parse(Kind::Ws, "name = \"News\", crate = \"live::fanout\"");
        assert_eq!(problems.len(), 2);
        assert_eq!(options.name.value().unwrap(), "News");
        assert_eq!(*options.krate.value().unwrap(), syn::parse_quote!(live::fanout));
    }
}
