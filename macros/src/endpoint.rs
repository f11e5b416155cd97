//! The model of an endpoint, and what must hold for it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{LitInt, LitStr, Path};

use crate::diagnostics::Errors;
use crate::expand::{self, stand_in};
use crate::function::{Function, Parameter};
use crate::item::{self, Item};
use crate::options::Options;
use crate::{channel, path};

/// The kind of an endpoint: which attribute it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sse,
    Stream,
    LongPoll,
    Ws,
}

impl Kind {
    /// The attribute's name, which is also the name of the route's constructor.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Stream => "stream",
            Self::LongPoll => "long_poll",
            Self::Ws => "ws",
        }
    }
}

/// An endpoint as it was written. Whether it is right, the errors say.
pub struct Endpoint<'f> {
    pub kind: Kind,
    pub krate: Path,
    /// The name of its type.
    pub name: Ident,
    pub function: &'f Function,
    pub parameters: Vec<Parameter<'f>>,
    pub path: LitStr,
    pub backend: Option<LitStr>,
    pub channels: Vec<LitStr>,
    /// In seconds; long polls only.
    pub timeout: Option<u32>,
    /// WebSockets only.
    pub echo: bool,
}

/// Expands `#[fanout::{kind}(options)] item`. The item always comes back as it was.
pub fn attribute(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let generated = match Item::parse(item.clone()) {
        Item::Function(function) => {
            let own_name = function.sig.ident.unraw().to_string();
            let options = Options::parse(kind, &own_name, options, &mut errors);
            let options_are_right = errors.is_empty();
            let endpoint = Endpoint::new(kind, options, options_are_right, &function, &mut errors);
            if errors.is_empty() {
                Some(expand::endpoint(&endpoint))
            } else {
                (!function.is_method()).then(|| stand_in::endpoint(&endpoint))
            }
        }
        Item::HalfTyped { vis, name } => {
            let options = Options::parse(kind, &name.unraw().to_string(), options, &mut errors);
            Some(stand_in::half_typed(&options.krate(), &vis, &options.type_name(&name)))
        }
        Item::Other => {
            item::refuse(kind.name(), &item, &mut errors);
            let options = Options::parse(kind, kind.name(), options, &mut Errors::default());
            stand_in::other(&options.krate(), item.clone())
        }
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

impl<'f> Endpoint<'f> {
    fn new(
        kind: Kind,
        options: Options,
        options_are_right: bool,
        function: &'f Function,
        errors: &mut Errors,
    ) -> Self {
        let ident = &function.sig.ident;
        let (krate, name) = (options.krate(), options.type_name(ident));
        let own_name = ident.unraw().to_string();
        let what = format!("the function of `{own_name}`");
        function.check(&what, "it returns at once, and Fanout holds the connection", errors);
        let parameters = function.parameters(&what, errors);

        let path = options.path.unwrap_or_else(|| LitStr::new(&format!("/{own_name}"), ident.span()));
        path::check(&path, errors);

        let needs_channel = kind != Kind::Ws;
        if needs_channel && options.channels.is_none() && options_are_right {
            let kind = kind.name();
            let help = format!("name what feeds it: `#[fanout::{kind}(channel = \"{own_name}\")]`");
            errors.push(ident, format!("`{own_name}` has no channel"), help);
        }
        let channels = options.channels.unwrap_or_default();
        for (index, name) in channels.iter().enumerate() {
            channel::check(name, &own_name, errors);
            if channels[..index].iter().any(|earlier| earlier.value() == name.value()) {
                errors.push(
                    name,
                    format!("`{own_name}` has the channel \"{}\" twice", name.value()),
                    "leave one of them",
                );
            }
        }

        if let Some(backend) = options.backend.as_ref().filter(|backend| backend.value().is_empty()) {
            let help =
                "name the backend that leads to this app again, as in fastly.toml: `backend = \"self\"`";
            errors.push(backend, "the name of a backend cannot be empty", help);
        }

        Self {
            kind,
            krate,
            name,
            function,
            parameters,
            path,
            backend: options.backend,
            channels,
            timeout: options.timeout.and_then(|timeout| seconds(&timeout, errors)),
            echo: options.echo,
        }
    }
}

/// A timeout as the proxy keeps it: it makes 5 seconds of anything less, without a word.
fn seconds(timeout: &LitInt, errors: &mut Errors) -> Option<u32> {
    match timeout.base10_parse() {
        Ok(seconds @ 5..) => return Some(seconds),
        Ok(_) => errors.push(
            timeout,
            "a timeout is at least 5 seconds",
            "write `timeout = 5`: the proxy makes 5 of anything less",
        ),
        Err(_) => errors.push(timeout, "this timeout is too long", "write it in seconds: `timeout = 30`"),
    }
    None
}
