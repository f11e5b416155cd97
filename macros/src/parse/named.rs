//! Functions, parameters, types and paths that options name.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Ident, Lit, Path};

use crate::diagnostics::{Advice, Errors, ends, glued};

use super::expr::ungrouped;
use super::suggest;
use super::value::{Slot, one_function};

/// A function that an option names.
pub struct Named {
    pub path: Path,
    /// The path parameters that it takes.
    pub given: Vec<Ident>,
}

impl Slot<'_> {
    /// The path of a function, with path parameters in call syntax.
    pub fn function(&self, value: &Expr, errors: &mut Errors) -> Option<Named> {
        let (path, given) = match value {
            Expr::Call(ExprCall { func, args, .. }) => {
                (&**func, args.iter().cloned().map(ungrouped).collect())
            }
            other => (other, Vec::new()),
        };
        let path = match ungrouped(path.clone()) {
            Expr::Path(ExprPath { path, qself: None, .. }) if !suggest::is_no_function(value) => path,
            _ => {
                let problem = format!("`{}` must be the name of a function", self.option);
                let advice = suggest::function(value)
                    .map(|(function, how)| Advice::write(format!("{} = {function}", self.option), how));
                let help = match value {
                    Expr::Closure(_) => "define a function, and write its name here".to_owned(),
                    several => match suggest::functions(several) {
                        Some(each) => one_function(&each),
                        None => self.as_example(),
                    },
                };
                errors.advise(ends(value), problem, advice, help);
                return None;
            }
        };
        let mut names = Vec::new();
        for argument in given {
            match &argument {
                Expr::Path(ExprPath { path, qself: None, .. }) if path.get_ident().is_some() => {
                    names.extend(path.get_ident().cloned());
                }
                other => {
                    let help = match suggest::parameter(other) {
                        Some(name) => format!("write `{name}`"),
                        None => "write the names of path parameters; the other arguments are extractors"
                            .to_owned(),
                    };
                    errors.push(other, "this is not the name of a path parameter", help);
                }
            }
        }
        Some(Named { path, given: names })
    }

    /// The name of a parameter.
    pub fn parameter(&self, value: &Expr, errors: &mut Errors) -> Option<Ident> {
        if let Expr::Path(ExprPath { path, qself: None, .. }) = value
            && let Some(name) = path.get_ident()
        {
            return Some(name.clone());
        }
        let advice = suggest::unquoted(value)
            .map(|name| Advice::write(format!("{} = {name}", self.option), ", without quotes"));
        let problem = format!("`{}` must be the name of a parameter", self.option);
        errors.advise(ends(value), problem, advice, self.as_example());
        None
    }

    /// The name of the type that the attribute makes.
    pub fn name(&self, value: &Expr, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(value, "the name of a type", errors)?;
        let mut last = path.segments.last()?.ident.clone();
        if !matches!(value, Expr::Path(_)) {
            // A guess is not what the user has named, so no lint judges it.
            last.set_span(Span::call_site().located_at(last.span()));
        }
        if path.get_ident().is_none() {
            let option = format!("{} = {last}", self.option);
            let advice = Advice::write(option, ": the type is made beside the function");
            let problem = format!("`{}` must be a name without a path", self.option);
            errors.advise(ends(value), problem, [advice], self.as_example());
            if is_keyword(&last) {
                return None;
            }
        }
        if is_keyword(&last) {
            errors.push(value, format!("`{last}` cannot be the name of a type"), self.as_example());
            return None;
        }
        Some(last)
    }

    /// The path of the runtime.
    pub fn krate(&self, value: &Expr, errors: &mut Errors) -> Option<Path> {
        self.path(value, "the path of the fanout crate", errors)
    }

    /// A path to `what`.
    pub fn path(&self, value: &Expr, what: &str, errors: &mut Errors) -> Option<Path> {
        let (guess, how) = match value {
            Expr::Path(ExprPath { path, qself: None, .. }) if !suggest::is_no_function(value) => {
                return Some(path.clone());
            }
            Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => {
                (string.parse::<Path>().ok(), ", without quotes")
            }
            Expr::Call(ExprCall { func, .. }) => {
                (syn::parse2(func.to_token_stream()).ok(), ": the path, without the call")
            }
            _ => (None, ""),
        };
        let advice =
            guess.iter().map(|path| Advice::write(format!("{} = {}", self.option, glued(path)), how));
        errors.advise(ends(value), format!("`{}` must be {what}", self.option), advice, self.as_example());
        guess
    }
}

fn is_keyword(name: &Ident) -> bool {
    ["Self", "self", "super", "crate", "_"].iter().any(|keyword| name == keyword)
}
