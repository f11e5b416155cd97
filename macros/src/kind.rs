//! The kinds of endpoints.

use syn::ext::IdentExt;
use syn::{Attribute, Ident};

/// The kind of an endpoint, which its attribute says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sse,
    Stream,
    LongPoll,
    Ws,
    /// A plain endpoint, with its method unless an option says the methods.
    Plain(Option<Method>),
}

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Kind {
    pub const ALL: &[Self] = &[
        Self::Sse,
        Self::Stream,
        Self::LongPoll,
        Self::Ws,
        Self::Plain(Some(Method::Get)),
        Self::Plain(Some(Method::Post)),
        Self::Plain(Some(Method::Put)),
        Self::Plain(Some(Method::Patch)),
        Self::Plain(Some(Method::Delete)),
        Self::Plain(None),
    ];

    /// The name of the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Stream => "stream",
            Self::LongPoll => "long_poll",
            Self::Ws => "ws",
            Self::Plain(Some(Method::Get)) => "get",
            Self::Plain(Some(Method::Post)) => "post",
            Self::Plain(Some(Method::Put)) => "put",
            Self::Plain(Some(Method::Patch)) => "patch",
            Self::Plain(Some(Method::Delete)) => "delete",
            Self::Plain(None) => "route",
        }
    }

    /// The name of the route's constructor.
    pub fn constructor(self) -> &'static str {
        if self.is_plain() { "plain" } else { self.name() }
    }

    /// Returns `true` if the client request is answered at once.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Returns `true` if the answer is a hold.
    pub fn is_hold(self) -> bool {
        matches!(self, Self::Sse | Self::Stream | Self::LongPoll)
    }

    /// The kind of another attribute, if it is one of this crate.
    pub fn of(attribute: &Attribute) -> Option<Self> {
        let name = name_of(attribute)?;
        Self::ALL.iter().copied().find(|kind| name == kind.name())
    }
}

impl Method {
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Returns `true` for the attribute `main` of this crate.
pub fn is_main(attribute: &Attribute) -> bool {
    name_of(attribute).is_some_and(|name| name == "main")
}

/// The name of an attribute that may be one of this crate.
fn name_of(attribute: &Attribute) -> Option<Ident> {
    let path = attribute.path();
    let is_ours = path.segments.len() == 1 || path.segments[0].ident.unraw() == "fanout";
    path.segments.last().filter(|_| is_ours).map(|last| last.ident.unraw())
}
