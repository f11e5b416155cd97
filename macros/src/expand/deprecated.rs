//! Calls of deprecated functions. The compiler warns about a use of such a function, except in what a derive macro writes.
//! So the generated code is the attribute of an unused type, and a derive macro writes it out.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Path};

use super::tokens;

/// The code as the attribute of a type with this name. It may use the deprecated `names`.
pub(super) fn using(
    krate: &Path,
    names: &[&Ident],
    cfgs: &[Attribute],
    ty: &str,
    code: TokenStream,
) -> TokenStream {
    if names.is_empty() {
        return code;
    }
    let unused = Ident::new(&format!("__{ty}"), Span::mixed_site());
    quote! {
        #(#cfgs)*
        #[derive(#krate::__private::Deprecated)]
        #[deprecated_in_fanout(#(#names)* { #code })]
        enum #unused {}
    }
}

/// Expands the derive macro: the code in the attribute, with the names in the context of the macro.
pub fn write_out(item: TokenStream) -> TokenStream {
    let mut written = TokenStream::new();
    for token in item {
        let TokenTree::Group(attribute) = token else { continue };
        let mut inside = attribute.stream().into_iter();
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(arguments))) =
            (inside.next(), inside.next())
        else {
            continue;
        };
        if name == "deprecated_in_fanout" {
            // The span of the path to a method begins there.
            let mut names = vec![Ident::new("Self", Span::call_site())];
            for argument in arguments.stream() {
                match argument {
                    TokenTree::Ident(name) => names.push(name.unraw()),
                    TokenTree::Group(code) => written.extend(placed(code.stream(), &names)),
                    _ => {}
                }
            }
        }
    }
    written
}

fn placed(code: TokenStream, names: &[Ident]) -> TokenStream {
    let place = |mut token: TokenTree| {
        match &token {
            TokenTree::Group(group) => {
                let inside = placed(group.stream(), names);
                token = tokens::group(group.delimiter(), inside, group.span()).into();
            }
            TokenTree::Ident(name) if names.contains(&name.unraw()) => {
                token.set_span(Span::call_site().located_at(token.span()));
            }
            _ => {}
        }
        token
    };
    code.into_iter().map(place).collect()
}
