//! The item under an attribute, parsed once into its form.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, LitStr, Token, Type, Visibility, token};

use crate::diagnostics::Errors;
use crate::kind::{Kind, is_main};

use super::impl_block::ImplBlock;
use super::signature::{Function, cfgs};

/// An item as it was written.
pub struct Item {
    pub tokens: TokenStream,
    pub attributes: Vec<Attribute>,
    pub form: Form,
}

/// The forms of an item.
pub enum Form {
    Function(Box<Function>),
    /// A function whose signature is unfinished or wrong. The compiler reports an error for it.
    HalfTypedFunction {
        vis: Visibility,
        name: Ident,
    },
    Impl(Box<ImplBlock>),
    /// An `impl` that is unfinished or wrong before its braces. The compiler reports an error for it.
    HalfTypedImpl,
    /// A struct or an enum.
    Type {
        name: Ident,
        generics: Generics,
    },
    Other,
}

impl Item {
    pub fn parse(tokens: TokenStream) -> Self {
        let attributes = (|input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            input.parse::<TokenStream>()?;
            Ok(attributes)
        })
        .parse2(tokens.clone());
        let form = Form::parse(&tokens);
        let tokens = match &form {
            Form::Function(function) => {
                without(tokens, &[Delimiter::Parenthesis], &function.refused_attributes())
            }
            Form::Impl(block) => {
                let tokens = block.of_named_type(&tokens).unwrap_or(tokens);
                let refused: Vec<_> = block.methods().flat_map(Function::refused_attributes).collect();
                without(tokens, &[Delimiter::Brace, Delimiter::Parenthesis], &refused)
            }
            _ => tokens,
        };
        Self { tokens, attributes: attributes.unwrap_or_default(), form }
    }

    /// The `#[cfg(…)]`s.
    pub fn cfgs(&self) -> Vec<Attribute> {
        cfgs(&self.attributes)
    }

    /// The body of a function.
    pub fn body(&self) -> Option<Group> {
        match self.tokens.clone().into_iter().last()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        }
    }

    /// The item without attributes that would make it an endpoint.
    pub fn without_endpoints(&self) -> Option<TokenStream> {
        let behind = |input: ParseStream<'_>| {
            input.call(Attribute::parse_outer)?;
            input.parse::<TokenStream>()
        };
        let behind = behind.parse2(self.tokens.clone()).ok()?;
        let kept = self.attributes.iter().filter(|attribute| Kind::of(attribute).is_none());
        Some(quote!(#(#kept)* #behind))
    }

    /// The function `main` with which the body begins, without its attributes: another attribute has put the user's own into one that
    /// it has made, and left this attribute at both.
    pub fn main_inside(&self) -> Option<TokenStream> {
        let function = |input: ParseStream<'_>| {
            let attributes = Attribute::parse_outer(input)?;
            let head = input.fork();
            head.parse::<Token![fn]>()?;
            let is_main = head.parse::<Ident>()? == "main" && attributes.iter().any(is_main);
            let mut function = Vec::new();
            while !matches!(function.last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
            {
                function.push(input.parse()?);
            }
            input.parse::<TokenStream>()?;
            Ok(is_main.then(|| function.into_iter().collect()))
        };
        function.parse2(self.body()?.stream()).ok()?
    }

    /// The type that the item is or is about. A list may name it as if it were an endpoint.
    pub fn named_type(&self) -> Option<(&Generics, TokenStream)> {
        match &self.form {
            Form::Type { name, generics } => {
                let arguments = generics.split_for_impl().1;
                Some((generics, quote!(#name #arguments)))
            }
            // Any other type has no name that a list could have.
            Form::Impl(block) if !block.half_typed && matches!(block.ty, Type::Path(_) | Type::Group(_)) => {
                Some((&block.generics, block.ty.to_token_stream()))
            }
            _ => None,
        }
    }

    /// Refuses an item that cannot be an endpoint of this kind.
    pub fn refuse(&self, kind: Kind, errors: &mut Errors) {
        let attribute = kind.name();
        let (what, where_) = match kind {
            Kind::Ws => ("functions and for the `impl` of a type", "a `fn` or an `impl`"),
            Kind::Sse | Kind::Stream | Kind::LongPoll | Kind::Plain(_) => ("functions", "a `fn`"),
        };
        let inside = if self.module().is_some() { " inside of the module" } else { "" };
        let help = format!("write `#[fanout::{attribute}(…)]` above {where_}{inside}");
        errors.push_at(self.keyword(), format!("`{attribute}` is for {what}"), help);
    }

    /// Refuses a `main` that is not a function.
    pub fn refuse_main(&self, errors: &mut Errors) {
        let help = "write `#[fanout::main(…)]` above a `fn`";
        errors.push_at(self.keyword(), "`main` is for functions", help);
    }

    /// Refuses an item that cannot stand for a list of endpoints.
    pub fn refuse_list(&self, errors: &mut Errors) {
        let example = "`#[fanout::endpoints(…)] pub enum Endpoints {}`";
        let help = match self.module() {
            Some(name) => {
                format!(
                    "write it inside of the module, above a type: {example}, and list `{name}::Endpoints`"
                )
            }
            None => format!("write it above a type of its own: {example}"),
        };
        errors.push_at(self.keyword(), "`endpoints` is for a struct or an enum", help);
    }

    /// The name of a module.
    fn module(&self) -> Option<Ident> {
        let name = |input: ParseStream<'_>| {
            input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            input.parse::<Token![mod]>()?;
            let name = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok(name)
        };
        name.parse2(self.tokens.clone()).ok()
    }

    /// The span of the word that says which item it is.
    fn keyword(&self) -> Span {
        let keyword = |input: ParseStream<'_>| {
            input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            let span = input.span();
            input.parse::<TokenStream>()?;
            Ok(span)
        };
        keyword.parse2(self.tokens.clone()).unwrap_or_else(|_| Span::call_site())
    }
}

impl Form {
    fn parse(tokens: &TokenStream) -> Self {
        if let Ok(function) = syn::parse2::<Function>(tokens.clone())
            && !function.is_unsized()
        {
            return Self::Function(Box::new(function));
        }
        if let Ok((vis, name)) = header.parse2(tokens.clone()) {
            return Self::HalfTypedFunction { vis, name };
        }
        if let Ok(block) = syn::parse2::<ImplBlock>(tokens.clone()) {
            return Self::Impl(Box::new(block));
        }
        match syn::parse2(tokens.clone()) {
            Ok(syn::Item::Struct(item)) => Self::Type { name: item.ident, generics: item.generics },
            Ok(syn::Item::Enum(item)) => Self::Type { name: item.ident, generics: item.generics },
            Err(_) if begins_impl.parse2(tokens.clone()).is_ok() => Self::HalfTypedImpl,
            _ => Self::Other,
        }
    }
}

/// The tokens of an item without these attributes of parameters, which are inside these delimiters.
fn without(tokens: TokenStream, inside: &[Delimiter], attributes: &[String]) -> TokenStream {
    if attributes.is_empty() {
        return tokens;
    }
    let (mut kept, mut tokens) = (TokenStream::new(), tokens.into_iter().peekable());
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (token @ TokenTree::Punct(_), Some(next)) if inside.is_empty() => {
                let attribute = TokenStream::from_iter([token.clone(), next.clone()]).to_string();
                if attributes.contains(&attribute) {
                    tokens.next();
                } else {
                    kept.extend([token]);
                }
            }
            (TokenTree::Group(group), _) if inside.first() == Some(&group.delimiter()) => {
                let stream = without(group.stream(), &inside[1..], attributes);
                let mut shorter = Group::new(group.delimiter(), stream);
                shorter.set_span(group.span());
                kept.extend([TokenTree::Group(shorter)]);
            }
            (token, _) => kept.extend([token]),
        }
    }
    kept
}

/// The visibility and the name of a function, which may be unfinished behind it.
fn header(input: ParseStream<'_>) -> syn::Result<(Visibility, Ident)> {
    input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    // The compiler asks for `in` before the path.
    if input.peek(token::Paren) {
        input.parse::<Group>()?;
    }
    while !input.peek(Token![fn]) {
        if input.parse::<Option<LitStr>>()?.is_none() {
            let keyword = input.call(Ident::parse_any)?;
            if !["const", "async", "safe", "unsafe", "extern"].iter().any(|known| keyword == known) {
                return Err(syn::Error::new(keyword.span(), "not a function"));
            }
        }
    }
    input.parse::<Token![fn]>()?;
    let name = input.parse()?;
    input.parse::<TokenStream>()?;
    Ok((vis, name))
}

/// The beginning of an `impl`.
fn begins_impl(input: ParseStream<'_>) -> syn::Result<()> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Option<Token![unsafe]>>()?;
    input.parse::<Token![impl]>()?;
    input.parse::<TokenStream>().map(drop)
}
