//! The errors of an attribute, and the words of their messages.

use proc_macro2::{Delimiter, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

/// The errors found so far. A step pushes an error and goes on, so that several mistakes show at once.
#[derive(Default)]
pub struct Errors(Vec<Mistake>);

/// An error.
struct Mistake {
    /// The spans of the first and the last token that are wrong.
    place: (Span, Span),
    problem: String,
    /// The options to write instead, the best guess first.
    advice: Vec<Advice>,
    /// The help if no advice is right. An error of the parser has none.
    help: Option<String>,
}

/// An option that an error suggests. It is shown only if it is right.
pub struct Advice {
    /// The whole option.
    pub option: String,
    /// The help that suggests it.
    pub help: String,
}

impl Advice {
    /// The help is to write this option, with some words behind it.
    pub fn write(option: impl Into<String>, behind: &str) -> Self {
        let option = option.into();
        Self { help: format!("write `{option}`{behind}"), option }
    }
}

impl Errors {
    /// Adds an error on `tokens`. The help says what to write instead.
    pub fn push(&mut self, tokens: impl ToTokens, problem: impl AsRef<str>, help: impl AsRef<str>) {
        self.advise(ends(tokens), problem, [], help);
    }

    /// Adds an error at `span`, for a mistake that has no tokens of its own.
    pub fn push_at(&mut self, span: Span, problem: impl AsRef<str>, help: impl AsRef<str>) {
        self.advise((span, span), problem, [], help);
    }

    /// Adds an error whose help is the first advice that is right, or else `help`.
    pub fn advise(
        &mut self,
        place: (Span, Span),
        problem: impl AsRef<str>,
        advice: impl IntoIterator<Item = Advice>,
        help: impl AsRef<str>,
    ) {
        self.0.push(Mistake {
            place,
            problem: problem.as_ref().to_owned(),
            advice: advice.into_iter().collect(),
            help: Some(help.as_ref().to_owned()),
        });
    }

    /// Adds errors of the parser.
    pub fn add(&mut self, error: syn::Error) {
        for error in error {
            let (problem, help) = match error.to_string().split_once("\nhelp: ") {
                Some((problem, help)) => (problem.to_owned(), Some(help.to_owned())),
                None => (error.to_string(), None),
            };
            let place = ends(error.to_compile_error());
            self.0.push(Mistake { place, problem, advice: Vec::new(), help });
        }
    }

    /// The problem of the first error.
    pub fn problem(&self) -> Option<String> {
        self.0.first().map(|mistake| mistake.problem.clone())
    }

    /// Adds the errors of a part.
    pub fn append(&mut self, part: Self) {
        self.0.extend(part.0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Decides about the help of each error: the first option for which `is_right` returns `true`.
    pub fn settle(&mut self, is_right: impl Fn(&str) -> bool) {
        for mistake in &mut self.0 {
            let right = mistake.advice.drain(..).find(|advice| is_right(&advice.option));
            if let Some(advice) = right {
                mistake.help = Some(advice.help);
            }
        }
    }

    /// The problems, without the help.
    #[cfg(test)]
    pub fn problems(self) -> Vec<String> {
        self.0.into_iter().map(|mistake| mistake.problem).collect()
    }

    /// The problems, each with its help.
    #[cfg(test)]
    pub fn all(self) -> Vec<(String, String)> {
        let all = self.0.into_iter();
        all.map(|mistake| (mistake.problem, mistake.help.unwrap_or_default())).collect()
    }

    /// The errors as `compile_error!`s of the runtime. The name `core` could mean another crate. The compiler itself refuses
    /// `#[fanout::sse = "news"]`, and then nothing else is an error. `around` adds code to the first error.
    pub fn into_tokens(self, krate: &Path, around: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
        if self.0.is_empty() || is_key_value() {
            return TokenStream::new();
        }
        let mut all = self.0.into_iter().map(|mistake| mistake.into_tokens(krate));
        let first = all.next().map(around);
        first.into_iter().chain(all).collect()
    }
}

/// Returns `true` if this attribute has a value behind a `=`, and no list.
fn is_key_value() -> bool {
    let written = if proc_macro::is_available() { Span::call_site().source_text() } else { None };
    let before = written.as_deref().and_then(|written| written.split_once('=')).map(|(before, _)| before);
    before.is_some_and(|before| !before.trim_start_matches("#[").contains(['(', '[', '{']))
}

impl Mistake {
    fn into_tokens(self, krate: &Path) -> TokenStream {
        let (first, last) = self.place;
        let text = match &self.help {
            Some(help) => message(&self.problem, help),
            None => self.problem,
        };
        let path = placed(quote!(#krate::__private::compile_error!), first);
        let mut text = Literal::string(&text);
        text.set_span(last);
        quote_spanned!(last=> #path { #text })
    }
}

/// An error that the compiler finds under some `#[cfg]`.
pub fn compile_error(krate: &Path, tokens: impl ToTokens, problem: &str, help: &str) -> TokenStream {
    let (problem, help) = (problem.to_owned(), Some(help.to_owned()));
    Mistake { place: ends(tokens), problem, advice: Vec::new(), help }.into_tokens(krate)
}

/// The tokens at another place. The span of `$crate` decides which crate it is.
fn placed(tokens: TokenStream, place: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        let is_crate = matches!(&token, TokenTree::Ident(word) if word == "$crate");
        token.set_span(if is_crate { token.span().located_at(place) } else { place });
        token
    };
    tokens.into_iter().map(at).collect()
}

/// The text of an error: the problem and the help, each in one line.
pub fn message(problem: &str, help: &str) -> String {
    let [problem, help] = [problem, help].map(|line| line.replace('\n', "\\n").replace('\r', "\\r"));
    format!("{problem}\nhelp: {help}")
}

/// The spans of the first and the last token of `tokens`, between which an error is shown.
pub fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let tokens = tokens.into_token_stream();
    let first = end_of(tokens.clone(), |tokens| tokens.into_iter().next()).unwrap_or_else(|| tokens.span());
    let last = end_of(tokens, |tokens| tokens.into_iter().last()).unwrap_or(first);
    (first, last)
}

/// The span of the token that `pick` picks. A fragment of a `macro_rules!` is a group, which has its place in that macro, while its tokens
/// are where the user wrote them.
fn end_of(tokens: TokenStream, pick: fn(TokenStream) -> Option<TokenTree>) -> Option<Span> {
    match pick(tokens)? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            end_of(group.stream(), pick).or(Some(group.span()))
        }
        token => Some(token.span()),
    }
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

/// The name as a variable of Rust, which can be a keyword.
pub fn variable(name: &str) -> String {
    if is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

/// A name in generated code, which has the edition of this crate. A word that is a keyword in one edition may be a name
/// in the user's.
pub fn identifier(name: &str, span: Span) -> Ident {
    if is_keyword(name) { Ident::new_raw(name, span) } else { Ident::new(name, span) }
}

/// Returns `true` if a word is a name of ASCII letters, digits and `_`.
pub fn is_ascii_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns `true` for a keyword of some edition.
pub fn is_keyword(name: &str) -> bool {
    // The compiler takes much longer to lex a string than to make a token.
    let parsed = if is_ascii_name(name) {
        syn::parse2::<Ident>(Ident::new(name, Span::call_site()).into_token_stream())
    } else {
        syn::parse_str(name)
    };
    name == "gen" || parsed.is_err()
}

/// The known word that `word` probably misspells.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |known: &&str| strsim::damerau_levenshtein(&word, &known.to_lowercase());
    let is_near = |known: &&str| {
        // Half of a short word is another word: `data` is not a misspelt `path`.
        let is_short = known.len() < 5 && !word.contains(&known.to_lowercase());
        let limit = if is_short { 1 } else { known.len().div_ceil(3) };
        distance(known) <= limit.min(known.len().saturating_sub(1))
    };
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
        assert_eq!(nearest("data", known), None);
        assert_eq!(nearest("opened", ["open"]), Some("open"));
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
