//! References to the names that an attribute with an error has, so that the compiler does not warn about their imports.
//!
//! An attribute does not see which names exist. So each name has a stand-in in a module of its own, where the names of the user's
//! module come first. The error stands beside the references: the compiler
//! reports no other mistake in code with an error, such as a generic function without types.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Path;
use syn::ext::IdentExt;

use crate::diagnostics::{identifier, variable};

use super::tokens::local;

/// The names in an attribute that code of the user may define.
#[derive(Default)]
pub struct Mentioned {
    /// The names of functions, constants and statics.
    values: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Mentioned {
    /// The names in these tokens. In a list of endpoints, a name in upper camel case is a type.
    pub fn of(tokens: &TokenStream, is_list: bool) -> Self {
        let mut names = Self::default();
        names.read(tokens.clone(), is_list);
        names
    }

    fn read(&mut self, tokens: TokenStream, is_list: bool) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let punct = |index: Option<usize>| match index.and_then(|index| tokens.get(index)) {
            Some(TokenTree::Punct(punct)) => punct.as_char(),
            _ => ' ',
        };
        let mut of_data = false;
        for (index, token) in tokens.iter().enumerate() {
            let name = match token {
                TokenTree::Group(group) => {
                    self.read(group.stream(), is_list);
                    continue;
                }
                TokenTree::Ident(name) => name,
                TokenTree::Punct(punct) => {
                    of_data &= punct.as_char() != ',';
                    continue;
                }
                TokenTree::Literal(_) => continue,
            };
            let before = punct(index.checked_sub(1));
            let is_behind_path = before == ':' && punct(index.checked_sub(2)) == ':';
            let (behind, then) = (punct(Some(index + 1)), punct(Some(index + 2)));
            let is_prefix = behind == ':' && then == ':';
            // The name of an option, a part of a path, a field, a lifetime or a macro.
            let is_other = matches!(behind, '=' | '!') || behind == ':' && !is_prefix;
            if is_other || is_behind_path || matches!(before, '.' | '\'') {
                of_data |= name == "data";
                continue;
            }
            let written = name.unraw().to_string();
            let is_type = written.starts_with(char::is_uppercase) && written.contains(char::is_lowercase);
            // A keyword is no name.
            if *name != variable(&name.to_string()) || written.starts_with("__") {
                continue;
            }
            match (is_type && (is_prefix || is_list || of_data), is_prefix) {
                (true, _) => self.types.insert(written),
                (false, false) => self.values.insert(written),
                // A module is used by an import alone.
                (false, true) => false,
            };
        }
    }

    /// The error with references to the names beside it. The path of the runtime must mean the same in any module.
    pub fn beside(&self, error: TokenStream, krate: &Path) -> TokenStream {
        let is_absolute = krate.leading_colon.is_some()
            || krate.segments.first().is_some_and(|first| first.ident == "crate" || first.ident == "$crate");
        if !is_absolute || self.values.is_empty() && self.types.is_empty() {
            return error;
        }
        let named = |names: &BTreeSet<String>| -> Vec<Ident> {
            names.iter().map(|name| identifier(name, Span::call_site())).collect()
        };
        let (values, types) = (named(&self.values), named(&self.types));
        let (kept, constant) = (local("kept"), local("KEPT"));
        let of_any = local("Kept");
        quote! {
            const _: () = {
                mod #kept {
                    trait #of_any {
                        const #constant: () = ();
                    }
                    impl<T> #of_any for T {}
                    #(const #values: () = ();)*
                    #(struct #types {})*
                    fn #kept() {
                        use super::*;
                        #error
                        #(let _ = #values;)*
                        #(let _ = #types::#constant;)*
                    }
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_user_are_found() {
        let of = |tokens: &str, is_list| {
            let names = Mentioned::of(&tokens.parse().expect("tokens"), is_list);
            let join = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" ");
            (join(names.values), join(names.types))
        };
        for (tokens, values, types) in [
            ("channel = NEWS, guard = may_enter(room)", "NEWS may_enter room", ""),
            ("methods = [Method::GET], status = http::StatusCode::OK", "", "Method"),
            ("data = Vec<Score>, backend = Origin", "Origin", "Score Vec"),
            ("guard = ::auth::may, channel = format!(\"{}\", ROOM)", "ROOM", ""),
            ("guard = |r| r.id(), crate = crate::live, name: News", "News r", ""),
            ("echo, r#type = r#type, x = __hidden", "echo type", ""),
        ] {
            assert_eq!(of(tokens, false), (values.to_owned(), types.to_owned()), "{tokens}");
        }
        assert_eq!(
            of("news, rooms::chat, Chat, fallback = \"a\"", true),
            ("news".to_owned(), "Chat".to_owned())
        );
    }
}
