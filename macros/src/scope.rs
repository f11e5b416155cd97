//! What names mean in the options and the signatures of an endpoint.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{LitStr, Path};

use crate::channel::{self, Template};
use crate::diagnostics::{Errors, list, nearest};
use crate::function::Parameter;
use crate::options;
use crate::path;
use crate::types::is_of_path;
use crate::value::Named;

/// An argument of a function.
pub struct Argument<'f> {
    pub parameter: Parameter<'f>,
    pub source: Source,
}

/// What an argument is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The parameter of the path with this index.
    Path(usize),
    /// The request, by the argument's type.
    Request,
    /// What happened on a connection: a message, or a close.
    Event,
}

/// A function that an option names, and the parameters of the path that it is given.
pub struct Call {
    pub path: Path,
    pub given: Vec<usize>,
}

/// What an endpoint is subscribed to.
pub enum Channels {
    None,
    /// Each of these; a single one may stand in a list too. The place is where the option says so.
    Named {
        templates: Vec<Template>,
        is_list: bool,
        place: Span,
    },
    /// What a function returns.
    Found(Call),
}

/// What names mean in the options and the signature of an endpoint.
pub struct Scope<'s> {
    pub endpoint: &'s str,
    pub path: &'s str,
    /// The names of the path's parameters.
    pub parameters: &'s [String],
}

impl Scope<'_> {
    pub fn index(&self, name: &Ident) -> Option<usize> {
        let name = name.unraw().to_string();
        self.parameters.iter().position(|parameter| *parameter == name)
    }

    /// What each parameter of a function is. `is_event` says which one the event fills: it is asked in turn about those
    /// that are not of the path.
    pub fn arguments<'f>(
        &self,
        written: Vec<Parameter<'f>>,
        mut is_event: impl FnMut(&Parameter<'f>) -> bool,
        errors: &mut Errors,
    ) -> Vec<Argument<'f>> {
        let mut arguments = Vec::new();
        for parameter in written {
            let from_path = parameter.name.and_then(|name| self.index(name));
            let source = match from_path {
                Some(index) => Source::Path(index),
                None if is_event(&parameter) => Source::Event,
                None => Source::Request,
            };
            if source == Source::Request && is_of_path(parameter.ty) {
                match parameter.name {
                    Some(name) => self.refuse(name, errors),
                    None => {
                        let help = "give the parameter the name of the path's parameter that it is";
                        errors.push(parameter.ty, "a parameter of the path goes by its name", help);
                    }
                }
            }
            arguments.push(Argument { parameter, source });
        }
        arguments
    }

    fn refuse(&self, name: &Ident, errors: &mut Errors) {
        let (problem, help) = self.unknown(&name.unraw().to_string());
        errors.push(name, problem, help);
    }

    /// The path has no parameter of this name.
    pub fn unknown(&self, name: &str) -> (String, String) {
        let parameters = || self.parameters.iter().map(String::as_str);
        let help = if let Some(path) = path::in_braces(self.path, |_, written| written == name) {
            format!("write `path = {path:?}`")
        } else if let Some(nearest) = nearest(name, parameters()) {
            format!("did you mean `{nearest}`?")
        } else if self.parameters.is_empty() {
            let name = if path::is_name(name) { name } else { "room" };
            format!("give it one: `path = \"{}/{{{name}}}\"`", self.path.trim_end_matches('/'))
        } else {
            format!("it has {}", list(parameters()))
        };
        (format!("the path of `{}` has no parameter `{name}`", self.endpoint), help)
    }

    pub fn call(&self, named: &Named, errors: &mut Errors) -> Call {
        let mut given = Vec::new();
        for name in &named.given {
            match self.index(name) {
                Some(index) => given.push(index),
                None => self.refuse(name, errors),
            }
        }
        if let Some(fifth) = named.given.get(4) {
            let help = "take `&RequestHead` in the function: `head.parameters().get(\"…\")` has the others";
            errors.push(fifth, "a function is given at most 4 parameters of the path", help);
        }
        Call { path: named.path.clone(), given }
    }

    /// What the option says. `with_next` says whether the stream has a link beside its channels.
    pub fn channels(
        &self,
        written: Option<&options::Channels>,
        with_next: bool,
        errors: &mut Errors,
    ) -> Channels {
        let (names, is_list) = match written {
            None => return Channels::None,
            Some(options::Channels::Function(named)) => return Channels::Found(self.call(named, errors)),
            Some(options::Channels::One(name)) => (std::slice::from_ref(name), false),
            Some(options::Channels::List(names)) => (&names[..], true),
        };
        let mut templates = Vec::new();
        for name in names {
            if let Some(template) = channel::channel(name, self, errors) {
                templates.push(template);
                if with_next {
                    channel::fits_headers(name, errors);
                }
            }
        }
        let place = names.first().map_or_else(Span::call_site, LitStr::span);
        Channels::Named { templates, is_list, place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_guessed() {
        let parameters = ["room".to_owned(), "user".to_owned()];
        let help = |name, path, parameters| Scope { endpoint: "news", path, parameters }.unknown(name).1;
        assert_eq!(help("rom", "/{room}/{user}", &parameters[..]), "did you mean `room`?");
        assert_eq!(help("topic", "/{room}/{user}", &parameters[..]), "it has `room` and `user`");
        assert_eq!(
            help("topic", "/{room}/{user}/:topic", &parameters[..]),
            "write `path = \"/{room}/{user}/{topic}\"`"
        );
        assert_eq!(help("topic", "/live/", &[]), "give it one: `path = \"/live/{topic}\"`");
        assert_eq!(help("topic", "/live/:topic", &[]), "write `path = \"/live/{topic}\"`");
        assert_eq!(help("a b", "/news", &[]), "give it one: `path = \"/news/{room}\"`");
    }
}
