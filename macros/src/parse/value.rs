//! The value behind the `=` of an option.
//!
//! The error of a wrong value suggests another one, in the user's own words if there is a guess. The guess stands in for
//! the value, because other code may refer to it.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, PathSegment, Token};

use crate::diagnostics::{Advice, Errors, ends, glued, list};

use super::expr::{self, expression};
use super::separated;
use super::slip::{self, Slip};
use super::suggest;

/// The methods of HTTP, of which an endpoint answers some.
pub(super) const METHODS: [&str; 9] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

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

impl Slot<'_> {
    /// Reads the value, which should stand behind a `=`.
    pub fn read(&self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Value> {
        let place = input.span();
        if input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]) {
            input.parse::<Token![=]>()?;
            return self.value(input, errors);
        }
        let (value, guesses) = suggest::misplaced(input)?;
        if self.is_flag() {
            errors.push_at(place, format!("`{}` takes no value", self.option), self.flag_alone());
            return Ok(Value::Misplaced(None));
        }
        let problem = format!("expected a `=` after `{}`", self.option);
        let advice = guesses.iter().map(|guess| self.advice(guess));
        let of_function = self.option == "guard" || self.option == "history";
        let several =
            value.as_ref().and_then(suggest::functions).filter(|each| of_function && each.len() > 1);
        let help = several.map_or_else(|| self.as_example(), |each| one_function(&each));
        errors.advise((place, place), problem, advice, help);
        Ok(Value::Misplaced(value))
    }

    /// Reads the value behind the `=`, if there is one.
    fn value(&self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Value> {
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Value::None);
        }
        let tokens = match expression(input)? {
            Ok(value) => {
                let is_whole = input.is_empty() || input.peek(Token![,]);
                if self.option == "keep_alive"
                    && !is_whole
                    && ["idle", "every"].iter().any(|way| expr::is_word(&value, way))
                {
                    self.without_parentheses(&value, input, errors)?;
                    return Ok(Value::Misplaced(None));
                }
                if !is_whole && input.peek(LitStr) && matches!(value, Expr::Path(_)) {
                    let (prefix, text) = (glued(&value), input.parse::<LitStr>()?);
                    let option = format!("{} = {:?}", self.option, text.value());
                    let advice = Advice::write(option, &format!(", without `{prefix}`"));
                    let problem = format!("this is not a value for `{}`", self.option);
                    errors.advise((ends(&value).0, text.span()), problem, [advice], self.as_example());
                    return Ok(Value::Misplaced(Some(Expr::Lit(ExprLit {
                        attrs: Vec::new(),
                        lit: Lit::Str(text),
                    }))));
                }
                if !is_whole && let Some(meant) = with_unit(&value, input) {
                    let unit: Ident = input.parse()?;
                    let problem = format!("a number and its unit are one value of `{}`", self.option);
                    let advice = meant.iter().map(|meant| self.advice(meant));
                    errors.advise((ends(&value).0, unit.span()), problem, advice, self.as_example());
                    return Ok(Value::Misplaced(None));
                }
                return Ok(Value::Given(value));
            }
            Err(tokens) => tokens,
        };
        let advice = suggest::of_tokens(&tokens).into_iter().map(|value| self.advice(&value));
        match slip::find(&tokens, &self.option.to_string()) {
            Some(Slip { place, problem, help }) => errors.advise(ends(place), problem, advice, help),
            None => {
                let problem = format!("this is not a value for `{}`", self.option);
                errors.advise(ends(tokens), problem, advice, self.as_example());
            }
        }
        Ok(Value::Misplaced(None))
    }

    /// Refuses the argument of a function without parentheses: `idle "20s"`.
    fn without_parentheses(
        &self,
        function: &Expr,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let function = glued(function);
        let tokens = separated::skip(input)?;
        let advice =
            suggest::of_tokens(&tokens).into_iter().map(|value| self.advice(&format!("{function}({value})")));
        let help = format!("write `{} = {function}(\"20s\")`", self.option);
        errors.advise(
            ends(tokens),
            format!("expected the time of `{function}` in parentheses"),
            advice,
            help,
        );
        Ok(())
    }

    /// The advice to write this value.
    pub(super) fn advice(&self, value: &str) -> Advice {
        Advice::write(format!("{} = {value}", self.option), "")
    }

    /// The advice for each guess at the value that was meant.
    pub(super) fn guesses(&self, value: Option<&Expr>) -> Vec<Advice> {
        let guesses = value.map(suggest::guesses).unwrap_or_default();
        guesses.iter().map(|guess| self.advice(guess)).collect()
    }

    /// The help if no guess is right.
    pub(super) fn as_example(&self) -> String {
        if self.option == "message" {
            // An example would have the name of another parameter.
            return "name the parameter that takes the message".to_owned();
        }
        format!("write `{}`", self.example)
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
                found.push(self.option, problem, self.as_example());
                None
            }
            Value::Misplaced(None) => None,
        };
        if let Value::Given(value) = given
            && let Some(problem) = found.problem()
            && let Some(help) = self.instead_of_constant(value).or_else(|| self.instead_of_nothing(value))
        {
            found = Errors::default();
            found.push(value, problem, help);
        }
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

    /// The help for a constant, of which an attribute sees the name alone.
    pub(super) fn instead_of_constant(&self, value: &Expr) -> Option<String> {
        let is_constant = expr::is_constant(value) && !self.is_method(value);
        is_constant.then(|| {
            let example = &self.example;
            format!(
                "write the value itself, as in `{example}`: an attribute cannot read the value of `{}`",
                glued(value)
            )
        })
    }

    /// The help for a value that says that there is none.
    fn instead_of_nothing(&self, value: &Expr) -> Option<String> {
        let is_needed = ["channel", "keep_alive", "methods"].iter().any(|needed| self.option == needed);
        (!is_needed && suggest::is_nothing(value))
            .then(|| format!("remove the option, or write a value, as in `{}`", self.example))
    }

    /// Returns `true` for the name of a method, which is the method.
    pub(super) fn is_method(&self, value: &Expr) -> bool {
        let Expr::Path(path) = value else { return false };
        let last = path.path.segments.last().map(|last| last.ident.to_string().to_uppercase());
        let is_method = |last: String| METHODS.contains(&&*last);
        self.option == "methods" && last.is_some_and(is_method)
    }

    /// Returns `true` for an option that takes no value.
    fn is_flag(&self) -> bool {
        *self.option == self.example
    }

    fn flag_alone(&self) -> String {
        format!("write `{}` alone, or remove it", self.option)
    }

    /// Returns `true` if the value is a list, as the example is.
    pub(super) fn is_list(&self) -> bool {
        self.example.contains(" = [")
    }
}

/// The help for several functions where one can be.
pub(super) fn one_function(each: &[String]) -> String {
    format!("write one function that calls {}, and its name here", list(each.iter().map(String::as_str)))
}

/// The times and sizes of a number and the unit behind it: `30 seconds`.
fn with_unit(number: &Expr, input: ParseStream<'_>) -> Option<Vec<String>> {
    let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = number else { return None };
    let unit: Ident = input.fork().parse().ok()?;
    let text = LitStr::new(&format!("{number} {unit}"), number.span());
    let text = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(text) });
    let time = suggest::seconds(&text).map(|seconds| format!("\"{seconds}s\""));
    let meant: Vec<_> = time.into_iter().chain(suggest::bytes(&text)).collect();
    (!meant.is_empty()).then_some(meant)
}

/// The path of the runtime, unless the option `crate` has another.
pub fn default_crate() -> Path {
    let name = Ident::new("fanout", Span::call_site());
    Path {
        leading_colon: Some(<Token![::]>::default()),
        segments: [PathSegment::from(name)].into_iter().collect(),
    }
}
