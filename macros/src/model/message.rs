//! Which parameter of a function the message of a WebSocket is.

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::diagnostics::{Errors, nearest};
use crate::model::names::{Argument, Scope, Source};
use crate::parse::signature::Parameter;
use crate::parse::types::is_of_request;

/// Whether the option `message` names a parameter that a message can be.
pub fn check_option(
    own_name: &str,
    scope: &Scope<'_>,
    written: &[Parameter<'_>],
    message: &Ident,
    errors: &mut Errors,
) -> bool {
    let names = || written.iter().filter_map(|parameter| parameter.name);
    if scope.index(message).is_some() {
        let help = "name another parameter, or remove the option";
        errors.push(message, format!("`{message}` is a parameter of the path, and no message"), help);
        return false;
    }
    let is_there = names().any(|name| name == message);
    if !is_there {
        let all: Vec<_> = names().map(Ident::to_string).collect();
        let is_message = |parameter: &&Parameter<'_>| {
            !is_of_request(parameter.ty) && !parameter.name.is_some_and(|name| scope.is_of_path(name))
        };
        let mut messages = written.iter().filter(is_message).filter_map(|parameter| parameter.name);
        let help = match (nearest(&message.to_string(), all.iter().map(String::as_str)), messages.next()) {
            (Some(nearest), _) => format!("did you mean `{nearest}`?"),
            (None, Some(only)) if messages.next().is_none() => format!("write `message = {only}`"),
            (None, _) => "name the parameter that is made from a message".to_owned(),
        };
        errors.push(message, format!("`{own_name}` has no parameter `{message}`"), help);
    }
    is_there
}

/// A function takes one message, and not a parameter of the path that is misspelt.
pub fn check_message(own_name: &str, scope: &Scope<'_>, arguments: &[Argument<'_>], errors: &mut Errors) {
    let mut messages = arguments.iter().filter(|argument| argument.source == Source::Event);
    let Some(first) = messages.next() else { return };
    if let Some(second) = messages.next() {
        let help = match scope.parameters {
            [] => "take one of them",
            _ => "take one of them, or give the other the name of a parameter of the path",
        };
        errors.push(second.parameter.ty, format!("`{own_name}` takes two messages at once"), help);
        return;
    }
    let names: Vec<_> = arguments.iter().filter_map(|argument| argument.parameter.name).collect();
    let Some(name) = first.parameter.name else { return };
    if let Some(nearest) = misspelt(name, &names, scope) {
        let help = format!("write `{nearest}` for that; otherwise give the message another name");
        let problem = format!("is `{}` the message, or the path's `{nearest}`?", name.unraw());
        errors.push(name, problem, help);
    }
}

/// The parameter of the path that `name`, one of a function's `names`, is probably a slip of: none of them is called so.
pub fn misspelt<'s>(name: &Ident, names: &[&Ident], scope: &Scope<'s>) -> Option<&'s str> {
    let unused = scope
        .parameters
        .iter()
        .map(String::as_str)
        .filter(|parameter| !names.iter().any(|name| name.unraw() == *parameter));
    let written = name.unraw().to_string();
    // `message` beside `message_id` is no slip.
    nearest(&written, unused).filter(|nearest| nearest.len() > 2 && !nearest.starts_with(&written))
}
