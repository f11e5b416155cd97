//! The grammar of an attribute: `flag, option = value, …`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Ident, Lit, LitInt, LitStr, Path, Token};

use crate::diagnostics::{Errors, list, nearest};
use crate::endpoint::Kind;

/// An option: its name, which kinds of endpoint it serves, and what a value of it looks like.
struct Known {
    name: &'static str,
    serves: &'static [Kind],
    example: &'static str,
}

const ALL: &[Kind] = &[Kind::Sse, Kind::Stream, Kind::LongPoll, Kind::Ws];

const KNOWN: &[Known] = &[
    Known { name: "channel", serves: ALL, example: "channel = \"news\"" },
    Known { name: "path", serves: ALL, example: "path = \"/news\"" },
    Known { name: "timeout", serves: &[Kind::LongPoll], example: "timeout = 30" },
    Known { name: "echo", serves: &[Kind::Ws], example: "echo" },
    Known { name: "backend", serves: ALL, example: "backend = \"self\"" },
    Known { name: "name", serves: ALL, example: "name = News" },
    Known { name: "crate", serves: ALL, example: "crate = path::to::fanout" },
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
    /// Reads the options of an endpoint of this kind. What is wrong goes to `errors` and is left out.
    pub fn parse(kind: Kind, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen: Vec<Ident> = Vec::new();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                let name = option_name(input)?;
                let value = if input.parse::<Option<Token![=]>>()?.is_some() {
                    Some(value(&name, input)?)
                } else {
                    None
                };
                if let Some(known) = known(kind, &name, errors) {
                    if seen.contains(&name) {
                        errors.push(
                            &name,
                            format!("`{name}` is given twice"),
                            if known.name == "channel" {
                                "for several channels write a list: `channel = [\"news\", \"sport\"]`"
                            } else {
                                "leave one of them"
                            },
                        );
                    } else {
                        options.set(known, &name, value, errors);
                        seen.push(name);
                    }
                }
                if !input.is_empty() {
                    comma(input)?;
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            errors.add(error);
        }
        options
    }

    fn set(&mut self, known: &Known, name: &Ident, value: Option<Expr>, errors: &mut Errors) {
        let example = known.example;
        let Some(value) = value else {
            if known.name == "echo" {
                self.echo = true;
            } else {
                errors.push(name, format!("`{name}` needs a value"), format!("write `{example}`"));
            }
            return;
        };
        match known.name {
            "echo" => errors.push(value, "`echo` takes no value", "write `echo`"),
            "channel" => self.channels = channels(value, errors),
            "path" => self.path = string(known, value, errors),
            "backend" => self.backend = string(known, value, errors),
            "timeout" => match value {
                Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. }) if seconds.suffix().is_empty() => {
                    self.timeout = Some(seconds);
                }
                _ => errors.push(
                    value,
                    "`timeout` is a whole number of seconds",
                    format!("write it as a literal: `{example}`"),
                ),
            },
            "name" => match value {
                Expr::Path(path) if path.path.get_ident().is_some() => {
                    self.name = path.path.get_ident().cloned()
                }
                _ => errors.push(
                    value,
                    "`name` is the name of a type",
                    format!("write `{example}`, without quotes"),
                ),
            },
            "crate" => self.krate = crate_path(value, errors),
            name => unreachable!("the table knows no option `{name}`"),
        }
    }
}

/// A name, which may be a keyword (`crate`).
pub fn option_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(
            error.span(),
            "expected an option\nhelp: options are written `name = value`, with commas between them",
        )
    })
}

/// The value behind a `=`.
pub fn value(name: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        let help =
            KNOWN.iter().find(|known| name == known.name).map_or("name = value", |known| known.example);
        return Err(syn::Error::new(
            name.span(),
            format!("`{name}` has no value behind its `=`\nhelp: write `{help}`"),
        ));
    }
    // A value that `macro_rules!` passed on stands in a group that nobody sees.
    Ok(match input.parse()? {
        Expr::Group(group) => *group.expr,
        value => value,
    })
}

pub fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Token![,]>().map(drop).map_err(|error| {
        syn::Error::new(error.span(), "expected a comma\nhelp: put a `,` between two options")
    })
}

/// Reads `crate = path::to::fanout`.
pub fn crate_path(value: Expr, errors: &mut Errors) -> Option<Path> {
    if let Expr::Path(path) = &value {
        return Some(path.path.clone());
    }
    let help = "write `crate = path::to::fanout`, without quotes";
    errors.push(value, "`crate` is the path of the fanout crate", help);
    None
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

fn channels(value: Expr, errors: &mut Errors) -> Option<Vec<LitStr>> {
    let names = match &value {
        Expr::Array(array) if array.elems.is_empty() => {
            errors.push(value, "the list of channels is empty", "name at least one: `channel = \"news\"`");
            return None;
        }
        Expr::Array(array) => array.elems.iter().map(literal).collect(),
        one => vec![literal(one)],
    };
    let mut strings = Vec::new();
    for name in names {
        match name {
            Ok(name) => strings.push(name),
            Err(value) => errors.push(
                value,
                "a channel is a string",
                "write `channel = \"news\"`, or a list of strings: `channel = [\"news\", \"sport\"]`",
            ),
        }
    }
    (!strings.is_empty()).then_some(strings)
}

fn string(known: &Known, value: Expr, errors: &mut Errors) -> Option<LitStr> {
    match literal(&value) {
        Ok(string) => Some(string),
        Err(value) => {
            errors.push(
                value,
                format!("`{}` is a string", known.name),
                format!("write it as a literal: `{}`", known.example),
            );
            None
        }
    }
}

fn literal(value: &Expr) -> Result<LitStr, &dyn ToTokens> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) if string.suffix().is_empty() => Ok(string.clone()),
        Expr::Group(group) => literal(&group.expr),
        other => Err(other),
    }
}
