//! The value behind the `=` of an option.
//!
//! A wrong one is an error that says what to write, made of what the user has written as far as that can be
//! guessed. Where the rest of the file refers to the value, the guess takes its place.

use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprArray, ExprCall, ExprLit, ExprMacro, ExprPath, Ident, Lit, LitInt, LitStr, Path, Token,
    parse_quote,
};

use super::expr::{self, expression, ungrouped};
use super::suggest;
use crate::diagnostics::{Errors, ends, glued, message};

/// An option in front of its value, with an example of both.
pub struct Slot<'n> {
    pub option: &'n Ident,
    pub example: String,
}

/// What stands behind an option's name.
pub enum Value {
    None,
    Given(Expr),
    /// What stands there in another way than behind a `=`, which is an error already.
    Meant(Option<Expr>),
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
    /// Reads the value, which should stand behind a `=`.
    pub fn read(&self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Value> {
        let place = input.span();
        if input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]) {
            input.parse::<Token![=]>()?;
            return self.value(input);
        }
        let value = suggest::misplaced(input)?;
        if self.is_flag() {
            errors.push_at(place, format!("`{}` takes no value", self.option), self.flag_alone());
            return Ok(Value::None);
        }
        let help = match &value {
            Some(value @ (Expr::Lit(_) | Expr::Path(_))) => {
                format!("write `{} = {}`", self.option, glued(value))
            }
            _ => format!("write `{}`", self.example),
        };
        errors.push_at(place, format!("expected a `=` behind `{}`", self.option), help);
        Ok(Value::Meant(value))
    }

    /// Reads the value behind the `=`, if there is one.
    fn value(&self, input: ParseStream<'_>) -> syn::Result<Value> {
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Value::None);
        }
        let tokens = match expression(input)? {
            Ok(value) => return Ok(Value::Given(value)),
            Err(tokens) => tokens,
        };
        let problem = format!("this is no value of `{}`", self.option);
        let help = format!("write `{}`", self.quoted(&tokens));
        Err(syn::Error::new_spanned(tokens, message(&problem, &help)))
    }

    /// Whether it is an option that takes no value.
    fn is_flag(&self) -> bool {
        *self.option == self.example
    }

    /// Refuses the value of an option that takes none.
    pub fn refuse_value(&self, value: &Expr, errors: &mut Errors) {
        errors.push(value, format!("`{}` takes no value", self.option), self.flag_alone());
    }

    fn flag_alone(&self) -> String {
        format!("write `{}`, or leave it out", self.option)
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
        let help = match value {
            Expr::Array(_) if self.option == "path" => {
                "write one; another attribute above the function, with a `name` of its own, has another path"
                    .to_owned()
            }
            Expr::Path(ExprPath { path, .. }) if self.option == "methods" => {
                format!(
                    "write `{:?}`",
                    path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
                )
            }
            Expr::Path(ExprPath { path, .. }) if path.get_ident().is_none_or(expr::is_constant_name) => {
                format!(
                    "write it out, as in `{}`: an attribute cannot see what `{}` is",
                    self.example,
                    glued(value)
                )
            }
            Expr::Path(_) | Expr::Binary(_) | Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) => {
                format!("write `{}`", self.quoted(value))
            }
            _ => match suggest::template(value) {
                Some(template) => format!("write `{} = {template:?}`, without `format!`", self.option),
                None => match suggest::text(value) {
                    Some(text) => format!("write `{} = {:?}`", self.option, text.value()),
                    None => format!("write it out, as in `{}`", self.example),
                },
            },
        };
        let is = if self.is_list() { "is made of strings" } else { "is a string" };
        errors.push(value, format!("`{}` {is}", self.option), help);
        None
    }

    /// Whether its value is a list, as the example is.
    fn is_list(&self) -> bool {
        self.example.contains(" = [")
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
                    let help = format!("write it out: an attribute cannot see what `{}` is", glued(other));
                    errors.push(other, "only literals can be put together here", help);
                    return None;
                }
            }
        }
        let (first, last) = ends(call);
        Some(LitStr::new(&whole, first.join(last).unwrap_or(first)))
    }

    /// A list of strings, or one without the brackets.
    pub fn strings(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let mut unheard = Errors::default();
        let (elements, errors) = match (value, suggest::list(value)) {
            (Expr::Array(array), _) => {
                self.not_empty(array, errors);
                (array.elems.iter().cloned().collect(), errors)
            }
            (_, Some(elements)) => {
                let written: Vec<_> = elements.iter().map(glued).collect();
                let help = format!("write `{} = [{}]`", self.option, written.join(", "));
                errors.push(value, format!("a list of `{}` stands in brackets", self.option), help);
                (elements, &mut unheard)
            }
            (value, None) => (vec![value.clone()], errors),
        };
        let mut strings: Vec<LitStr> = Vec::new();
        for element in elements {
            let Some(string) = self.string(&ungrouped(element), errors) else { continue };
            if strings.iter().any(|earlier| earlier.value() == string.value()) {
                let problem = format!("`{}` is in the list twice", string.value());
                errors.push(string, problem, "leave one of them");
            } else {
                strings.push(string);
            }
        }
        Some(strings).filter(|strings| !strings.is_empty())
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
                let help = match suggest::pair(other) {
                    Some((name, value)) => format!("write `({name:?}, {value:?})`"),
                    None => format!("write `{}`", self.example),
                };
                errors.push(other, problem, help);
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
        let unit = suggest::unit(unit.trim());
        let (problem, help) = match (digits.parse::<u64>(), unit) {
            // A number that is no string cannot have anything behind it.
            (Err(_), _) if factor.is_some() && !digits.is_empty() => {
                ("is too long", format!("write `{}`", self.example))
            }
            (Ok(count), "ms") => {
                let seconds = format!("{}s", count.div_ceil(1000));
                ("is in whole seconds", format!("write `{} = {seconds:?}`", self.option))
            }
            (Ok(count), "s" | "m" | "h") => {
                let time = format!("{count}{unit}");
                (
                    "is a time in whole seconds",
                    format!("write `{} = {time:?}`; minutes are `m`, hours `h`", self.option),
                )
            }
            _ => ("is a time in whole seconds", format!("write it out, as in `{}`", self.example)),
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
                let help = match (value, suggest::function(value)) {
                    (Expr::Closure(_), _) => "write it as a function, and its name here".to_owned(),
                    (_, Some((function, how))) => format!("write `{} = {function}`{how}", self.option),
                    (_, None) => format!("write `{}`", self.example),
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
                    let help = match suggest::parameter(other) {
                        Some(name) => format!("write `{name}`"),
                        None => {
                            "write parameters of the path here, by name; the others are made by their types"
                                .to_owned()
                        }
                    };
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
        let help = match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.parse::<Ident>().is_ok() => {
                format!("write `{} = {}`, without quotes", self.option, text.value())
            }
            _ => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` is the name of a parameter", self.option), help);
        None
    }

    /// A whole number.
    pub fn number(&self, value: &Expr, errors: &mut Errors) -> Option<LitInt> {
        let digits = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.suffix().is_empty() => {
                return Some(number.clone());
            }
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.suffix().starts_with(['u', 'i']) => {
                number.base10_digits().to_owned()
            }
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
            _ => String::new(),
        };
        let help = if digits.parse::<u64>().is_ok() {
            format!("write `{} = {digits}`", self.option)
        } else {
            format!("write `{}`", self.example)
        };
        errors.push(value, format!("`{}` is a number", self.option), help);
        None
    }

    /// The name of a type that is made.
    pub fn name(&self, value: &Expr, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(value, "the name of a type", errors)?;
        let last = path.segments.last()?.ident.clone();
        if path.get_ident().is_none() {
            let help = format!("write `{} = {last}`: the type stands beside the function", self.option);
            errors.push(value, format!("`{}` is one name", self.option), help);
        }
        if ["Self", "self", "super", "crate"].iter().any(|keyword| last == keyword) {
            let help = format!("write `{}`", self.example);
            errors.push(value, format!("`{last}` cannot be the name of a type"), help);
            return None;
        }
        Some(last)
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
                format!("write `{} = {}`, without quotes", self.option, glued(path))
            }
            None => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` is {what}", self.option), help);
        guess
    }

    /// What was written with the quotes that it lacks, or the example where that is not all it lacks.
    fn quoted(&self, written: impl ToTokens) -> String {
        let string = glued(written);
        match self.example.split_once(" = \"") {
            Some((option, value)) if string.starts_with('[') => format!("{option} = [\"{value}, \"…\"]"),
            _ if string.contains(['"', '(', '[']) => self.example.clone(),
            Some((option, _)) => format!("{option} = {string:?}"),
            None if self.is_list() => format!("{string:?}"),
            None => self.example.clone(),
        }
    }
}

/// The path of the runtime, unless the option `crate` has another.
pub fn default_crate() -> Path {
    parse_quote!(::fanout)
}
