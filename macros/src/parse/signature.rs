//! The signature of a function, as far as the generated code needs it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, GenericParam, Ident, Lifetime, Pat, Receiver, ReturnType, Safety, Signature, Type,
    TypeReference, Visibility,
};

use crate::diagnostics::{Errors, ends};
use crate::parse::types::is_unsized;

/// The help for a generic parameter.
pub const NOT_GENERIC: &str = "write a type or value instead: generated code cannot choose one";

/// A function without its body, which no attribute reads.
pub struct Function {
    /// Its `#[cfg(…)]`s, which are copied to everything that is generated beside it.
    pub cfgs: Vec<Attribute>,
    pub vis: Visibility,
    pub sig: Signature,
}

/// A parameter of a function.
pub struct Parameter<'f> {
    pub cfgs: Vec<&'f Attribute>,
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
        let mut cfgs = Attribute::parse_outer(input)?;
        cfgs.retain(is_cfg);
        Ok(Self { cfgs, vis: input.parse()?, sig: input.parse()? })
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
            } else if let Some(inside) = anonymous(typed.ty.to_token_stream()) {
                errors.push_at(inside, problem(), NOT_GENERIC);
            }
            if let Some((lifetime, borrowed)) = borrowed_for_ever(&typed.ty) {
                let help = format!("write `&{borrowed}`: it lives as long as the request");
                errors.push(lifetime, "a parameter cannot borrow for `'static`", help);
            }
            let cfgs = typed.attrs.iter().filter(|attribute| is_cfg(attribute)).collect();
            let name = match &*typed.pat {
                Pat::Ident(pattern) => Some(&pattern.ident),
                _ => None,
            };
            parameters.push(Parameter { cfgs, pattern: &typed.pat, name, ty: &typed.ty });
        }
        parameters
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

    /// Returns `true` in an `impl` or a trait, in which there is no place for a type beside the function.
    pub fn is_method(&self) -> bool {
        matches!(self.sig.inputs.first(), Some(FnArg::Receiver(_)))
    }

    /// The place of an error about the returned value, from the first token to the last.
    pub fn output(&self) -> (Span, Span) {
        match &self.sig.output {
            ReturnType::Default => (self.sig.ident.span(), self.sig.ident.span()),
            ReturnType::Type(_, ty) => ends(ty),
        }
    }
}

/// The word `impl` in a type.
fn anonymous(ty: TokenStream) -> Option<Span> {
    ty.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "impl" => Some(word.span()),
        TokenTree::Group(group) => anonymous(group.stream()),
        _ => None,
    })
}

/// The lifetime of a `&'static str`, and the borrowed type: text, bytes or the head of a request.
fn borrowed_for_ever(ty: &Type) -> Option<(&Lifetime, &'static str)> {
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
