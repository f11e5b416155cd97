//! The errors of an attribute, and the words of their messages.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

/// The errors found so far. A step pushes an error and goes on, so that several mistakes show at once.
#[derive(Default)]
pub struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error on `tokens`. The help says what to write instead.
    pub fn push(&mut self, tokens: impl ToTokens, problem: impl AsRef<str>, help: impl AsRef<str>) {
        self.add(syn::Error::new_spanned(tokens, message(problem.as_ref(), help.as_ref())));
    }

    /// Adds an error at `span`, for a mistake that has no tokens of its own.
    pub fn push_at(&mut self, span: Span, problem: impl AsRef<str>, help: impl AsRef<str>) {
        self.add(syn::Error::new(span, message(problem.as_ref(), help.as_ref())));
    }

    pub fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            none => *none = Some(error),
        }
    }

    /// The problem of the first error.
    pub fn problem(&self) -> Option<String> {
        let first = self.0.clone()?.into_iter().next()?.to_string();
        Some(first.split("\nhelp: ").next().unwrap_or_default().to_owned())
    }

    /// Adds the errors of a part.
    pub fn append(&mut self, part: Self) {
        part.0.into_iter().for_each(|errors| self.add(errors));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The problems, without the help.
    #[cfg(test)]
    pub fn problems(self) -> Vec<String> {
        self.all().into_iter().map(|(problem, _)| problem).collect()
    }

    /// The problems, each with its help.
    #[cfg(test)]
    pub fn all(self) -> Vec<(String, String)> {
        let parts = |error: syn::Error| {
            let message = error.to_string();
            let (problem, help) = message.split_once("\nhelp: ").unwrap_or((&message, ""));
            (problem.to_owned(), help.to_owned())
        };
        self.0.into_iter().flatten().map(parts).collect()
    }

    /// The errors as `compile_error!`s, if there are any.
    pub fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(syn::Error::into_compile_error)
    }
}

/// The text of an error: the problem and the help, each in one line.
pub fn message(problem: &str, help: &str) -> String {
    let [problem, help] = [problem, help].map(|line| line.replace('\n', "\\n").replace('\r', "\\r"));
    format!("{problem}\nhelp: {help}")
}

/// The spans of the first and the last token of `tokens`, between which an error is shown.
pub fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let tokens = tokens.into_token_stream();
    let first = tokens.span();
    let last = tokens.into_iter().last().map_or(first, |token| token.span());
    (first, last)
}

/// Tokens as they were probably written, without spaces: a path without quotes is several tokens.
pub fn glued(tokens: impl ToTokens) -> String {
    let tokens = tokens.to_token_stream().into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            format!("{open}{}{close}", glued(group.stream()))
        }
        token => token.to_string(),
    });
    tokens.collect()
}

/// The known word that `word` probably misspells.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |known: &&str| strsim::damerau_levenshtein(&word, &known.to_lowercase());
    let is_near =
        |known: &&str| distance(known) <= known.len().div_ceil(3).min(known.len().saturating_sub(1));
    known.into_iter().min_by_key(distance).filter(is_near)
}

/// The beginning of a help: the word that was probably meant, if there is one.
pub fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default()
}

/// `` `a`, `b` and `c` ``.
pub fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        let known = ["channel", "path", "backend"];
        assert_eq!(nearest("chanel", known), Some("channel"));
        assert_eq!(nearest("paht", known), Some("path"));
        assert_eq!(nearest("CHANNEL", known), Some("channel"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("b", ["a"]), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
