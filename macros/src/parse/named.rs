//! Functions, parameters, types and paths that options name.

use syn::{Expr, ExprCall, ExprLit, ExprPath, Ident, Lit, Path};

use crate::diagnostics::{Errors, glued};

use super::expr::ungrouped;
use super::suggest;
use super::value::Slot;

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
            Expr::Path(ExprPath { path, qself: None, .. }) => path,
            _ => {
                let help = match (value, suggest::function(value)) {
                    (Expr::Closure(_), _) => "define a function, and write its name here".to_owned(),
                    (_, Some((function, how))) => format!("write `{} = {function}`{how}", self.option),
                    (_, None) => format!("write `{}`", self.example),
                };
                errors.push(value, format!("`{}` must be the name of a function", self.option), help);
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
        let help = match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.parse::<Ident>().is_ok() => {
                format!("write `{} = {}`, without quotes", self.option, text.value())
            }
            _ => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` must be the name of a parameter", self.option), help);
        None
    }

    /// The name of the type that the attribute makes.
    pub fn name(&self, value: &Expr, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(value, "the name of a type", errors)?;
        let last = path.segments.last()?.ident.clone();
        if path.get_ident().is_none() {
            let help = format!("write `{} = {last}`: the type is made beside the function", self.option);
            errors.push(value, format!("`{}` must be a name without a path", self.option), help);
        }
        if ["Self", "self", "super", "crate"].iter().any(|keyword| last == keyword) {
            let help = format!("write `{}`", self.example);
            errors.push(value, format!("`{last}` cannot be the name of a type"), help);
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
        let guess = match value {
            Expr::Path(ExprPath { path, qself: None, .. }) => return Some(path.clone()),
            Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => string.parse::<Path>().ok(),
            Expr::Call(ExprCall { func, .. }) => match &**func {
                Expr::Path(ExprPath { path, qself: None, .. }) => Some(path.clone()),
                _ => None,
            },
            _ => None,
        };
        let without = if matches!(value, Expr::Call(_)) { "parentheses" } else { "quotes" };
        let help = match &guess {
            Some(path) => {
                format!("write `{} = {}`, without {without}", self.option, glued(path))
            }
            None => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` must be {what}", self.option), help);
        guess
    }
}
