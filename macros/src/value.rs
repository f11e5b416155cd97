//! The value behind the `=` of an option.
//!
//! A wrong one is an error that says what to write, made of what the user has written as far as that can be
//! guessed. Where the rest of the file refers to the value, the guess takes its place.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprArray, ExprCall, ExprLit, ExprMacro, ExprPath, Ident, Lit, LitInt, LitStr, Path, Token};

use crate::commas::skip;
use crate::diagnostics::{Errors, message};

/// An option in front of its value, with an example of both.
pub struct Slot<'n> {
    pub option: &'n Ident,
    pub example: String,
}

/// A time.
pub struct Seconds {
    pub count: u32,
    pub written: Expr,
}

/// A function that an option names.
pub struct Named {
    pub path: Path,
    /// The parameters of the path that it is given.
    pub given: Vec<Ident>,
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
        if let Expr::Macro(call) = value
            && call.mac.path.segments.last().is_some_and(|last| last.ident == "concat")
        {
            return self.concat(call, errors);
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
            Expr::Macro(ExprMacro { mac, .. }) if mac.path.is_ident("format") => {
                match syn::parse2::<LitStr>(mac.tokens.clone()) {
                    Ok(text) => format!("write `{}`, without `format!`", self.quoted(&text.value())),
                    Err(_) => format!("write it out, as in `{}`", self.example),
                }
            }
            _ => format!("write it out, as in `{}`", self.example),
        };
        errors.push(value, format!("`{}` is a string", self.option), help);
        None
    }

    /// A `concat!` of literals, which is the one macro that can be read here.
    fn concat(&self, call: &ExprMacro, errors: &mut Errors) -> Option<LitStr> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(parts) = parser.parse2(call.mac.tokens.clone()) else {
            let help = "write literals with commas between them: `concat!(\"a\", \"b\")`";
            errors.push(call, "this `concat!` cannot be read", help);
            return None;
        };
        let mut whole = String::new();
        for part in parts.into_iter().map(ungrouped) {
            match &part {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => whole.push_str(&text.value()),
                Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => whole.push_str(number.base10_digits()),
                Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => whole.push_str(number.base10_digits()),
                Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => whole.push_str(&flag.value.to_string()),
                Expr::Lit(ExprLit { lit: Lit::Char(c), .. }) => whole.push(c.value()),
                other => {
                    let written = other.to_token_stream();
                    let help = format!("write it out: an attribute cannot see what `{written}` is");
                    errors.push(other, "only literals can be put together here", help);
                    return None;
                }
            }
        }
        let (first, last) = crate::function::ends(call);
        Some(LitStr::new(&whole, first.join(last).unwrap_or(first)))
    }

    /// A list of strings, or one without the brackets.
    pub fn strings(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let Expr::Array(array) = value else {
            return self.string(value, errors).map(|string| vec![string]);
        };
        self.not_empty(array, errors);
        let strings = array.elems.iter().filter_map(|value| self.string(&ungrouped(value.clone()), errors));
        Some(strings.collect::<Vec<_>>()).filter(|strings| !strings.is_empty())
    }

    /// A list of pairs of strings, or one pair without the brackets.
    pub fn pairs(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<(LitStr, LitStr)>> {
        let pairs: Vec<_> = match value {
            Expr::Array(array) => {
                self.not_empty(array, errors);
                array.elems.iter().map(|pair| ungrouped(pair.clone())).collect()
            }
            pair => vec![pair.clone()],
        };
        let mut pair = |pair: Expr| match &pair {
            Expr::Tuple(tuple) if tuple.elems.len() == 2 => {
                let [name, value] =
                    [0, 1].map(|index| self.string(&ungrouped(tuple.elems[index].clone()), errors));
                Some((name?, value?))
            }
            other => {
                let problem = format!("`{}` is a list of pairs, a name and a value", self.option);
                errors.push(other, problem, format!("write `{}`", self.example));
                None
            }
        };
        Some(pairs.into_iter().filter_map(&mut pair).collect())
    }

    fn not_empty(&self, array: &ExprArray, errors: &mut Errors) {
        if array.elems.is_empty() {
            let problem = format!("the list of `{}` is empty", self.option);
            errors.push(array, problem, format!("write `{}`", self.example));
        }
    }

    /// A time in whole seconds: `30` or `"30s"`, `"2m"`, `"1h"`.
    pub fn seconds(&self, value: &Expr, errors: &mut Errors) -> Option<Seconds> {
        let written = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. }) if seconds.suffix().is_empty() => {
                seconds.base10_digits().to_owned()
            }
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
            other => other.to_token_stream().to_string(),
        };
        let unit = written.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &written[..written.len() - unit.len()];
        let is_string = matches!(value, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }));
        let factor = match unit {
            "" if !is_string => Some(1),
            "s" if is_string => Some(1),
            "m" if is_string => Some(60),
            "h" if is_string => Some(3600),
            _ => None,
        };
        if let (Some(factor), Ok(count)) = (factor, digits.parse::<u64>()) {
            let count = u32::try_from(count.saturating_mul(factor)).unwrap_or(u32::MAX);
            return Some(Seconds { count, written: value.clone() });
        }
        let (problem, help) = match digits.parse::<u64>() {
            // A number that is no string cannot have anything behind it.
            Err(_) if factor.is_some() && !digits.is_empty() => {
                ("is too long", format!("write `{}`", self.example))
            }
            Ok(count) if unit == "ms" => {
                let seconds = format!("{}s", count.div_ceil(1000));
                ("is in whole seconds", format!("write `{} = {seconds:?}`", self.option))
            }
            Ok(count) => {
                let seconds = format!("{count}s");
                (
                    "is a time in whole seconds",
                    format!("write `{} = {seconds:?}`; minutes are `m`, hours `h`", self.option),
                )
            }
            Err(_) => ("is a time in whole seconds", format!("write it out, as in `{}`", self.example)),
        };
        errors.push(value, format!("`{}` {problem}", self.option), help);
        None
    }

    /// A function, by its path, with parameters of the endpoint's path in call syntax.
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
                let help = match value {
                    Expr::Closure(_) => "write it as a function, and its name here".to_owned(),
                    Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => match string.parse::<Path>() {
                        Ok(path) => format!(
                            "write `{} = {}`, without quotes",
                            self.option,
                            glued(&path.to_token_stream())
                        ),
                        Err(_) => format!("write `{}`", self.example),
                    },
                    _ => format!("write `{}`", self.example),
                };
                errors.push(value, format!("`{}` is the name of a function", self.option), help);
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
                    let help =
                        "write parameters of the path here, by name; the others are made by their types";
                    errors.push(other, "this is not the name of a parameter of the path", help);
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
        let help = format!("write `{}`", self.example);
        errors.push(value, format!("`{}` is the name of a parameter", self.option), help);
        None
    }

    /// Whether this is named like a constant.
    pub fn is_constant(value: &Expr) -> bool {
        let last = |path: &ExprPath| path.path.segments.last().is_some_and(|last| is_constant(&last.ident));
        matches!(value, Expr::Path(path) if last(path))
    }

    /// A word that is written without quotes.
    pub fn is_word(value: &Expr, word: &str) -> bool {
        matches!(value, Expr::Path(path) if path.path.is_ident(word))
    }

    /// A whole number.
    pub fn number(&self, value: &Expr, errors: &mut Errors) -> Option<LitInt> {
        if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value
            && number.suffix().is_empty()
        {
            return Some(number.clone());
        }
        errors.push(value, format!("`{}` is a number", self.option), format!("write `{}`", self.example));
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
    let fork = input.fork();
    match fork.parse() {
        Ok(value) => {
            input.advance_to(&fork);
            Ok(Ok(ungrouped(value)))
        }
        Err(_) => Ok(Err(skip(input)?)),
    }
}

/// A value as it is: what `macro_rules!` passes on stands in a group that nobody sees.
pub fn ungrouped(value: Expr) -> Expr {
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
