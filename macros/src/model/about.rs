//! The facts about an endpoint in the description of its app: the docs, and the options as they are written.

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, ExprCall, ExprLit, Lit, Meta, Type};

use crate::diagnostics::glued;
use crate::parse::channels::Channels;
use crate::parse::named::Named;
use crate::parse::option_table::Options;
use crate::parse::suggest::spaced;
use crate::parse::types::{is_of_path, takes_body};

use super::handler::{Handlers, Moment};
use super::names::{Argument, Source};

/// The facts about an endpoint for the description of its app.
pub struct About<'f> {
    /// The texts of the doc comment.
    pub docs: Vec<&'f Expr>,
    /// The channels, if they are names.
    pub channels: Vec<String>,
    /// The function that makes the channels.
    pub channel_function: Option<String>,
    pub guard: Option<String>,
    /// The type of what clients receive.
    pub data: Option<Type>,
    /// The options that have no field here, nor in the route.
    pub options: Vec<(&'static str, Written)>,
}

/// The value of an option as it is written.
pub enum Written {
    /// No value.
    Flag,
    /// A string, or the source of anything else.
    Text(String),
    Number(u64),
    /// A list or a pair.
    List(Vec<Self>),
}

/// The options that the description has elsewhere, and those that say nothing to a client.
const ELSEWHERE: [&str; 7] = ["channel", "path", "guard", "methods", "message", "name", "crate"];

impl<'f> About<'f> {
    pub fn new(attributes: &'f [Attribute], options: &Options) -> Self {
        let docs = attributes.iter().filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => Some(&doc.value),
            _ => None,
        });
        let (channels, channel_function) = match options.channels.value() {
            None => (Vec::new(), None),
            Some(Channels::One(text)) => (vec![text.value()], None),
            Some(Channels::List(texts)) => (texts.iter().map(syn::LitStr::value).collect(), None),
            Some(Channels::Function(function)) => (Vec::new(), Some(named(function))),
        };
        let written = options.written.iter().filter(|(name, _)| !ELSEWHERE.contains(name));
        Self {
            docs: docs.collect(),
            channels,
            channel_function,
            guard: options.guard.value().map(named),
            data: options.data.value().filter(|_| !options.is_guessed("data")).cloned(),
            options: written.map(|(name, value)| (*name, Written::new(value))).collect(),
        }
    }
}

fn named(function: &Named) -> String {
    let Named { path, given } = function;
    let given: Vec<_> = given.iter().map(ToString::to_string).collect();
    if given.is_empty() { glued(path) } else { format!("{}({})", glued(path), given.join(", ")) }
}

impl Written {
    fn new(tokens: &TokenStream) -> Self {
        if tokens.is_empty() {
            return Self::Flag;
        }
        syn::parse2(tokens.clone()).map_or_else(|_| Self::Text(spaced(tokens)), |value| Self::of(&value))
    }

    fn of(value: &Expr) -> Self {
        let all = |values: &syn::punctuated::Punctuated<Expr, syn::Token![,]>| {
            Self::List(values.iter().map(Self::of).collect())
        };
        match value {
            Expr::Group(group) => Self::of(&group.expr),
            Expr::Paren(paren) => Self::of(&paren.expr),
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Self::Text(text.value()),
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => match number.base10_parse() {
                Ok(number) => Self::Number(number),
                Err(_) => Self::Text(number.to_string()),
            },
            Expr::Array(array) => all(&array.elems),
            Expr::Tuple(pair) => all(&pair.elems),
            Expr::Call(ExprCall { func, args, .. }) => {
                let arguments: Vec<_> = args.iter().map(spaced).collect();
                Self::Text(format!("{}({})", glued(func), arguments.join(", ")))
            }
            value => Self::Text(spaced(value)),
        }
    }
}

/// An argument that is made from what a client sends.
pub struct Received<'a> {
    /// The conditions under which it exists.
    pub cfgs: Vec<&'a Attribute>,
    pub ty: &'a Type,
}

/// The arguments that may be the JSON of a message, or of the body at a plain endpoint.
pub fn received<'h>(handlers: &'h Handlers<'_>) -> impl Iterator<Item = Received<'h>> {
    let handlers =
        handlers.iter().filter(|(moment, _)| !matches!(moment, Some(Moment::Close | Moment::Renew)));
    handlers.flat_map(|(moment, handler)| {
        let may_be_json = |argument: &&Argument<'_>| {
            let ty = argument.parameter.ty;
            match argument.source {
                Source::Event => !is_of_path(ty) && !matches!(ty, Type::Reference(_)),
                Source::Request => takes_body(ty).is_some_and(|name| name == "Json"),
                Source::Path(_) => false,
            }
        };
        // The code generated for a function already has its `#[cfg]`s.
        let of_method = if moment.is_some() { &handler.function.cfgs[..] } else { &[] };
        handler.arguments.iter().filter(may_be_json).map(move |Argument { parameter, .. }| Received {
            cfgs: of_method.iter().chain(&parameter.cfgs).collect(),
            ty: parameter.ty,
        })
    })
}
