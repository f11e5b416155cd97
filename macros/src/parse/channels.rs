//! The value of the option `channel`.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Expr, LitStr};

use crate::diagnostics::{Errors, ends, glued};

use super::expr;
use super::named::Named;
use super::suggest;
use super::value::Slot;

/// The word for the guard value in a template.
pub const GUARD: &str = "guard";

/// The text behind `guard` in a name that stands for the guard value: `.name` in `guard.name`, nothing in `guard`.
pub fn behind_guard(name: &str) -> Option<&str> {
    let members = name.strip_prefix(GUARD)?;
    let is_word = members.starts_with(|c: char| c == '_' || c.is_alphanumeric());
    (!is_word).then_some(members)
}

/// The channels of an endpoint.
pub enum Channels {
    /// One name.
    One(LitStr),
    /// A list of them, in brackets.
    List(Vec<LitStr>),
    /// The channels that a function returns.
    Function(Named),
}

impl Channels {
    /// The stand-in for channels that cannot be read, to which code that publishes refers all the same. It takes the
    /// path parameters if the text has none.
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

    /// The names that should be path parameters or stand for the guard value.
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
            // If a brace is not closed, the rest is probably the name.
            let names_in = text.split('{').skip(1).filter_map(|rest| rest.split('}').next());
            // Tokens without quotes have spaces between them.
            names.extend(names_in.map(|name| name.replace(' ', "")));
        }
        names
    }
}

impl Slot<'_> {
    /// Channels, or the function that returns them. A value that cannot be read is a channel all the same, because code
    /// that publishes refers to it.
    pub fn channels(&self, value: &Expr, own_name: &str, errors: &mut Errors) -> Option<Channels> {
        let one = |errors: &mut Errors| {
            let text = self.string(value, errors).or_else(|| suggest::text(value));
            let template = || match value {
                // Without its quotes, a template is an operation or a block.
                Expr::Binary(_) | Expr::Block(_) => glued(value),
                _ => suggest::template(value).unwrap_or_else(|| own_name.to_owned()),
            };
            Some(Channels::One(text.unwrap_or_else(|| LitStr::new(&template(), ends(value).0))))
        };
        match value {
            // A constant would be a channel too, but an attribute cannot see its value.
            Expr::Path(path)
                if !path.path.is_ident(own_name)
                    && !expr::is_constant(value)
                    && !suggest::is_no_function(value) =>
            {
                self.function(value, errors).map(Channels::Function)
            }
            Expr::Call(_) if suggest::text(value).is_some() => one(errors),
            Expr::Call(_) | Expr::Closure(_) => self.function(value, errors).map(Channels::Function),
            Expr::Array(array) => {
                let mut all = self.strings(value, errors)?;
                let wrong = array.elems.iter().skip(all.len());
                all.extend(wrong.map(|element| LitStr::new(own_name, ends(element).0)));
                Some(Channels::List(all))
            }
            value if suggest::list(value).is_some() => self.strings(value, errors).map(Channels::List),
            _ => one(errors),
        }
    }
}
