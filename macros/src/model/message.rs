//! The parameter of a function that the message of a WebSocket fills.

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::diagnostics::{Errors, glued, list, nearest};
use crate::parse::signature::Parameter;
use crate::parse::types::{Sent, is_of_request, optional, sent_as};

use super::names::{Argument, Names, Source};

/// Checks that the option `message` names a parameter that a message can fill.
pub fn check_option(
    names: &Names<'_>,
    written: &[Parameter<'_>],
    message: &Ident,
    errors: &mut Errors,
) -> bool {
    let all = || written.iter().filter_map(|parameter| parameter.name);
    if names.index(message).is_some() {
        let help = "name another parameter, or remove the option";
        errors.push(message, format!("`{message}` is a path parameter, not the message"), help);
        return false;
    }
    let is_there = all().any(|name| name == message);
    if !is_there {
        let words: Vec<_> = all().map(Ident::to_string).collect();
        let is_message = |parameter: &&Parameter<'_>| {
            !is_of_request(parameter.ty) && !parameter.name.is_some_and(|name| names.is_of_path(name))
        };
        let mut messages = written.iter().filter(is_message).filter_map(|parameter| parameter.name);
        let help = match (nearest(&message.to_string(), words.iter().map(String::as_str)), messages.next()) {
            (Some(nearest), _) => format!("did you mean `{nearest}`?"),
            (None, Some(only)) if messages.next().is_none() => format!("write `message = {only}`"),
            (None, _) => "name the parameter that takes the message".to_owned(),
        };
        errors.push(message, format!("`{}` has no parameter `{message}`", names.endpoint), help);
    }
    is_there
}

/// Refuses a second message, and a message that is probably a misspelt path parameter.
pub fn check_message(names: &Names<'_>, arguments: &[Argument<'_>], errors: &mut Errors) {
    let mut messages = arguments.iter().filter(|argument| argument.source == Source::Event);
    let Some(first) = messages.next() else { return };
    if let Some(second) = messages.next() {
        let help = match names.parameters() {
            [] => "remove one of them: the function runs once for each message".to_owned(),
            parameters => {
                names.note_unread_argument();
                let parameters = list(parameters.iter().map(String::as_str));
                format!("remove one of them, or name it after a path parameter: {parameters}")
            }
        };
        errors.push(second.parameter.ty, format!("`{}` takes two messages", names.endpoint), help);
        return;
    }
    let all: Vec<_> = arguments.iter().filter_map(|argument| argument.parameter.name).collect();
    let Some(name) = first.parameter.name else { return };
    if let Some(nearest) = misspelt(name, &all, names) {
        names.note_unread_argument();
        let help = format!("write `{nearest}` for the path parameter, or give the message another name");
        let problem =
            format!("`{}` takes the message, but looks like the path parameter `{nearest}`", name.unraw());
        errors.push(name, problem, help);
    }
}

/// Refuses an `Option` of a message: without a message, the function does not run.
pub fn check_optional(arguments: &[Argument<'_>], errors: &mut Errors) {
    for Argument { parameter, .. } in arguments {
        if let Some(inside) = optional(parameter.ty)
            && matches!(sent_as(inside), Some(Sent::Text | Sent::Binary))
        {
            let help = format!("write `{}`: the function runs once for each message", glued(inside));
            errors.push(parameter.ty, "a message cannot be optional", help);
        }
    }
}

/// Refuses a method whose message stands behind another parameter that is not an extractor. Without path parameters, it can be
/// nothing else.
pub fn check_first(
    method: &str,
    written: &mut Vec<Parameter<'_>>,
    of_event: impl Fn(&Parameter<'_>) -> bool,
    names: &Names<'_>,
    errors: &mut Errors,
) {
    // The first one may be absent.
    if written.iter().any(|parameter| parameter.condition.is_some() && of_event(parameter)) {
        return;
    }
    let mut could_be = written.iter().enumerate().filter(|(_, parameter)| of_event(parameter));
    let Some((_, first)) = could_be.next().filter(|(_, first)| sent_as(first.ty).is_none()) else { return };
    let is_text =
        |parameter: &Parameter<'_>| matches!(sent_as(parameter.ty), Some(Sent::Text | Sent::Binary));
    let Some((index, message)) = could_be.find(|(_, parameter)| is_text(parameter)) else { return };
    let Some(name) = message.name else { return };
    let before = glued(first.pattern);
    let help = format!(
        "put `{name}: {}` before `{before}`; if `{name}` is a path parameter, add it to the path: `/{{{name}}}`",
        glued(message.ty)
    );
    errors.push(message.pattern, format!("the message must be the first parameter of `{method}`"), help);
    names.note_unread_argument();
    written.remove(index);
}

/// The path parameter that `name` probably misspells. `all` are the names of the function's parameters; none of them is
/// that path parameter's.
pub fn misspelt<'s>(name: &Ident, all: &[&Ident], names: &Names<'s>) -> Option<&'s str> {
    let unused = names
        .parameters()
        .iter()
        .map(String::as_str)
        .filter(|parameter| !all.iter().any(|name| name.unraw() == *parameter));
    let written = name.unraw().to_string();
    // `message` is not a misspelt `message_id`.
    nearest(&written, unused).filter(|nearest| nearest.len() > 2 && !nearest.starts_with(&written))
}
