//! The model of an endpoint.

use std::cell::LazyCell;

use proc_macro2::{Ident, Span, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, Type, Visibility};

use crate::diagnostics::{Advice, Errors, ends, glued, list, variable};
use crate::kind::{Kind, Method, is_main};
use crate::parse::channels as parsed;
use crate::parse::impl_block::ImplBlock;
use crate::parse::item::Item;
use crate::parse::option_table::{self, Options};
use crate::parse::options;
use crate::parse::signature::Function;
use crate::parse::types::{is_of_request, is_path_extractor};
use crate::parse::value::Setting;

use super::about::About;
use super::app;
use super::body;
use super::channels::{self, Channels};
use super::handler::{self, Handlers};
use super::history::History;
use super::hold::{self, Hold};
use super::names::{Argument, Call, Names};
use super::path;
use super::socket::Socket;

/// An endpoint. It is valid only if no error was recorded.
pub struct Endpoint<'f> {
    pub kind: Kind,
    pub krate: Path,
    /// The name in messages and docs.
    pub own_name: String,
    pub stands_for: StandsFor<'f>,
    pub cfgs: &'f [Attribute],
    pub handlers: Handlers<'f>,
    pub path: LitStr,
    /// The names of the path parameters.
    pub parameters: Vec<String>,
    /// `true` if a path parameter that does not parse is answered with 400, `false` for 404.
    pub strict: bool,
    pub guard: Option<Call>,
    pub history: Option<History>,
    /// `true` if a client may send the id of its last event in the query.
    pub last_event_id_query: bool,
    pub channels: Channels,
    /// The channels as they were written, for a stand-in.
    pub written_channels: Option<parsed::Channels>,
    pub methods: Vec<&'static str>,
    pub backend: Option<LitStr>,
    pub hold: Hold,
    pub socket: Socket,
    /// The limit of a body, in bytes.
    pub max_body: Option<u32>,
    pub about: About<'f>,
    /// `false` if a type of this name would be another mistake.
    pub has_type: bool,
}

/// The type that stands for an endpoint.
pub enum StandsFor<'f> {
    /// A type that the attribute makes, with the visibility of the function.
    Made { name: Ident, vis: &'f Visibility },
    /// The connection type.
    Own(&'f Type),
}

impl<'f> Endpoint<'f> {
    /// Lowers a function with the options of an attribute.
    pub fn of_function(
        kind: Kind,
        options: Options,
        item: &'f Item,
        function: &'f Function,
        errors: &mut Errors,
    ) -> Self {
        let place = &function.sig.ident;
        let own_name = place.unraw().to_string();
        let name = options.type_name(place);
        let is_free = check_type_name(&name, &own_name, place, &options, item, errors);
        // There is no place for a type beside a method.
        let has_type = is_free && !function.is_method();
        handler::check_function(kind, function, errors);
        let test = item.attributes.iter().find(|attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "test" || last.ident == "bench")
        });
        if let Some(test) = test {
            let (name, written) = (variable(&own_name), glued(test.path()));
            let help = format!(
                "remove it, and call the function in a test of its own: `#[{written}] fn {own_name}_works() {{ {name}(…); }}`"
            );
            errors.push(test.path(), format!("`{own_name}` cannot be an endpoint and a test"), help);
        }
        // With any other name, the attribute `main` reports the name.
        let main = item.attributes.iter().find(|attribute| is_main(attribute));
        if let Some(main) = main.filter(|_| own_name == "main") {
            app::refuse_endpoint(main, &format!("fanout::{}", kind.name()), errors);
        } else if own_name == "main" && options.path.is_absent() && options.name.is_absent() {
            let help = format!(
                "rename it, and list it: `#[fanout::main(news)] fn main() {{}}`; for an endpoint of a module that is called `main`, write \
                 `{}`",
                option_table::example("path", "main")
            );
            errors.push(place, "`main` is the start of the program", help);
        }
        let (echo, message) = (options.echo.value().cloned(), options.message.clone());
        let stands_for = StandsFor::Made { name, vis: &function.vis };
        let (attributes, cfgs) = (&item.attributes[..], &function.cfgs[..]);
        let functions = vec![function];
        let written = Written { kind, options, own_name, place, functions, attributes, cfgs, has_type };
        written.lower(stands_for, errors, |names, errors| {
            let handler = handler::function(kind, function, &message, names, errors);
            if let Some(echo) = echo.filter(|_| handler.takes_event()) {
                let own_name = names.endpoint;
                let help = "remove it, and return the message to send back";
                errors.push(
                    echo,
                    format!("`echo` does nothing for `{own_name}`, which takes the message"),
                    help,
                );
            }
            Handlers::Function(handler)
        })
    }

    /// Reports the mistakes of options that do not depend on their endpoint.
    pub fn check_options(kind: Kind, own_name: &str, mut options: Options, errors: &mut Errors) {
        // Other options may be there.
        options.unrecognised = true;
        let path = LitStr::new("/", Span::call_site());
        if let Some(path) = options.path.value() {
            path::parameters(path, || &[], errors);
        }
        let names = Names::new(own_name, &path, None, &options);
        let with_link = recovery_link(kind, &options);
        channels::channels(options.channels.value(), with_link, &names, errors);
        History::lower(&options, &names, errors);
        History::check(kind, &options, own_name, errors);
        Hold::lower(kind, &options, &names, errors);
        Settings::lower(kind, &options, errors);
    }

    /// Lowers a connection type with the options of `ws`. Its name is `own_name` in messages, and that of the type is
    /// `place`.
    pub fn of_connection(
        options: Options,
        item: &'f Item,
        block: &'f ImplBlock,
        own_name: String,
        place: &Ident,
        errors: &mut Errors,
    ) -> Self {
        let second = item.attributes.iter().find(|this| Kind::of(this).is_some());
        if let Some(second) = second {
            let help = "remove one of the attributes";
            errors.push(second.path(), format!("`{place}` is an endpoint already"), help);
        }
        let mut nothing = |option: Option<&Ident>, name: &str, help: &str| {
            if let Some(option) = option {
                errors.push(option, format!("`{name}` does nothing for an `impl`"), help);
            }
        };
        nothing(options.echo.value(), "echo", "remove it, and return the message from `text`");
        nothing(
            options.message.value(),
            "message",
            "remove it: the first parameter of a method is the message",
        );
        nothing(options.name.value(), "name", "remove it: the type itself is the endpoint");
        let (kind, cfgs, has_type) = (Kind::Ws, &block.cfgs[..], second.is_none());
        let attributes = &item.attributes[..];
        let functions = block.methods().collect();
        let written = Written { kind, options, own_name, place, functions, attributes, cfgs, has_type };
        written.lower(StandsFor::Own(&block.ty), errors, |names, errors| {
            Handlers::Connection(handler::methods(block, names, errors))
        })
    }
}

/// Checks that a type of this name can be made beside the function.
fn check_type_name(
    name: &Ident,
    own_name: &str,
    place: &Ident,
    options: &Options,
    item: &Item,
    errors: &mut Errors,
) -> bool {
    let example = option_table::example("name", own_name);
    // The attributes of other items, and generated code, begin with the crate.
    let krate = options.krate().segments.first().map(|first| first.ident.unraw());
    if let Some(krate) = krate.filter(|krate| name.unraw() == *krate) {
        let problem = format!("the type of `{own_name}` would hide the crate `{krate}`");
        match options.name.value() {
            Some(written) => {
                let help = format!("give it another name: `{}`", example);
                errors.push(written, problem, help);
            }
            None => {
                let help = format!("rename the function, or name its type: `{example}`");
                errors.push(place, problem, help);
            }
        }
        return false;
    }
    let makes_it = |attribute: &&Attribute| {
        let Some(kind) = Kind::of(attribute) else { return false };
        let tokens = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        // The other attribute reports its own errors.
        options::parse(kind, own_name, tokens, &mut Errors::default()).type_name(place) == *name
    };
    let other = item.attributes.iter().find(makes_it);
    if let Some(attribute) = other {
        let help = format!("give this endpoint another type: `{example}`");
        errors.push(attribute.path(), format!("`{own_name}` is an endpoint already"), help);
    }
    other.is_none()
}

/// An endpoint before its handlers are lowered.
struct Written<'w, 'f> {
    kind: Kind,
    options: Options,
    own_name: String,
    /// The token for errors about the whole.
    place: &'w Ident,
    functions: Vec<&'f Function>,
    attributes: &'f [Attribute],
    cfgs: &'f [Attribute],
    has_type: bool,
}

impl<'f> Written<'_, 'f> {
    fn lower(
        self,
        stands_for: StandsFor<'f>,
        errors: &mut Errors,
        handlers: impl FnOnce(&Names<'_>, &mut Errors) -> Handlers<'f>,
    ) -> Endpoint<'f> {
        let Self { kind, options, own_name, place, functions, attributes, cfgs, has_type } = self;
        let candidates = LazyCell::new(|| handler::candidates(kind, functions, &options));
        let default_path = || LitStr::new(&format!("/{own_name}"), place.span());
        let path = options.path.value().cloned().unwrap_or_else(default_path);
        let mut wrong = Errors::default();
        let parameters = match &options.path {
            Setting::Invalid(None) => None,
            written => {
                let is_known = !written.is_absent() || !options.unrecognised;
                let mut unheard = Errors::default();
                let errors = if options.is_guessed("path") { &mut unheard } else { &mut wrong };
                path::parameters(&path, || &candidates, errors).filter(|_| is_known)
            }
        };
        let takes_body = kind.is_plain() && kind != Kind::Plain(Some(Method::Get));
        let names = Names::new(&own_name, &path, parameters.as_deref(), &options)
            .with_body(takes_body)
            .with_candidates(&candidates);
        if !wrong.is_empty() {
            names.note_unread_option();
        }
        errors.append(wrong);
        let handlers = handlers(&names, errors);
        let guard = options.guard.value().filter(|_| !options.is_guessed("guard"));
        let guard = guard.map(|guard| names.call("guard", guard, errors));
        let history = History::lower(&options, &names, errors);
        History::check(kind, &options, &own_name, errors);
        let with_link = recovery_link(kind, &options);
        let channels = options.channels.value().filter(|_| !options.is_guessed("channel"));
        let channels = channels::channels(channels, with_link, &names, errors);
        let hold = Hold::lower(kind, &options, &names, errors);
        names.check(errors);

        let needs_channel = kind.is_hold();
        if needs_channel && options.channels.is_absent() && !options.unrecognised {
            // The channel may use a path parameter.
            names.note_unread_option();
            let kind = kind.name();
            let help = format!("add one: `#[fanout::{kind}(channel = \"{own_name}\")]`");
            errors.push(place, format!("`{own_name}` has no channel"), help);
        }
        let Settings { socket, methods, max_body } = Settings::lower(kind, &options, errors);
        if kind == Kind::Plain(None) && options.methods.is_absent() && !options.unrecognised {
            let help = "add them: `#[fanout::route(methods = [\"PUT\", \"PATCH\"])]`; for one method, write `#[fanout::get]` or one of its kind";
            errors.push(place, format!("`{own_name}` has no methods"), help);
        }
        // Methods that cannot be read may be any.
        let knows_methods =
            !options.unrecognised && !options.methods.is_invalid() && kind != Kind::Plain(None)
                || !methods.is_empty();
        if knows_methods {
            let methods = if methods.is_empty() { &["GET"] } else { &methods[..] };
            body::check(kind, methods, &handlers, &names, errors);
            if let Some(next) = options.next.value().filter(|next| hold::leads_here(next, &path)) {
                let or = ", or let `next` lead to another endpoint";
                hold::answers_recovery(next, methods, &own_name, or, errors);
            }
            let recovers = history.is_some() && kind != Kind::LongPoll;
            if let Some(place) = options.place("history").filter(|_| recovers) {
                hold::answers_recovery(place, methods, &own_name, "", errors);
            }
        }
        let channel_function = match &channels {
            Channels::Found(function) => Some(function),
            Channels::None | Channels::Named { .. } => None,
        };
        let history_function = history.as_ref().map(|history| &history.function);
        let functions =
            [("channel", channel_function), ("guard", guard.as_ref()), ("history", history_function)];
        check_use(kind, &names, &handlers, functions, errors);
        let is_parsed = handlers.parsed().next().is_some() || !names.knows_arguments();
        if let Some(strict) = options.strict.value().filter(|_| !is_parsed) {
            let problem = format!("`strict` does nothing for `{own_name}`, which parses no path parameter");
            errors.push(
                strict,
                problem,
                "remove it, or take a path parameter as a number or another `FromStr`",
            );
        }
        let about = About::new(attributes, &options);
        let krate = options.krate();
        let last_event_id_query = options.last_event_id_query.value().is_some();
        let (strict, backend) = (options.strict.value().is_some(), options.backend.value().cloned());
        let parameters = parameters.unwrap_or_default();
        let unread = options.channel_tokens.or_else(|| needs_channel.then(String::new));
        let unread = unread.map(|written| parsed::Channels::unread(&written, &parameters));
        let written_channels = options.channels.into_value().or(unread);
        Endpoint {
            kind,
            krate,
            own_name,
            stands_for,
            cfgs,
            handlers,
            path,
            parameters,
            strict,
            guard,
            history,
            last_event_id_query,
            channels,
            written_channels,
            methods,
            backend,
            hold,
            socket,
            max_body,
            about,
            has_type,
        }
    }
}

/// Returns the option that sets the recovery link of a stream.
fn recovery_link(kind: Kind, options: &Options) -> Option<&'static str> {
    let has_history = kind != Kind::LongPoll && !options.history.is_absent();
    if options.next.is_absent() { has_history.then_some("history") } else { Some("next") }
}

/// The options that depend on no name and no handler.
struct Settings {
    socket: Socket,
    methods: Vec<&'static str>,
    max_body: Option<u32>,
}

impl Settings {
    fn lower(kind: Kind, options: &Options, errors: &mut Errors) -> Self {
        let socket = Socket::lower(kind, options, errors);
        let methods = match kind {
            Kind::Plain(Some(method)) => vec![method.name()],
            _ => methods(options.methods.values(), errors),
        };
        let max_body = options.max_body.value().and_then(|bytes| body::max_body(bytes, errors));
        Self { socket, methods, max_body }
    }
}

/// Refuses the path parameters that nothing uses. The functions of options could take them.
fn check_use(
    kind: Kind,
    names: &Names<'_>,
    handlers: &Handlers<'_>,
    functions: [(&str, Option<&Call>); 3],
    errors: &mut Errors,
) {
    let mut unused = names.unused();
    for Argument { parameter, .. } in handlers.iter().flat_map(|(_, handler)| &handler.arguments) {
        let could_be = parameter.name.is_none() && !is_of_request(parameter.ty);
        let is_in = |name: &&str| could_be && has_word(parameter.pattern, name);
        let (of_pattern, others): (Vec<_>, _) = unused.into_iter().partition(is_in);
        unused = others;
        if !of_pattern.is_empty() {
            let each: Vec<_> = of_pattern.iter().map(|name| format!("`{}: &str`", variable(name))).collect();
            let help = format!("take each as a parameter: {}", each.join(", "));
            errors.push(parameter.pattern, "a path parameter cannot be part of a pattern", help);
        }
    }
    let arguments = || handlers.iter().flat_map(|(_, handler)| &handler.arguments);
    if !unused.is_empty()
        && let Some(Argument { parameter, .. }) =
            arguments().find(|argument| is_path_extractor(argument.parameter.ty))
    {
        let each: Vec<_> =
            names.parameters().iter().map(|name| format!("`{}: &str`", variable(name))).collect();
        let help = format!("take each path parameter as an argument of its name: {}", each.join(", "));
        errors.push(parameter.ty, "this type does not take the path parameters", help);
        return;
    }
    let own_name = names.endpoint;
    let with_all = |(option, function): (&str, Option<&Call>)| {
        let Call { path, given } = function?;
        let given = given.iter().map(|index| &*names.parameters()[*index]);
        let given: Vec<_> = given.chain(unused.iter().copied()).collect();
        Some(format!("`{option} = {}({})`", glued(path), given.join(", ")))
    };
    let calls: Vec<_> = functions.into_iter().filter_map(with_all).collect();
    for name in &unused {
        let mut ways = vec![format!("take it as an argument, `{}: &str`", variable(name))];
        let pass = format!("pass it to the function, {}", calls.join(" or "));
        if functions[0].1.is_some() {
            // There is no template to use it in.
            ways.insert(0, pass);
        } else {
            if !kind.is_plain() {
                ways.push(format!("use it in the channel, `\"{own_name}-{{{name}}}\"`"));
            }
            ways.extend((!calls.is_empty()).then_some(pass));
        }
        let help = format!("{}; to leave it unused, rename it to `{{_{name}}}`", ways.join(", or "));
        errors.push(names.path, format!("nothing uses the path parameter `{name}`"), help);
    }
}

/// Returns `true` if a name stands in some tokens.
fn has_word(tokens: impl ToTokens, name: &str) -> bool {
    tokens.into_token_stream().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word.unraw() == name,
        TokenTree::Group(group) => has_word(group.stream(), name),
        _ => false,
    })
}

fn methods(written: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let known = Method::ALL.map(Method::name);
    let mut methods = Vec::new();
    for method in written {
        let value = method.value();
        match known.into_iter().find(|known| *known == value) {
            Some(known) => methods.push(known),
            None => {
                let upper = value.to_uppercase();
                let is_between = |c: char| ",|&/".contains(c) || c.is_whitespace();
                let each: Vec<_> = upper.split(is_between).filter(|one| !one.is_empty()).collect();
                let several = format!("methods = {each:?}");
                let help = format!("write a list: `{several}`");
                let advice = (each.len() > 1).then_some(Advice { option: several, help });
                let help = match upper.as_str() {
                    "HEAD" | "OPTIONS" => format!("remove it: the app answers `{upper}` without the handler"),
                    _ if known.contains(&upper.as_str()) => format!("write `{upper:?}`"),
                    _ => format!("the methods are {}", list(known)),
                };
                let problem = format!("an endpoint cannot answer `{value}`");
                errors.advise(ends(method), problem, advice, help);
            }
        }
    }
    methods
}
