//! The parameter of a function that the message of a WebSocket fills.

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::diagnostics::{Errors, list, nearest};
use crate::parse::signature::Parameter;
use crate::parse::types::is_of_request;

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
