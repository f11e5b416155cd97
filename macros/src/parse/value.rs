//! The value behind the `=` of an option.
//!
//! The error of a wrong value suggests another one, in the user's own words if there is a guess. The guess stands in for
//! the value, because other code may refer to it.

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprArray, ExprCall, ExprLit, ExprMacro, ExprPath, Ident, Lit, LitInt, LitStr, Path, Token,
    parse_quote,
};

use crate::diagnostics::{Errors, ends, glued, message};
use crate::kind::Kind;

use super::expr::{self, expression, ungrouped};
use super::suggest;

/// The setting of an option. Each state is the option's own: a mistake in one option hides no mistake in another.
#[derive(Clone, Default)]
pub enum Setting<T> {
    #[default]
    Absent,
    /// A value with an error, and a guess at the value that was meant.
    Invalid(Option<T>),
    Valid(T),
}

impl<T> Setting<T> {
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid(_))
    }

    /// The value, or the guess.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Invalid(guess) => guess.as_ref(),
            Self::Valid(value) => Some(value),
        }
    }

    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Invalid(guess) => guess,
            Self::Valid(value) => Some(value),
        }
    }
}

impl<T> Setting<Vec<T>> {
    /// The values of a list, which has none if the option is absent.
    pub fn values(&self) -> &[T] {
        self.value().map_or(&[], Vec::as_slice)
    }
}

/// The name of an option in front of its value, with an example of both.
pub struct Slot<'n> {
    pub option: &'n Ident,
    pub example: String,
}

/// The tokens behind the name of an option.
pub enum Value {
    None,
    Given(Expr),
    /// A value that is not written behind a `=`, which has an error already.
    Misplaced(Option<Expr>),
}

/// A time.
pub struct Seconds {
    pub count: u32,
    pub written: Expr,
}

/// A function that an option names.
pub struct Named {
    pub path: Path,
    /// The path parameters that it takes.
    pub given: Vec<Ident>,
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

    /// The names that should be path parameters.
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
            names.extend(text.split('{').skip(1).filter_map(|rest| Some(rest.split('}').next()?.to_owned())));
        }
        names
    }
}

/// The data that a stream sends in quiet times.
pub enum KeepAlive {
    /// The word `off`.
    Off(Expr),
    /// Data after so many quiet seconds.
    Idle(Seconds, Option<LitStr>),
    /// Data every so many seconds.
    Every(Seconds, Option<LitStr>),
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
        errors.push_at(place, format!("expected a `=` after `{}`", self.option), help);
        Ok(Value::Misplaced(value))
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
        let problem = format!("this is not a value for `{}`", self.option);
        let help = format!("write `{}`", self.quoted(&tokens));
        Err(syn::Error::new_spanned(tokens, message(&problem, &help)))
    }

    /// Reads a value with `read`. Its setting is valid only if that recorded no error.
    pub fn setting<T>(
        &self,
        given: &Value,
        errors: &mut Errors,
        read: impl FnOnce(&Expr, &mut Errors) -> Option<T>,
    ) -> Setting<T> {
        let mut found = Errors::default();
        let value = match given {
            Value::Given(value) | Value::Misplaced(Some(value)) => read(value, &mut found),
            Value::None => {
                let problem = format!("`{}` needs a value", self.option);
                found.push(self.option, problem, format!("write `{}`", self.example));
                None
            }
            Value::Misplaced(None) => None,
        };
        let is_right = found.is_empty();
        // The first error of a misplaced value is enough.
        if !matches!(given, Value::Misplaced(_)) {
            errors.append(found);
        }
        match value {
            Some(value) if is_right => Setting::Valid(value),
            guess => Setting::Invalid(guess),
        }
    }

    /// Reads an option that takes no value.
    pub fn flag(&self, value: &Value, errors: &mut Errors) -> Setting<Ident> {
        match value {
            Value::None => Setting::Valid(self.option.clone()),
            Value::Given(value) => {
                errors.push(value, format!("`{}` takes no value", self.option), self.flag_alone());
                Setting::Invalid(None)
            }
            Value::Misplaced(_) => Setting::Invalid(None),
        }
    }

    /// Returns `true` for an option that takes no value.
    fn is_flag(&self) -> bool {
        *self.option == self.example
    }

    fn flag_alone(&self) -> String {
        format!("write `{}` alone, or remove it", self.option)
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
                "write one path; for a second path, add another attribute with its own `name`".to_owned()
            }
            Expr::Path(ExprPath { path, .. }) if self.option == "methods" => {
                format!(
                    "write `{:?}`",
                    path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
                )
            }
            Expr::Path(ExprPath { path, .. }) if path.get_ident().is_none_or(expr::is_constant_name) => {
                format!(
                    "write the text itself, as in `{}`: an attribute cannot read the value of `{}`",
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
                    None => format!("write the text itself, as in `{}`", self.example),
                },
            },
        };
        let needs = if self.is_list() { "takes strings" } else { "must be a string" };
        errors.push(value, format!("`{}` {needs}", self.option), help);
        None
    }

    /// Returns `true` if the value is a list, as the example is.
    fn is_list(&self) -> bool {
        self.example.contains(" = [")
    }

    /// A `concat!` of literals, the one macro that an attribute can read.
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
                    let help = format!(
                        "write the text itself: an attribute cannot read the value of `{}`",
                        glued(other)
                    );
                    errors.push(other, "`concat!` can only join literals here", help);
                    return None;
                }
            }
        }
        let (first, last) = ends(call);
        Some(LitStr::new(&whole, first.join(last).unwrap_or(first)))
    }

    /// A list of strings, or one without the brackets.
    pub fn strings(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let elements = match (value, suggest::list(value)) {
            (Expr::Array(array), _) => {
                self.not_empty(array, errors);
                array.elems.iter().cloned().collect()
            }
            (_, Some(elements)) => {
                let written: Vec<_> = elements.iter().map(glued).collect();
                let help = format!("write `{} = [{}]`", self.option, written.join(", "));
                errors.push(value, format!("the list of `{}` must be in brackets", self.option), help);
                elements
            }
            (value, None) => vec![value.clone()],
        };
        let mut strings: Vec<LitStr> = Vec::new();
        for element in elements {
            let Some(string) = self.string(&ungrouped(element), errors) else { continue };
            if strings.iter().any(|earlier| earlier.value() == string.value()) {
                let problem = format!("`{}` is listed twice", string.value());
                errors.push(string, problem, "remove one of them");
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
                let problem = format!("`{}` must be a list of `(name, value)` pairs", self.option);
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
        if let (Some(factor), false) = (factor, digits.is_empty()) {
            // A time that is too long has its error from the option, which knows its limit.
            let count = digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(factor);
            return Some(Seconds { count: u32::try_from(count).unwrap_or(u32::MAX), written: value.clone() });
        }
        let unit = suggest::unit(unit.trim());
        let help = match (digits.parse::<u64>(), unit) {
            (Ok(count), "ms") => {
                let seconds = format!("{}s", count.div_ceil(1000));
                format!("write `{} = {seconds:?}`", self.option)
            }
            (Ok(count), "s" | "m" | "h") => {
                let time = format!("{count}{unit}");
                format!("write `{} = {time:?}`; the units are `s`, `m` and `h`", self.option)
            }
            _ => {
                format!(
                    "write one number and one unit, as in `{} = \"30s\"`; the units are `s`, `m` and `h`",
                    self.option
                )
            }
        };
        errors.push(value, self.needs_time(), help);
        None
    }

    fn needs_time(&self) -> String {
        format!("`{}` must be a time in whole seconds", self.option)
    }

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
        errors.push(value, format!("`{}` must be a number", self.option), help);
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
            _ => None,
        };
        let help = match &guess {
            Some(path) => {
                format!("write `{} = {}`, without quotes", self.option, glued(path))
            }
            None => format!("write `{}`", self.example),
        };
        errors.push(value, format!("`{}` must be {what}", self.option), help);
        guess
    }

    /// Channels, or the function that returns them. A value that cannot be read is a channel all the same, because code
    /// that publishes refers to it.
    pub fn channels(&self, value: &Expr, own_name: &str, errors: &mut Errors) -> Option<Channels> {
        let one = |errors: &mut Errors| {
            let text = self.string(value, errors).or_else(|| suggest::text(value));
            let template = || suggest::template(value).unwrap_or_else(|| own_name.to_owned());
            Some(Channels::One(text.unwrap_or_else(|| LitStr::new(&template(), ends(value).0))))
        };
        match value {
            // A constant would be a channel too, but an attribute cannot see its value.
            Expr::Path(path) if !path.path.is_ident(own_name) && !expr::is_constant(value) => {
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

    /// A time, or `idle(time, data)`, `every(time, data)`, `off`.
    pub fn keep_alive(&self, value: &Expr, kind: Kind, errors: &mut Errors) -> Option<KeepAlive> {
        if expr::is_word(value, "off") {
            return Some(KeepAlive::Off(value.clone()));
        }
        let Expr::Call(ExprCall { func, args, .. }) = value else {
            let help = match glued(value).trim_matches('"') {
                "off" | "false" | "never" | "no" | "none" | "None" if kind == Kind::Sse => "off",
                "idle" => "idle(\"20s\")",
                "every" => "every(\"20s\")",
                _ => return self.seconds(value, errors).map(|seconds| KeepAlive::Idle(seconds, None)),
            };
            errors.push(value, self.needs_time(), format!("write `keep_alive = {help}`"));
            return None;
        };
        let name = glued(func);
        let every = name == "every";
        if !every && name != "idle" {
            let off = if kind == Kind::Sse { ", or `off`" } else { "" };
            let help = format!(
                "write `idle(\"20s\")` to send after 20 quiet seconds, `every(\"20s\")` to send every 20 seconds{off}"
            );
            errors.push(func, format!("`keep_alive` cannot be `{name}(…)`"), help);
            return None;
        }
        let mut arguments = args.iter().cloned().map(ungrouped);
        let Some(seconds) = arguments.next() else {
            errors.push(func, format!("`{name}` needs a time"), format!("write `{name}(\"20s\")`"));
            return None;
        };
        let seconds = self.seconds(&seconds, errors);
        let data = match arguments.next() {
            None => Some(None),
            Some(data @ (Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) | Expr::Macro(_))) => {
                self.string(&data, errors).map(Some)
            }
            Some(other) => {
                let help = format!("write a string: `{name}(\"20s\", \"…\")`");
                errors.push(other, "the content of a keep-alive must be a string", help);
                None
            }
        };
        if let Some(more) = arguments.next() {
            let help = format!("write the time and the content: `{name}(\"20s\", \"…\")`");
            errors.push(more, format!("`{name}` takes at most two arguments"), help);
        }
        let make = if every { KeepAlive::Every } else { KeepAlive::Idle };
        Some(make(seconds?, data?))
    }

    /// The written tokens with the quotes that they lack, or the example if they lack more.
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
