//! The value behind the `=` of an option.
//!
//! A wrong one is an error that says what to write, made of what the user has written as far as that can be
//! guessed. Where the rest of the file refers to the value, the guess takes its place.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, LitInt, LitStr, Path, Token};

use crate::commas::skip;
use crate::diagnostics::{Errors, message};

/// An option in front of its value, with an example of both.
pub struct Slot<'n> {
    pub option: &'n Ident,
    pub example: String,
}

impl Slot<'_> {
    /// Reads the value, if there is one.
    pub fn read(&self, input: ParseStream<'_>) -> syn::Result<Option<Expr>> {
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(None);
        }
        let tokens = match expression(input)? {
            Ok(value) => return Ok(Some(value)),
            Err(tokens) => tokens,
        };
        let problem = format!("this is no value of `{}`", self.option);
        let help = format!("write `{}`", self.quoted(&glued(&tokens)));
        Err(syn::Error::new_spanned(tokens, message(&problem, &help)))
    }

    /// A string, written out.
    pub fn string(&self, value: &Expr, errors: &mut Errors) -> Option<LitStr> {
        if let Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) = value {
            return Some(string.clone());
        }
        let written = value.to_token_stream();
        let help = match value {
            Expr::Path(ExprPath { path, .. }) if path.get_ident().is_none_or(is_constant) => {
                format!("write it out, as in `{}`: an attribute cannot see what `{written}` is", self.example)
            }
            Expr::Path(_)
            | Expr::Binary(_)
            | Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_) | Lit::Bool(_), .. }) => {
                format!("write `{}`", self.quoted(&glued(&written)))
            }
            _ => format!("write it out, as in `{}`", self.example),
        };
        errors.push(value, format!("`{}` is a string", self.option), help);
        None
    }

    /// A channel, or a list of them.
    pub fn channels(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let Expr::Array(array) = value else {
            return self.string(value, errors).map(|string| vec![string]);
        };
        if array.elems.is_empty() {
            errors.push(
                array,
                "the list of channels is empty",
                format!("name at least one: `{}`", self.example),
            );
        }
        let strings = array.elems.iter().filter_map(|value| self.string(&ungrouped(value.clone()), errors));
        Some(strings.collect::<Vec<_>>()).filter(|strings| !strings.is_empty())
    }

    /// A whole number of seconds.
    pub fn seconds(&self, value: &Expr, errors: &mut Errors) -> Option<LitInt> {
        let seconds = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. }) if seconds.suffix().is_empty() => {
                return Some(seconds.clone());
            }
            Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. }) => seconds.base10_digits().to_owned(),
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
            _ => String::new(),
        };
        let digits = seconds.trim_end_matches(|c: char| !c.is_ascii_digit());
        let help = match digits.parse::<u32>() {
            Ok(seconds) => format!("write `{} = {seconds}`", self.option),
            Err(_) => format!("write it out, as in `{}`", self.example),
        };
        errors.push(value, format!("`{}` is a whole number of seconds", self.option), help);
        None
    }

    /// The name of a type that is made.
    pub fn name(&self, value: &Expr, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(value, "the name of a type", errors)?;
        if path.get_ident().is_none() {
            let last = path.segments.last().expect("a path has a segment");
            let help =
                format!("write `{} = {}`: the type stands beside the function", self.option, last.ident);
            errors.push(value, format!("`{}` is one name", self.option), help);
        }
        path.segments.last().map(|last| last.ident.clone())
    }

    /// A path to `what`.
    pub fn path(&self, value: &Expr, what: &str, errors: &mut Errors) -> Option<Path> {
        let guess = match value {
            Expr::Path(ExprPath { path, qself: None, .. }) => return Some(path.clone()),
            Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => string.parse::<Path>().ok(),
            _ => None,
        };
        let help = match &guess {
            Some(path) => {
                format!("write `{} = {}`, without quotes", self.option, glued(&path.to_token_stream()))
            }
            None => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` is {what}", self.option), help);
        guess
    }

    /// The option with this string as its value, where it takes a string.
    fn quoted(&self, string: &str) -> String {
        match self.example.split_once('"') {
            Some((option, _)) => format!("{option}{string:?}"),
            None => self.example.clone(),
        }
    }
}

/// An expression, or the tokens before the next comma, which are none.
pub fn expression(input: ParseStream<'_>) -> syn::Result<Result<Expr, TokenStream>> {
    match input.fork().parse::<Expr>() {
        Ok(_) => Ok(Ok(ungrouped(input.parse()?))),
        Err(_) => Ok(Err(skip(input)?)),
    }
}

/// A value as it is: what `macro_rules!` passes on stands in a group that nobody sees.
fn ungrouped(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => ungrouped(*group.expr),
        value => value,
    }
}

/// Tokens as they were probably written: a path without quotes falls apart at its slashes.
fn glued(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}

fn is_constant(name: &Ident) -> bool {
    !name.to_string().contains(char::is_lowercase)
}
