//! The model of an endpoint, and what must hold for it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{LitStr, Path, Type};

use crate::channel::{self, Template};
use crate::diagnostics::{Errors, list};
use crate::expand::{self, stand_in};
use crate::function::{Function, Parameter};
use crate::item::{self, Item};
use crate::options::{self, Options};
use crate::path;
use crate::response::Response;
use crate::value::Named;

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
    pub arguments: Vec<Argument<'f>>,
    pub path: LitStr,
    /// The names of the path's parameters.
    pub parameters: Vec<String>,
    /// Whether a parameter that cannot be parsed is the client's mistake, rather than another path.
    pub strict: bool,
    pub guard: Option<Call>,
    pub channels: Channels,
    pub methods: Vec<&'static str>,
    pub backend: Option<LitStr>,
    pub response: Response,
    /// WebSockets only.
    pub echo: bool,
}

/// An argument of the function.
pub struct Argument<'f> {
    pub parameter: Parameter<'f>,
    /// The parameter of the path that it is; otherwise it is made by its type.
    pub from_path: Option<usize>,
}

/// A function that an option names, and the parameters of the path that it is given.
pub struct Call {
    pub path: Path,
    pub given: Vec<usize>,
}

/// What an endpoint is subscribed to.
pub enum Channels {
    None,
    /// Each of these; a single one may stand in a list too. The place is where the option says so.
    Named {
        templates: Vec<Template>,
        is_list: bool,
        place: Span,
    },
    /// What a function returns.
    Found(Call),
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
        let written = function.parameters(&what, errors);

        let path = options.path.unwrap_or_else(|| LitStr::new(&format!("/{own_name}"), ident.span()));
        let parameters = path::parameters(&path, errors);
        let scope = Scope { endpoint: &own_name, parameters: &parameters };
        let arguments = scope.arguments(written, errors);
        let guard = options.guard.map(|guard| scope.call(guard, errors));

        let needs_channel = kind != Kind::Ws;
        if needs_channel && options.channels.is_none() && options_are_right {
            let kind = kind.name();
            let help = format!("name what feeds it: `#[fanout::{kind}(channel = \"{own_name}\")]`");
            errors.push(ident, format!("`{own_name}` has no channel"), help);
        }
        let channels = scope.channels(options.channels, errors);
        let response = Response::new(kind, options.response, &scope, errors);

        if let Some(backend) = options.backend.as_ref().filter(|backend| backend.value().is_empty()) {
            let help =
                "name the backend that leads to this app again, as in fastly.toml: `backend = \"self\"`";
            errors.push(backend, "the name of a backend cannot be empty", help);
        }
        let methods = methods(&options.methods, errors);

        let endpoint = Self {
            kind,
            krate,
            name,
            function,
            arguments,
            path,
            parameters,
            strict: options.strict.is_some(),
            guard,
            channels,
            methods,
            backend: options.backend,
            response,
            echo: options.echo,
        };
        if errors.is_empty() {
            endpoint.check_use(&own_name, errors);
        }
        if let Some(strict) =
            options.strict.filter(|_| errors.is_empty() && endpoint.parsed().next().is_none())
        {
            let problem =
                format!("`strict` does nothing for `{own_name}`: no parameter of its path is parsed");
            errors.push(strict, problem, "remove it, or take a parameter as a number or another `FromStr`");
        }
        endpoint
    }

    /// The arguments that are parsed from the path, and can fail to be. A reference can only be `&str`.
    pub fn parsed(&self) -> impl Iterator<Item = (&Argument<'f>, usize)> {
        self.arguments.iter().filter_map(|argument| {
            let is_text = matches!(argument.parameter.ty, Type::Reference(_))
                || is_named(argument.parameter.ty, &["String"]);
            argument.from_path.filter(|_| !is_text).map(|index| (argument, index))
        })
    }

    /// Refuses a parameter of the path that nothing uses.
    fn check_use(&self, own_name: &str, errors: &mut Errors) {
        let mut used: Vec<usize> = self.arguments.iter().filter_map(|argument| argument.from_path).collect();
        used.extend(self.guard.iter().flat_map(|guard| &guard.given));
        used.extend(self.response.parameters());
        match &self.channels {
            Channels::None => {}
            Channels::Named { templates, .. } => used.extend(templates.iter().flat_map(Template::parameters)),
            Channels::Found(call) => used.extend(&call.given),
        }
        for (index, name) in self.parameters.iter().enumerate() {
            if !used.contains(&index) && !name.starts_with('_') {
                let help = format!(
                    "take it as an argument, `{name}: &str`, or put it into the channel, `\"{own_name}-{{{name}}}\"`; \
                     to leave it unused, call it `{{_{name}}}`"
                );
                errors.push(&self.path, format!("nothing uses the parameter `{name}`"), help);
            }
        }
    }
}

/// What names mean in the options and the signature of an endpoint.
pub struct Scope<'s> {
    pub endpoint: &'s str,
    pub parameters: &'s [String],
}

impl Scope<'_> {
    fn index(&self, name: &Ident) -> Option<usize> {
        let name = name.unraw().to_string();
        self.parameters.iter().position(|parameter| *parameter == name)
    }

    fn arguments<'f>(&self, written: Vec<Parameter<'f>>, errors: &mut Errors) -> Vec<Argument<'f>> {
        let mut arguments = Vec::new();
        for parameter in written {
            let from_path = parameter.name.and_then(|name| self.index(name));
            if from_path.is_none() && is_of_path(parameter.ty) {
                match parameter.name {
                    Some(name) => {
                        let (problem, help) =
                            channel::unknown(&name.unraw().to_string(), self.endpoint, self.parameters);
                        errors.push(name, problem, help);
                    }
                    None => {
                        let help = "give the parameter the name of the path's parameter that it is";
                        errors.push(parameter.ty, "a parameter of the path goes by its name", help);
                    }
                }
            }
            arguments.push(Argument { parameter, from_path });
        }
        arguments
    }

    fn call(&self, named: Named, errors: &mut Errors) -> Call {
        let mut given = Vec::new();
        for name in &named.given {
            match self.index(name) {
                Some(index) => given.push(index),
                None => {
                    let (problem, help) =
                        channel::unknown(&name.unraw().to_string(), self.endpoint, self.parameters);
                    errors.push(name, problem, help);
                }
            }
        }
        if let Some(fifth) = named.given.get(4) {
            let help = "take `&RequestHead` in the function: `head.parameters().get(\"…\")` has the others";
            errors.push(fifth, "a function is given at most 4 parameters of the path", help);
        }
        Call { path: named.path, given }
    }

    fn channels(&self, options: Option<options::Channels>, errors: &mut Errors) -> Channels {
        let (names, is_list) = match options {
            None => return Channels::None,
            Some(options::Channels::Function(named)) => return Channels::Found(self.call(named, errors)),
            Some(options::Channels::One(name)) => (vec![name], false),
            Some(options::Channels::List(names)) => (names, true),
        };
        let mut templates = Vec::new();
        for (index, name) in names.iter().enumerate() {
            templates.extend(channel::channel(name, self.endpoint, self.parameters, errors));
            if names[..index].iter().any(|earlier| earlier.value() == name.value()) {
                let problem = format!("`{}` has the channel \"{}\" twice", self.endpoint, name.value());
                errors.push(name, problem, "leave one of them");
            }
        }
        let place = names.first().map_or_else(Span::call_site, LitStr::span);
        Channels::Named { templates, is_list, place }
    }
}

/// The types that mean a parameter of the path, and nothing that a request has by itself.
fn is_of_path(ty: &Type) -> bool {
    const PLAIN: &[&str] = &[
        "str", "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64",
    ];
    match ty {
        Type::Reference(reference) => is_named(&reference.elem, &["str"]),
        ty => is_named(ty, PLAIN),
    }
}

fn is_named(ty: &Type, names: &[&str]) -> bool {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            path.path.get_ident().is_some_and(|ident| names.iter().any(|name| ident == name))
        }
        Type::Group(group) => is_named(&group.elem, names),
        _ => false,
    }
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn methods(written: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for method in written {
        let value = method.value();
        match METHODS.iter().find(|known| **known == value) {
            Some(known) if methods.contains(known) => {
                errors.push(method, format!("`{known}` is in the list twice"), "leave one of them");
            }
            Some(known) => methods.push(*known),
            None => {
                let upper = value.to_uppercase();
                let help = match upper.as_str() {
                    "HEAD" | "OPTIONS" => "remove it: it is answered by itself".to_owned(),
                    _ if METHODS.contains(&upper.as_str()) => format!("write `{upper:?}`"),
                    _ => format!("an endpoint can answer {}", list(METHODS)),
                };
                errors.push(method, format!("an endpoint cannot answer `{value}`"), help);
            }
        }
    }
    methods
}
