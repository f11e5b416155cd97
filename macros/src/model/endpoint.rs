//! The model of an endpoint.

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, Type, Visibility};

use crate::diagnostics::{Errors, list};
use crate::kind::Kind;
use crate::parse::channels as parsed;
use crate::parse::impl_block::ImplBlock;
use crate::parse::item::Item;
use crate::parse::option_table::{self, Options};
use crate::parse::options;
use crate::parse::signature::Function;
use crate::parse::types::is_of_request;
use crate::parse::value::Setting;

use super::channels::{self, Channels};
use super::handler::{self, Handlers};
use super::hold::Hold;
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
    pub channels: Channels,
    /// The channels as they were written, for a stand-in.
    pub written_channels: Option<parsed::Channels>,
    pub methods: Vec<&'static str>,
    pub backend: Option<LitStr>,
    pub hold: Hold,
    pub socket: Socket,
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
        handler::check_function(function, errors);
        let (echo, message) = (options.echo.value().cloned(), options.message.clone());
        let stands_for = StandsFor::Made { name, vis: &function.vis };
        let written = Written { kind, options, own_name, place, cfgs: &function.cfgs, has_type };
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
        let written = Written { kind, options, own_name, place, cfgs, has_type };
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
    if name == "fanout" && options.krate.is_absent() {
        let help = format!("rename the function, or name its type: `{example}`");
        errors.push(place, "the type of `fanout` would hide the crate `fanout`", help);
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
        let Self { kind, options, own_name, place, cfgs, has_type } = self;
        let default_path = || LitStr::new(&format!("/{own_name}"), place.span());
        let path = options.path.value().cloned().unwrap_or_else(default_path);
        let parameters = match &options.path {
            Setting::Invalid(None) => None,
            written => {
                let is_known = !written.is_absent() || !options.unrecognised;
                let mut unheard = Errors::default();
                let errors = if options.is_guessed("path") { &mut unheard } else { &mut *errors };
                path::parameters(&path, errors).filter(|_| is_known)
            }
        };
        let names = Names::new(&own_name, &path, parameters.as_deref(), &options);
        let handlers = handlers(&names, errors);
        let guard = options.guard.value().filter(|_| !options.is_guessed("guard"));
        let guard = guard.map(|guard| names.call("guard", guard, errors));
        let with_next = !options.next.is_absent();
        let channels = options.channels.value().filter(|_| !options.is_guessed("channel"));
        let channels = channels::channels(channels, with_next, &names, errors);
        let hold = Hold::lower(kind, &options, &names, errors);
        names.check(errors);

        let needs_channel = kind != Kind::Ws;
        if needs_channel && options.channels.is_absent() && !options.unrecognised {
            // The channel may use a path parameter.
            names.note_unread_option();
            let kind = kind.name();
            let help = format!("add one: `#[fanout::{kind}(channel = \"{own_name}\")]`");
            errors.push(place, format!("`{own_name}` has no channel"), help);
        }
        let socket = Socket::lower(kind, &options, errors);

        let backend = options.backend.value();
        if let Some(backend) = backend.filter(|backend| backend.value().is_empty()) {
            let help =
                "name the backend that leads back to this app, as in fastly.toml: `backend = \"self\"`";
            errors.push(backend, "the name of a backend cannot be empty", help);
        }
        let methods = methods(options.methods.values(), errors);
        check_use(&names, &handlers, errors);
        let is_parsed = handlers.parsed().next().is_some() || !names.knows_arguments();
        if let Some(strict) = options.strict.value().filter(|_| !is_parsed) {
            let problem = format!("`strict` does nothing for `{own_name}`, which parses no path parameter");
            errors.push(
                strict,
                problem,
                "remove it, or take a path parameter as a number or another `FromStr`",
            );
        }
        let krate = options.krate();
        let (strict, backend) = (options.strict.value().is_some(), backend.cloned());
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
            channels,
            written_channels,
            methods,
            backend,
            hold,
            socket,
            has_type,
        }
    }
}

/// Refuses the path parameters that nothing uses.
fn check_use(names: &Names<'_>, handlers: &Handlers<'_>, errors: &mut Errors) {
    let mut unused = names.unused();
    for Argument { parameter, .. } in handlers.iter().flat_map(|(_, handler)| &handler.arguments) {
        let could_be = parameter.name.is_none() && !is_of_request(parameter.ty);
        let is_in = |name: &&str| could_be && has_word(parameter.pattern, name);
        let (of_pattern, others): (Vec<_>, _) = unused.into_iter().partition(is_in);
        unused = others;
        if !of_pattern.is_empty() {
            let each: Vec<_> = of_pattern.iter().map(|name| format!("`{name}: &str`")).collect();
            let help = format!("take each as a parameter: {}", each.join(", "));
            errors.push(parameter.pattern, "a path parameter cannot be part of a pattern", help);
        }
    }
    let own_name = names.endpoint;
    for name in unused {
        let help = format!(
            "take it as an argument, `{name}: &str`, or use it in the channel, `\"{own_name}-{{{name}}}\"`; \
             to leave it unused, rename it to `{{_{name}}}`"
        );
        errors.push(names.path, format!("nothing uses the path parameter `{name}`"), help);
    }
}

/// Returns `true` if a name stands in some tokens.
fn has_word(tokens: impl ToTokens, name: &str) -> bool {
    tokens.into_token_stream().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == name,
        TokenTree::Group(group) => has_word(group.stream(), name),
        _ => false,
    })
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn methods(written: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for method in written {
        let value = method.value();
        match METHODS.iter().find(|known| **known == value) {
            Some(known) => methods.push(*known),
            None => {
                let upper = value.to_uppercase();
                let help = match upper.as_str() {
                    "HEAD" | "OPTIONS" => format!("remove it: the app answers `{upper}` without the handler"),
                    _ if METHODS.contains(&upper.as_str()) => format!("write `{upper:?}`"),
                    _ if upper.contains(',') => {
                        let each: Vec<_> = upper.split(',').map(str::trim).collect();
                        format!("write a list: `methods = {each:?}`")
                    }
                    _ => format!("the methods are {}", list(METHODS)),
                };
                errors.push(method, format!("an endpoint cannot answer `{value}`"), help);
            }
        }
    }
    methods
}
