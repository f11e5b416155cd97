//! The signature of a function, as far as the generated code needs it.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, GenericParam, Ident, Lifetime, Pat, Receiver, ReturnType, Safety, Signature, Type,
    TypeReference, Visibility, parse_quote,
};

use crate::diagnostics::{Errors, ends, glued};
use crate::kind::{Kind, is_main};
use crate::parse::types::is_unsized;

/// The help for a generic parameter.
pub const NOT_GENERIC: &str = "write a type or value instead: generated code cannot choose one";

/// A function without its body, which no attribute reads.
pub struct Function {
    /// Its `#[cfg(…)]`s, which are copied to everything that is generated beside it.
    pub cfgs: Vec<Attribute>,
    /// `true` if it has the attribute `deprecated`, perhaps inside of `#[cfg_attr(…)]`.
    pub is_deprecated: bool,
    /// `true` if another macro may read the attributes of its parameters, or change the function.
    pub has_macro: bool,
    pub vis: Visibility,
    pub sig: Signature,
}

/// A parameter of a function.
pub struct Parameter<'f> {
    pub cfgs: Vec<Attribute>,
    /// The attribute that makes it conditional, if there is one.
    pub condition: Option<&'f Attribute>,
    /// `true` if it has an attribute that has an error already.
    pub is_refused: bool,
    pub pattern: &'f Pat,
    /// The name, unless the pattern has several.
    pub name: Option<&'f Ident>,
    pub ty: &'f Type,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let function = input.call(Self::parse_head)?;
        input.parse::<TokenStream>()?;
        Ok(function)
    }
}

impl Function {
    /// Reads everything before the body.
    pub fn parse_head(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = Attribute::parse_outer(input)?;
        let has_macro = attributes.iter().any(is_macro);
        let is_deprecated = attributes.iter().any(|attribute| {
            let path = attribute.path();
            path.is_ident("deprecated")
                || path.is_ident("cfg_attr") && word(attribute.meta.to_token_stream(), "deprecated").is_some()
        });
        Ok(Self {
            cfgs: cfgs(&attributes),
            is_deprecated,
            has_macro,
            vis: input.parse()?,
            sig: input.parse()?,
        })
    }

    /// Returns `true` if it has no return type, and no macro that could add one.
    pub fn returns_nothing(&self) -> bool {
        matches!(self.sig.output, ReturnType::Default) && !self.has_macro
    }

    /// The name, without `r#`.
    pub fn own_name(&self) -> String {
        self.sig.ident.unraw().to_string()
    }

    /// Refuses a signature that generated code cannot call. `at_once` is the reason why the function is not async.
    pub fn check(&self, at_once: &str, errors: &mut Errors) {
        let (sig, name) = (&self.sig, self.own_name());
        if let Some(token) = sig.asyncness {
            errors.push(token, format!("`{name}` cannot be async"), format!("remove `async`: {at_once}"));
        }
        if let Safety::Unsafe(token) = &sig.safety {
            let help = "remove `unsafe`, and write an `unsafe` block inside the function";
            errors.push(token, format!("`{name}` cannot be unsafe"), help);
        }
        if let Some(abi) = &sig.abi {
            let help = "remove it: generated Rust code calls the function";
            errors.push(abi, format!("`{name}` cannot have an ABI"), help);
        }
        if let Some(condition) =
            self.receiver().and_then(|receiver| receiver.attrs.iter().find(|this| is_condition(this)))
        {
            let help = format!("put `#[cfg(…)]` on two methods `{name}`");
            errors.push(condition, "`self` cannot depend on `#[cfg]`", help);
        }
        let named = sig.generics.params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_)));
        if let Some(param) = named {
            errors.push(param, format!("`{name}` cannot be generic"), NOT_GENERIC);
        }
        if let ReturnType::Type(_, ty) = &sig.output
            && matches!(**ty, Type::Never(_))
        {
            let help = "remove `-> !`, or return a value for the client";
            errors.push(ty, format!("`{name}` must return"), help);
        }
    }

    /// The parameters, without `self`.
    pub fn parameters(&self, errors: &mut Errors) -> Vec<Parameter<'_>> {
        let mut parameters = Vec::new();
        for input in &self.sig.inputs {
            let FnArg::Typed(typed) = input else { continue };
            let problem = || format!("`{}` cannot be generic", self.own_name());
            if let Type::ImplTrait(anonymous) = &*typed.ty {
                errors.push(anonymous, problem(), NOT_GENERIC);
            } else if let Some(inside) = word(typed.ty.to_token_stream(), "impl") {
                errors.push_at(inside, problem(), NOT_GENERIC);
            }
            if let Some((lifetime, borrowed)) = borrowed_for_ever(&typed.ty) {
                let help = format!("write `&{borrowed}`: it lives as long as the request");
                errors.push(lifetime, "a parameter cannot borrow for `'static`", help);
            }
            let refused: Vec<_> = self.refused(&typed.attrs).collect();
            for attribute in &refused {
                let name = glued(attribute.path());
                let help = match attribute
                    .path()
                    .segments
                    .last()
                    .map(|last| last.ident.to_string())
                    .unwrap_or_default()
                    .as_str()
                {
                    "query" => "take a `Query<…>`: the type of a parameter says where it comes from",
                    "header" => "take a `TypedHeader<…>`: the type of a parameter says where it comes from",
                    "cookie" | "cookies" => {
                        "take `Cookies`: the type of a parameter says where it comes from"
                    }
                    "path" | "param" => "remove it: a path parameter is passed by its name",
                    _ => "remove it: the type of a parameter says where it comes from",
                };
                errors.push(attribute, format!("`#[{name}]` means nothing on a parameter"), help);
            }
            let name = match &*typed.pat {
                Pat::Ident(pattern) => Some(&pattern.ident),
                _ => None,
            };
            parameters.push(Parameter {
                cfgs: cfgs(&typed.attrs),
                condition: typed.attrs.iter().find(|attribute| is_condition(attribute)),
                is_refused: !refused.is_empty(),
                pattern: &typed.pat,
                name,
                ty: &typed.ty,
            });
        }
        parameters
    }

    /// The attributes of a parameter that have no meaning.
    fn refused<'f>(&self, attributes: &'f [Attribute]) -> impl Iterator<Item = &'f Attribute> {
        let is_read = self.has_macro;
        attributes.iter().filter(move |attribute| !is_read && is_macro(attribute))
    }

    /// The attributes of its parameters that have no meaning. The compiler would report a second error for each.
    pub fn refused_attributes(&self) -> Vec<String> {
        let typed = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        typed
            .flat_map(|typed| self.refused(&typed.attrs))
            .map(|attribute| attribute.to_token_stream().to_string())
            .collect()
    }

    /// Returns `true` if a parameter has this name.
    pub fn has_parameter(&self, name: &Ident) -> bool {
        let is_named = |input: &FnArg| match input {
            FnArg::Typed(typed) => matches!(&*typed.pat, Pat::Ident(pattern) if pattern.ident == *name),
            FnArg::Receiver(_) => false,
        };
        self.sig.inputs.iter().any(is_named)
    }

    /// Returns `true` if a parameter or the return type has no size, such as `str` without the `&`. The compiler reports an
    /// error for it.
    pub fn is_unsized(&self) -> bool {
        let taken = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        });
        let returned = match &self.sig.output {
            ReturnType::Type(_, ty) => Some(&**ty),
            ReturnType::Default => None,
        };
        taken.chain(returned).any(is_unsized)
    }

    /// The `self` parameter, in any form.
    pub fn receiver(&self) -> Option<&Receiver> {
        self.sig.receiver()
    }

    /// Returns `true` in an `impl` or a trait, in which there is no place for a type beside the function. Without `self` and
    /// `Self`, an attribute cannot know.
    pub fn is_method(&self) -> bool {
        matches!(self.sig.inputs.first(), Some(FnArg::Receiver(_))) || self.own_type().is_some()
    }

    /// The word `Self` in the signature.
    pub fn own_type(&self) -> Option<Span> {
        let types = self.sig.inputs.to_token_stream().into_iter().chain(self.sig.output.to_token_stream());
        word(types.collect(), "Self")
    }

    /// The place of an error about the returned value, from the first token to the last.
    pub fn output(&self) -> (Span, Span) {
        match &self.sig.output {
            ReturnType::Default => (self.sig.ident.span(), self.sig.ident.span()),
            ReturnType::Type(_, ty) => ends(ty),
        }
    }
}

/// The place of a word in some tokens.
fn word(tokens: TokenStream, searched: &str) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == searched).then(|| ident.span()),
        TokenTree::Group(group) => word(group.stream(), searched),
        _ => None,
    })
}

/// The lifetime of a `&'static str`, and the borrowed type: text, bytes or the head of a request.
fn borrowed_for_ever(ty: &Type) -> Option<(&Lifetime, &'static str)> {
    if let Type::Group(group) = ty {
        return borrowed_for_ever(&group.elem);
    }
    let Type::Reference(TypeReference { lifetime: Some(lifetime), elem, .. }) = ty else { return None };
    let borrowed = match &**elem {
        Type::Path(path) => ["str", "RequestHead"]
            .into_iter()
            .find(|name| path.path.segments.last().is_some_and(|last| last.ident == name))?,
        Type::Slice(_) => "[u8]",
        _ => return None,
    };
    (lifetime.ident == "static").then_some((lifetime, borrowed))
}

pub fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

/// The `#[cfg(…)]`s, with those inside of `#[cfg_attr(…)]`.
pub fn cfgs(attributes: &[Attribute]) -> Vec<Attribute> {
    let mut cfgs = Vec::new();
    for attribute in attributes {
        if is_cfg(attribute) {
            cfgs.push(attribute.clone());
        } else {
            let predicates = predicates(attribute.meta.to_token_stream());
            cfgs.extend(predicates.into_iter().map(|predicate| parse_quote!(#[cfg(#predicate)])));
        }
    }
    cfgs
}

/// Returns `true` for an attribute that can remove what it is on.
fn is_condition(attribute: &Attribute) -> bool {
    is_cfg(attribute) || !predicates(attribute.meta.to_token_stream()).is_empty()
}

/// The conditions in `cfg(…)` or `cfg_attr(…)`.
fn predicates(meta: TokenStream) -> Vec<TokenStream> {
    let mut meta = meta.into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(arguments))) = (meta.next(), meta.next()) else {
        return Vec::new();
    };
    if name == "cfg" {
        return vec![arguments.stream()];
    }
    let mut parts = parts(&arguments).into_iter();
    match parts.next() {
        Some(condition) if name == "cfg_attr" => {
            parts.flat_map(predicates).map(|inner| quote!(any(not(#condition), #inner))).collect()
        }
        _ => Vec::new(),
    }
}

/// The tokens between the commas.
fn parts(arguments: &Group) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in arguments.stream() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            token => parts.last_mut().into_iter().for_each(|part| part.extend([token.clone()])),
        }
    }
    parts
}

/// Returns `true` for an attribute that the compiler does not know, and this crate neither.
pub fn is_macro(attribute: &Attribute) -> bool {
    const KNOWN: &[&str] = &[
        "allow",
        "cfg",
        "cfg_attr",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "ignore",
        "inline",
        "instruction_set",
        "link_section",
        "must_use",
        "no_mangle",
        "non_exhaustive",
        "should_panic",
        "target_feature",
        "test",
        "track_caller",
        "unsafe",
        "warn",
    ];
    const TOOLS: &[&str] = &["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];
    let path = attribute.path();
    let Some(first) = path.segments.first().map(|first| first.ident.to_string()) else { return false };
    let is_known = if path.segments.len() == 1 { KNOWN } else { TOOLS }.contains(&&*first);
    !is_known && Kind::of(attribute).is_none() && !is_main(attribute)
}
