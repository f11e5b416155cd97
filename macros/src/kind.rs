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
}

impl Kind {
    pub const ALL: &[Self] = &[Self::Sse, Self::Stream, Self::LongPoll, Self::Ws];

    /// The name of the attribute, which is also the name of the route's constructor.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Stream => "stream",
            Self::LongPoll => "long_poll",
            Self::Ws => "ws",
        }
    }

    /// The kind of another attribute, if it is one of this crate.
    pub fn of(attribute: &Attribute) -> Option<Self> {
        let name = name_of(attribute)?;
        Self::ALL.iter().copied().find(|kind| name == kind.name())
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
