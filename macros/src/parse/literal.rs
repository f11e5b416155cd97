//! Strings, lists of them, and numbers, as the values of options.

use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprArray, ExprLit, ExprMacro, ExprPath, Lit, LitInt, LitStr, Token};

use crate::diagnostics::{Advice, Errors, ends, glued};

use super::expr::{self, ungrouped};
use super::suggest;
use super::value::Slot;

impl Slot<'_> {
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
        let is_constant = |path: &ExprPath| path.path.get_ident().is_none_or(expr::is_constant_name);
        let (advice, help) = match value {
            Expr::Array(_) if self.option == "path" => {
                let help = "write one path; for a second path, add another attribute with its own `name`";
                (Vec::new(), help.to_owned())
            }
            Expr::Path(path) if !self.is_method(value) && is_constant(path) => {
                let help = format!(
                    "write the text itself, as in `{}`: an attribute cannot read the value of `{}`",
                    self.example,
                    glued(value)
                );
                (Vec::new(), help)
            }
            _ => {
                let has_parameters =
                    ["channel", "next", "gone", "meta"].iter().any(|name| self.option == name);
                let sum = suggest::sum(value).filter(|_| has_parameters);
                let behind = if sum.is_some() { "" } else { ", without `format!`" };
                let advice = match sum.or_else(|| suggest::template(value)) {
                    Some(template) if self.is_list() => vec![self.element(&format!("{template:?}"))],
                    Some(template) => {
                        let option = format!("{} = {template:?}", self.option);
                        vec![Advice::write(option, behind)]
                    }
                    None if self.is_list() => {
                        suggest::guesses(value).iter().map(|guess| self.element(guess)).collect()
                    }
                    // Of the options that take a string, only this one has a value for everything.
                    None if self.option == "cors" && suggest::is_true(value) => vec![self.advice("\"*\"")],
                    None if suggest::is_nothing(value) => Vec::new(),
                    None => self.guesses(Some(value)),
                };
                (advice, format!("write the text itself, as in `{}`", self.example))
            }
        };
        let needs = if self.is_list() { "takes strings" } else { "must be a string" };
        errors.advise(ends(value), format!("`{}` {needs}", self.option), advice, help);
        None
    }

    /// The advice to write an element of a list.
    fn element(&self, value: &str) -> Advice {
        let is_of_pair = self.example.contains("[(");
        let whole = match value {
            value if is_of_pair => format!("[(\"a\", {value})]"),
            list if list.starts_with('[') => list.to_owned(),
            value => format!("[{value}]"),
        };
        Advice { option: format!("{} = {whole}", self.option), help: format!("write `{value}`") }
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
                let problem = format!("the list of `{}` must be in brackets", self.option);
                errors.advise(ends(value), problem, self.guesses(Some(value)), self.as_example());
                elements
            }
            (value, None) => vec![value.clone()],
        };
        let mut strings: Vec<LitStr> = Vec::new();
        let list = (matches!(value, Expr::Array(_)) && !self.is_list()).then(|| self.of_list());
        let slot = list.as_ref().unwrap_or(self);
        for element in elements {
            let Some(string) = slot.string(&ungrouped(element), errors) else { continue };
            if strings.iter().any(|earlier| earlier.value() == string.value()) {
                let problem = format!("`{}` is listed twice", string.value());
                errors.push(string, problem, "remove one of them");
            } else {
                strings.push(string);
            }
        }
        Some(strings).filter(|strings| !strings.is_empty())
    }

    /// The slot with an example that is a list.
    fn of_list(&self) -> Slot<'_> {
        let example = match self.example.split_once(" = ") {
            Some((option, value)) => format!("{option} = [{value}]"),
            None => self.example.clone(),
        };
        Slot { option: self.option, example }
    }

    /// A list of pairs of strings, or one pair without the brackets.
    pub fn pairs(&self, value: &Expr, errors: &mut Errors) -> Option<Vec<(LitStr, LitStr)>> {
        let is_pair = |value: &Expr| match value {
            Expr::Tuple(tuple) => tuple.elems.len() == 2,
            value => suggest::pair(value).is_some(),
        };
        let pairs: Vec<_> = match value {
            Expr::Array(array) if array.elems.len() > 1 && !array.elems.iter().any(is_pair) => {
                vec![value.clone()]
            }
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
                let pair = suggest::pair(other).map(|(name, value)| format!("({name:?}, {value:?})"));
                let advice = pair.iter().map(|pair| Advice {
                    option: format!("{} = [{pair}]", self.option),
                    help: format!("write `{pair}`"),
                });
                let all = suggest::pairs(other.to_token_stream()).map(|all| self.advice(&all));
                errors.advise(ends(other), problem, advice.chain(all), self.as_example());
                None
            }
        };
        Some(pairs.into_iter().filter_map(&mut pair).collect())
    }

    fn not_empty(&self, array: &ExprArray, errors: &mut Errors) {
        if array.elems.is_empty() {
            let problem = format!("the list of `{}` is empty", self.option);
            errors.push(array, problem, self.as_example());
        }
    }

    /// A whole number.
    pub fn number(&self, value: &Expr, errors: &mut Errors) -> Option<LitInt> {
        if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value
            && number.suffix().is_empty()
        {
            return Some(number.clone());
        }
        let problem = format!("`{}` must be a number", self.option);
        let is_size = self.option.to_string().starts_with("max_");
        let advice = match suggest::bytes(value).filter(|_| is_size) {
            // Without its unit, the number would be another size.
            Some(bytes) => vec![self.advice(&bytes)],
            None => {
                let number = suggest::number(value).filter(|_| !is_size);
                let number = number.map(|number| self.advice(&number));
                self.guesses(Some(value)).into_iter().chain(number).collect()
            }
        };
        errors.advise(ends(value), problem, advice, self.as_example());
        None
    }
}
