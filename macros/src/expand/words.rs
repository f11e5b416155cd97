//! The trait for an argument, by the written form of its type. The traits take the same types: the form decides about the
//! words of a message alone, because a type of another crate may have the same name.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{PathSegment, Type};

use crate::kind::Kind;
use crate::model::endpoint::Endpoint;
use crate::model::handler::Handler;
use crate::parse::types::{Extractor, looks_like};

/// The trait of a handler's argument that is made from the request.
pub(super) fn argument_of(endpoint: &Endpoint<'_>, handler: &Handler<'_>, ty: &Type) -> TokenStream {
    let is_plain = endpoint.kind.is_plain();
    let could_be_message =
        endpoint.kind == Kind::Ws && !handler.takes_event() && !handler.function.is_method();
    let form = match looks_like(ty) {
        Some(Extractor::Guarded) if endpoint.guard.is_some() => "Guarded",
        Some(Extractor::Guarded) => "Unguarded",
        Some(Extractor::OfGuards) if is_plain => "",
        Some(Extractor::OfGuards) => "Client",
        Some(Extractor::Body) => "Body",
        Some(Extractor::Query) => "Query",
        Some(Extractor::TypedHeader) => "Header",
        Some(Extractor::Option) => "Option",
        Some(Extractor::Result) => "Result",
        None => match mistaken(ty) {
            Some("Borrowed") if could_be_message => "SocketBorrowed",
            Some(form) => form,
            None if could_be_message => "Socket",
            None if is_plain => "",
            None => "Handler",
        },
    };
    let plain = if is_plain { "Plain" } else { "" };
    Ident::new(&format!("{plain}{form}Argument"), Span::call_site()).into_token_stream()
}

/// The trait of a handler's argument that is made from a message.
pub(super) fn message_of(ty: &Type) -> Ident {
    let form = match looks_like(ty) {
        Some(Extractor::Body) if last(ty).is_some_and(|last| last.ident == "Json") => Some("Json"),
        Some(Extractor::Result) => Some("Result"),
        _ => mistaken(ty),
    };
    let name = form.map_or_else(|| "FromMessage".to_owned(), |form| format!("{form}Message"));
    Ident::new(&name, Span::call_site())
}

/// The form of a type that no handler takes: a reference, or an extractor of another library.
fn mistaken(ty: &Type) -> Option<&'static str> {
    let (referent, reference) = match ungrouped(ty) {
        Type::Reference(reference) => (ungrouped(&reference.elem), Some(reference)),
        ty => (ty, None),
    };
    let named = last(referent);
    let is_of_something = named.is_some_and(|last| !last.arguments.is_none());
    let name = named.map(|last| last.ident.to_string());
    match name.as_deref() {
        Some("RequestHead") => reference.is_none_or(|head| head.mutability.is_some()).then_some("Head"),
        Some("CookieJar" | "HeaderMap" | "Parts" | "Uri") => Some("PartOfHead"),
        Some("ConnectInfo" | "IpAddr" | "SocketAddr") => Some("Address"),
        Some("Path") if is_of_something => Some("Parameters"),
        Some("Data" | "Extension" | "State") if is_of_something => Some("OfApp"),
        // These are a message, or a path parameter.
        Some("str") if reference.is_some_and(|text| text.mutability.is_none()) => None,
        None if matches!(referent, Type::Slice(_)) => None,
        _ => reference.map(|_| "Borrowed"),
    }
}

/// The last segment of a type's path.
fn last(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        ty => ty,
    }
}
