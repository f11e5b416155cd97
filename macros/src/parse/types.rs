//! The meaning of a parameter's type, by its written form, because an attribute sees nothing else of a type.

use quote::ToTokens;
use syn::{GenericArgument, Ident, PathArguments, PathSegment, Type};

use crate::diagnostics::glued;

/// Returns `true` for the types of path parameters, which are not extractors.
pub fn is_of_path(ty: &Type) -> bool {
    const PLAIN: &[&str] = &[
        "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
        "i128", "isize", "f32", "f64",
    ];
    match ty {
        Type::Reference(reference) => is_named(&reference.elem, &["str"]),
        ty => is_named(ty, PLAIN),
    }
}

/// The type of a number, a text or another plain value that is behind a `&`.
pub fn borrowed_value(ty: &Type) -> Option<String> {
    match ty {
        Type::Group(group) => borrowed_value(&group.elem),
        Type::Reference(reference) if is_of_path(&reference.elem) => Some(glued(&reference.elem)),
        _ => None,
    }
    .filter(|value| !value.starts_with('&'))
}

pub fn is_named(ty: &Type, names: &[&str]) -> bool {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            path.path.get_ident().is_some_and(|ident| names.iter().any(|name| ident == name))
        }
        Type::Group(group) => is_named(&group.elem, names),
        _ => false,
    }
}

/// Returns `true` for a type without a size.
pub fn is_unsized(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_unsized(&group.elem),
        Type::Slice(_) | Type::TraitObject(_) => true,
        ty => is_named(ty, &["str"]),
    }
}

/// Returns `true` for the extractors that are made from a request and from no event.
pub fn is_of_request(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_of_request(&group.elem),
        Type::Reference(reference) => last_is(&reference.elem, &["RequestHead"]).is_some(),
        ty => match last_is(ty, &["Option", "Result"]).map(|wrapper| &wrapper.arguments) {
            Some(PathArguments::AngleBracketed(of)) => {
                matches!(of.args.first(), Some(GenericArgument::Type(ty)) if is_of_request(ty))
            }
            _ => last_is(ty, OF_REQUEST).is_some(),
        },
    }
}

/// The type in an `Option`.
pub fn optional(ty: &Type) -> Option<&Type> {
    match last_is(ty, &["Option"]).map(|option| &option.arguments) {
        Some(PathArguments::AngleBracketed(of)) => match of.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// Returns `true` for a reference to a type of this name.
pub fn is_reference_to(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Group(group) => is_reference_to(&group.elem, name),
        Type::Reference(reference) => last_is(&reference.elem, &[name]).is_some(),
        _ => false,
    }
}

/// An extractor by the name of its type. It decides about the words of a message alone, because a type of another crate may
/// have the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extractor {
    Guarded,
    OfGuards,
    Body,
    Query,
    TypedHeader,
    Option,
    Result,
}

pub fn looks_like(ty: &Type) -> Option<Extractor> {
    const NAMES: &[(&[&str], Extractor)] = &[
        (&["Guarded"], Extractor::Guarded),
        (&["ClientAddr", "ClientGeo", "ClientRequest"], Extractor::OfGuards),
        (&["Json", "Form", "Body"], Extractor::Body),
        (&["Query"], Extractor::Query),
        (&["TypedHeader"], Extractor::TypedHeader),
        (&["Option"], Extractor::Option),
        (&["Result"], Extractor::Result),
    ];
    NAMES.iter().find(|(names, _)| last_is(ty, names).is_some()).map(|(_, extractor)| *extractor)
}

const OF_REQUEST: &[&str] = &[
    "Cookies",
    "Guarded",
    "LastEventId",
    "LastIds",
    "Method",
    "Query",
    "Request",
    "Subprotocol",
    "TypedHeader",
];

/// Returns `true` for a type that may be the `Request` of the `fastly` crate, also under a name of the user.
pub fn is_a_request(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_a_request(&group.elem),
        Type::Path(path) => {
            let last = path.path.segments.last().map(|last| last.ident.to_string());
            last.is_some_and(|last| last.ends_with("Request") || last.ends_with("Req"))
        }
        _ => false,
    }
}

/// Returns `true` for a type that is named like the extractor of path parameters in other libraries: `Path<T>`.
pub fn is_path_extractor(ty: &Type) -> bool {
    last_is(ty, &["Path"]).is_some_and(|path| !path.arguments.is_none())
}

/// The name of an extractor that takes the body of the request.
pub fn takes_body(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Group(group) => takes_body(&group.elem),
        ty => match last_is(ty, &["Option", "Result"]).map(|wrapper| &wrapper.arguments) {
            Some(PathArguments::AngleBracketed(of)) => match of.args.first() {
                Some(GenericArgument::Type(ty)) => takes_body(ty),
                _ => None,
            },
            _ => last_is(ty, &["Body", "Form", "Json", "Request"]).map(|last| &last.ident),
        },
    }
}

/// The last segment of a path, if it is one of these.
fn last_is<'t>(ty: &'t Type, names: &[&str]) -> Option<&'t PathSegment> {
    match ty {
        Type::Group(group) => last_is(&group.elem, names),
        Type::Path(path) => {
            path.path.segments.last().filter(|last| names.iter().any(|name| last.ident == name))
        }
        _ => None,
    }
}

/// The kinds of messages that a type is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Text,
    Binary,
    Either,
}

/// The kind of message that a type is made from, unless it is made from a request.
pub fn sent_as(ty: &Type) -> Option<Sent> {
    match ty {
        Type::Group(group) => sent_as(&group.elem),
        Type::Reference(reference) => match &*reference.elem {
            Type::Slice(slice) => is_named(&slice.elem, &["u8"]).then_some(Sent::Binary),
            ty => is_named(ty, &["str"]).then_some(Sent::Text),
        },
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            let arguments = last.arguments.to_token_stream().to_string();
            match last.ident.to_string().as_str() {
                "String" => Some(Sent::Text),
                "Vec" if arguments.replace(' ', "") == "<u8>" => Some(Sent::Binary),
                "Message" | "Incoming" | "Json" => Some(Sent::Either),
                "Result" if arguments.contains("Json") && !arguments.contains("Query") => Some(Sent::Either),
                _ => None,
            }
        }
        _ => None,
    }
}
