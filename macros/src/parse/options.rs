//! The options of an endpoint: `flag, option = value, …`.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, ExprCall, ExprLit, Ident, Lit, LitInt, LitStr, Path, Token};

use super::expr::{self, ungrouped};
use crate::diagnostics::{Errors, ends, glued, message};
use crate::kind::Kind;
use crate::parse::option_table::{self, Found};
use crate::parse::separated::{self, Read};
use crate::parse::suggest;
use crate::parse::value::{self, Named, Seconds, Slot, Value};

/// What the options of an endpoint say, each as it was written.
#[derive(Default)]
pub struct Options {
    pub channels: Option<Channels>,
    /// What is written where these cannot be read.
    pub unread: Option<String>,
    pub path: Option<LitStr>,
    pub guard: Option<Named>,
    pub response: Response,
    pub socket: Socket,
    pub methods: Vec<LitStr>,
    /// The option itself, which says that a parameter of the path has to be what it is declared as.
    pub strict: Option<Ident>,
    pub backend: Option<LitStr>,
    pub name: Option<Ident>,
    pub krate: Option<Path>,
}

/// The response that is held.
#[derive(Default)]
pub struct Response {
    pub timeout: Option<Seconds>,
    pub keep_alive: Option<KeepAlive>,
    pub next: Option<LitStr>,
    pub next_after: Option<Seconds>,
    pub gone: Option<LitStr>,
    pub cors: Vec<LitStr>,
    pub content_type: Option<LitStr>,
    pub headers: Vec<(LitStr, LitStr)>,
    pub expose_headers: Vec<LitStr>,
    pub status: Option<LitInt>,
    pub meta: Vec<(LitStr, LitStr)>,
}

/// The WebSocket.
#[derive(Default)]
pub struct Socket {
    /// The option itself.
    pub echo: Option<Ident>,
    /// The parameter that is made from a message.
    pub message: Option<Ident>,
    pub keep_alive: Option<KeepAlive>,
    pub keep_alive_interval: Option<Seconds>,
    pub max_message: Option<LitInt>,
    pub origins: Vec<LitStr>,
    pub subprotocols: Vec<LitStr>,
}

/// What an endpoint is subscribed to.
pub enum Channels {
    /// One name.
    One(LitStr),
    /// A list of them, in brackets.
    List(Vec<LitStr>),
    /// What a function returns.
    Function(Named),
}

impl Channels {
    /// What stands for channels that cannot be read: whoever publishes names them all the same. The parameters are those
    /// of the path where none are written.
    pub fn unread(written: &str, parameters: &[String]) -> Self {
        let of_path = || parameters.iter().map(|name| format!("{{{name}}}")).collect();
        let text = if written.contains('{') { written.to_owned() } else { of_path() };
        let text = LitStr::new(&text, Span::call_site());
        if !written.contains('[') {
            return Self::One(text);
        }
        let count = (written.matches('"').count() / 2).max(1);
        let empty = LitStr::new("", Span::call_site());
        Self::List(std::iter::once(text).chain(vec![empty; count - 1]).collect())
    }

    /// The names that should be parameters of the path.
    pub fn names(&self) -> BTreeSet<String> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::List(texts) => texts,
            Self::Function(named) => {
                return named.given.iter().map(|name| name.unraw().to_string()).collect();
            }
        };
        let mut names = BTreeSet::new();
        for text in texts {
            let text = text.value().replace("{{", "").replace("}}", "");
            // Where a brace is not closed, the name is probably what is left.
            names.extend(text.split('{').skip(1).filter_map(|rest| Some(rest.split('}').next()?.to_owned())));
        }
        names
    }
}

/// How a stream is kept awake.
pub enum KeepAlive {
    /// The word itself.
    Off(Expr),
    /// After so many quiet seconds.
    Idle(Seconds, Option<LitStr>),
    /// Every so many seconds.
    Every(Seconds, Option<LitStr>),
}

impl Options {
    /// Reads the options of an endpoint of this kind, whose function is called `own_name`. What is wrong goes to
    /// `errors`, and is left out where it cannot be guessed.
    pub fn parse(kind: Kind, own_name: &str, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut reader = Reader { kind, own_name, seen: Vec::new(), options: Self::default() };
        separated::read(tokens, &mut reader, errors);
        reader.options
    }

    /// Where the runtime is.
    pub fn krate(&self) -> Path {
        self.krate.clone().unwrap_or_else(value::default_crate)
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
    seen: Vec<&'static str>,
    options: Options,
}

impl Read for Reader<'_> {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            let string = input.fork().parse::<LitStr>().ok().filter(|_| self.seen.is_empty());
            if let Some(channel) = string.filter(|string| !string.value().starts_with('/')) {
                self.options.channels = Some(Channels::One(channel));
            }
            return Err(syn::Error::new(
                input.span(),
                message("expected an option", &self.instead_of(input)),
            ));
        }
        let (place, written) = name(input)?;
        let is_alone = input.is_empty() || input.peek(Token![,]);
        if written == self.own_name
            && is_alone
            && !self.seen.contains(&"channel")
            && !option_table::is_known(&written)
        {
            let help = format!("write `{}`", option_table::example("channel", self.own_name));
            self.options.channels = Some(Channels::One(LitStr::new(self.own_name, ends(&place).0)));
            return Err(syn::Error::new_spanned(place, message("expected an option", &help)));
        }
        let mut unheard = Errors::default();
        let (known, errors) = match option_table::find(self.kind, &written, &place, errors) {
            Found::Option(known) => (known, errors),
            // It is read for what the rest of the file refers to. What else is wrong with it can wait.
            Found::Misspelt(known) if !self.seen.contains(&known.name) => (known, &mut unheard),
            Found::Misspelt(_) | Found::Nothing => {
                separated::skip(input)?;
                return Ok(());
            }
        };
        let name = Ident::new(known.name, ends(place).0);
        let twice = self.seen.contains(&known.name);
        if twice {
            let help = match known.name {
                "channel" => "for several channels write a list: `channel = [\"news\", \"sport\"]`",
                _ => "leave one of them",
            };
            errors.push(&name, format!("`{name}` is given twice"), help);
        }
        self.seen.push(known.name);
        if known.name == "channel" {
            self.options.unread = Some(glued(separated::skip(&input.fork())?));
        }
        let slot = Slot { option: &name, example: option_table::example(known.name, self.own_name) };
        let none = input.is_empty() || input.peek(Token![,]) || self.begins(input);
        let value = if none { Value::None } else { slot.read(input, errors)? };
        match value {
            _ if twice => {}
            Value::None => self.set(&slot, None, errors),
            Value::Given(value) => self.set(&slot, Some(&value), errors),
            Value::Meant(Some(value)) => self.set(&slot, Some(&value), &mut Errors::default()),
            Value::Meant(None) => {}
        }
        Ok(())
    }

    fn begins(&self, input: ParseStream<'_>) -> bool {
        let name = input.fork().call(Ident::parse_any);
        name.is_ok_and(|name| option_table::is_known(&name.to_string()))
    }

    fn comma(&self, input: ParseStream<'_>) -> String {
        match (input.fork().parse::<LitStr>(), self.last_string()) {
            (Ok(next), Some((option, last))) => several(option, last, &next),
            _ => "put a `,` between two options".to_owned(),
        }
    }
}

/// The name of an option, and with the dashes that it cannot have.
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

impl Reader<'_> {
    fn set(&mut self, slot: &Slot<'_>, value: Option<&Expr>, errors: &mut Errors) {
        let options = &mut self.options;
        match (slot.option.to_string().as_str(), value) {
            ("echo", None) => options.socket.echo = Some(slot.option.clone()),
            ("strict", None) => options.strict = Some(slot.option.clone()),
            ("echo" | "strict", Some(value)) => slot.refuse_value(value, errors),
            (option, None) => {
                errors.push(
                    slot.option,
                    format!("`{option}` needs a value"),
                    format!("write `{}`", slot.example),
                );
            }
            ("channel", Some(value)) => options.channels = channels(slot, value, self.own_name, errors),
            ("path", Some(value)) => options.path = slot.string(value, errors),
            ("guard", Some(value)) => options.guard = slot.function(value, errors),
            ("methods", Some(value)) => options.methods = slot.strings(value, errors).unwrap_or_default(),
            ("backend", Some(value)) => options.backend = slot.string(value, errors),
            ("name", Some(value)) => options.name = slot.name(value, errors),
            ("crate", Some(value)) => {
                options.krate = slot.path(value, "the path of the fanout crate", errors)
            }
            (_, Some(value)) if self.kind == Kind::Ws => options.socket.set(slot, value, errors),
            (_, Some(value)) => options.response.set(self.kind, slot, value, errors),
        }
    }

    /// What was probably meant by what is no option.
    fn instead_of(&self, input: ParseStream<'_>) -> String {
        let Ok(string) = input.fork().parse::<LitStr>() else {
            return "options are written `name = value`, with commas between them".to_owned();
        };
        let value = string.value();
        match self.last_string() {
            _ if option_table::is_known(&value) => format!("write `{value}`, without quotes"),
            _ if value.starts_with('/') => format!("write `path = {value:?}`"),
            Some((option, last)) => several(option, last, &string),
            None => format!("write `channel = {value:?}`"),
        }
    }

    /// The last option, if it can be a list of strings, and the last of them.
    fn last_string(&self) -> Option<(&'static str, &LitStr)> {
        let Options { channels, methods, response, socket, .. } = &self.options;
        let option = *self.seen.last()?;
        let strings = match (option, channels) {
            ("channel", Some(Channels::One(name))) => std::slice::from_ref(name),
            ("channel", Some(Channels::List(names))) => names,
            ("methods", _) => methods,
            ("cors", _) => &response.cors,
            ("expose_headers", _) => &response.expose_headers,
            ("origins", _) => &socket.origins,
            ("subprotocols", _) => &socket.subprotocols,
            _ => return None,
        };
        Some((option, strings.last()?))
    }
}

impl Response {
    fn set(&mut self, kind: Kind, slot: &Slot<'_>, value: &Expr, errors: &mut Errors) {
        match slot.option.to_string().as_str() {
            "timeout" => self.timeout = slot.seconds(value, errors),
            "keep_alive" => self.keep_alive = keep_alive(kind, slot, value, errors),
            "next" => self.next = slot.string(value, errors),
            "next_after" => self.next_after = slot.seconds(value, errors),
            "gone" => self.gone = slot.string(value, errors),
            "cors" => self.cors = slot.strings(value, errors).unwrap_or_default(),
            "content_type" => self.content_type = slot.string(value, errors),
            "headers" => self.headers = slot.pairs(value, errors).unwrap_or_default(),
            "expose_headers" => self.expose_headers = slot.strings(value, errors).unwrap_or_default(),
            "status" => self.status = slot.number(value, errors),
            "meta" => self.meta = slot.pairs(value, errors).unwrap_or_default(),
            option => unreachable!("the table knows no option `{option}`"),
        }
    }
}

impl Socket {
    fn set(&mut self, slot: &Slot<'_>, value: &Expr, errors: &mut Errors) {
        match slot.option.to_string().as_str() {
            "message" => self.message = slot.parameter(value, errors),
            "keep_alive" => self.keep_alive = keep_alive(Kind::Ws, slot, value, errors),
            "keep_alive_interval" => self.keep_alive_interval = slot.seconds(value, errors),
            "max_message" => self.max_message = slot.number(value, errors),
            "origins" => self.origins = slot.strings(value, errors).unwrap_or_default(),
            "subprotocols" => self.subprotocols = slot.strings(value, errors).unwrap_or_default(),
            option => unreachable!("the table knows no option `{option}`"),
        }
    }
}

/// Channels, or the function that finds them. What cannot be read stands for a channel all the same: whoever publishes
/// names it.
fn channels(slot: &Slot<'_>, value: &Expr, own_name: &str, errors: &mut Errors) -> Option<Channels> {
    let one = |errors: &mut Errors| {
        let text = slot.string(value, errors).or_else(|| suggest::text(value));
        let template = || suggest::template(value).unwrap_or_else(|| own_name.to_owned());
        Some(Channels::One(text.unwrap_or_else(|| LitStr::new(&template(), ends(value).0))))
    };
    match value {
        // A constant would be one too, but nobody can see what it is.
        Expr::Path(path) if !path.path.is_ident(own_name) && !expr::is_constant(value) => {
            slot.function(value, errors).map(Channels::Function)
        }
        Expr::Call(_) if suggest::text(value).is_some() => one(errors),
        Expr::Call(_) | Expr::Closure(_) => slot.function(value, errors).map(Channels::Function),
        Expr::Array(array) => {
            let mut all = slot.strings(value, errors)?;
            let wrong = array.elems.iter().skip(all.len());
            all.extend(wrong.map(|element| LitStr::new(own_name, ends(element).0)));
            Some(Channels::List(all))
        }
        value if suggest::list(value).is_some() => slot.strings(value, errors).map(Channels::List),
        _ => one(errors),
    }
}

/// A time, or `idle(time, data)`, `every(time, data)`, `off`.
fn keep_alive(kind: Kind, slot: &Slot<'_>, value: &Expr, errors: &mut Errors) -> Option<KeepAlive> {
    if expr::is_word(value, "off") {
        return Some(KeepAlive::Off(value.clone()));
    }
    let Expr::Call(ExprCall { func, args, .. }) = value else {
        let help = match glued(value).trim_matches('"') {
            "off" | "false" | "never" | "no" | "none" | "None" if kind == Kind::Sse => "off",
            "idle" => "idle(\"20s\")",
            "every" => "every(\"20s\")",
            _ => return slot.seconds(value, errors).map(|seconds| KeepAlive::Idle(seconds, None)),
        };
        errors.push(value, "`keep_alive` is a time in whole seconds", format!("write `keep_alive = {help}`"));
        return None;
    };
    let name = glued(func);
    let every = name == "every";
    if !every && name != "idle" {
        let off = if kind == Kind::Sse { ", or `off`" } else { "" };
        let help = format!(
            "write `idle(\"20s\")` for after so many quiet seconds, `every(\"20s\")` for all the time{off}"
        );
        errors.push(func, format!("`{name}` is no way to keep a stream awake"), help);
        return None;
    }
    let mut arguments = args.iter().cloned().map(ungrouped);
    let Some(seconds) = arguments.next() else {
        errors.push(func, "a time is missing", format!("write `{name}(\"20s\")`"));
        return None;
    };
    let seconds = slot.seconds(&seconds, errors);
    let data = match arguments.next() {
        None => None,
        Some(data @ (Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) | Expr::Macro(_))) => {
            Some(slot.string(&data, errors)?)
        }
        Some(other) => {
            let help = format!("write it in quotes: `{name}(\"20s\", \"…\")`");
            errors.push(other, "what is sent is a string", help);
            return None;
        }
    };
    if let Some(more) = arguments.next() {
        let help = "it takes a time, and what is sent then";
        errors.push(more, format!("`{name}` takes no more than two"), help);
    }
    let make = if every { KeepAlive::Every } else { KeepAlive::Idle };
    Some(make(seconds?, data))
}

fn several(option: &str, first: &LitStr, second: &LitStr) -> String {
    let what = match option {
        "channel" => "channels",
        "cors" => "origins",
        option => option,
    };
    format!("for several {what} write a list: `{option} = [{:?}, {:?}]`", first.value(), second.value())
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
                       crate = ::a::b, \
                       guard = may_enter(room), headers = [(\"a\", \"b\")], meta = (\"c\", \"d\"), strict, status = 202, \
                       methods = \"POST\", cors = \"*\", expose_headers = [\"e\"], content_type = \"text/html\",";
        let (options, problems) = parse(Kind::LongPoll, written);
        assert_eq!(problems, [""; 0]);
        let Some(Channels::List(channels)) = options.channels else { panic!("no list") };
        assert_eq!(channels.iter().map(LitStr::value).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(options.path.unwrap().value(), "/a");
        assert_eq!(options.response.timeout.unwrap().count, 30);
        assert_eq!(options.backend.unwrap().value(), "me");
        assert_eq!(options.name.unwrap(), "News");
        assert_eq!(options.krate.unwrap(), syn::parse_quote!(::a::b));
        assert!(options.socket.echo.is_none());
        assert!(options.strict.is_some());
        assert_eq!(options.guard.unwrap().given[0], "room");
        assert_eq!((options.response.headers.len(), options.response.meta.len()), (1, 1));
        assert_eq!((options.methods.len(), options.response.cors.len()), (1, 1));
        assert_eq!(options.response.expose_headers.len(), 1);
        assert!(options.response.status.is_some() && options.response.content_type.is_some());

        let (options, problems) = parse(Kind::Ws, "channel = \"a\", echo");
        assert_eq!(problems, [""; 0]);
        assert!(options.socket.echo.is_some());
        assert!(matches!(options.channels, Some(Channels::One(_))));
    }

    #[test]
    fn times_are_written_as_they_are_read() {
        let timeout = |written: &str| {
            let (options, problems) = parse(Kind::LongPoll, &format!("timeout = {written}"));
            options.response.timeout.map(|timeout| timeout.count).ok_or(problems)
        };
        assert_eq!(timeout("30"), Ok(30));
        assert_eq!(timeout("\"30s\""), Ok(30));
        assert_eq!(timeout("\"2m\""), Ok(120));
        assert_eq!(timeout("\"1h\""), Ok(3600));
        for wrong in ["\"30\"", "30s", "\"30 s\"", "\"s\"", "\"\"", "0.5", "\"500ms\"", "-5", "HALF"] {
            assert_eq!(timeout(wrong).unwrap_err().len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_stream_is_kept_awake_in_one_of_four_ways() {
        let read = |written: &str| parse(Kind::Sse, &format!("keep_alive = {written}")).0.response.keep_alive;
        assert!(matches!(read("off"), Some(KeepAlive::Off(_))));
        assert!(matches!(read("\"20s\""), Some(KeepAlive::Idle(Seconds { count: 20, .. }, None))));
        assert!(matches!(read("every(5)"), Some(KeepAlive::Every(Seconds { count: 5, .. }, None))));
        assert!(matches!(
            read("idle(\"1m\", \"x\")"),
            Some(KeepAlive::Idle(Seconds { count: 60, .. }, Some(_)))
        ));
        for wrong in ["on", "every()", "each(5)", "idle(5, \"x\", 6)", "idle(5, 6)"] {
            assert_eq!(problems(Kind::Sse, &format!("keep_alive = {wrong}")).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn channels_are_names_or_a_function() {
        let read = |written: &str| parse(Kind::Sse, &format!("channel = {written}")).0.channels;
        let put_together = "concat!(\"a\", 1, 'b', 1_0.50f32, true)";
        assert!(matches!(read(put_together), Some(Channels::One(name)) if name.value() == "a1b10.50true"));
        assert!(matches!(read("topics"), Some(Channels::Function(_))));
        assert!(matches!(read("a::topics(room)"), Some(Channels::Function(named)) if named.given.len() == 1));
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
                "expected a `=` behind `backend`",
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
}
