//! The names of options in an editor.
//!
//! An editor completes names that stand in code. rust-analyzer expands the attribute twice, as it is and with a mark at the end of
//! the word, and looks in both for what could stand there. So a word that is no option, which has an error anyway, is the name of
//! a field in code for `cfg(miri)`: rust-analyzer sets it by default, and the compiler knows it but removes the code. It does not
//! know `cfg(rust_analyzer)`, and would warn.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::tokens::local;

/// Code in which the word is the name of an option.
pub fn options(word: &Ident, names: impl Iterator<Item = &'static str>) -> TokenStream {
    // No field can be called `crate`.
    let names = names.filter(|name| *name != "crate").map(|name| Ident::new(name, Span::call_site()));
    let (options, of) = (local("options"), local("Options"));
    quote! {
        #[cfg(miri)]
        const _: () = {
            struct #of {
                #(#names: (),)*
            }
            let _ = |#options: #of| #options.#word;
        };
    }
}
