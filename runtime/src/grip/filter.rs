use std::fmt;

use serde::{Serialize, Serializer};

/// A filter of the proxy, which drops or changes an item before its delivery. A subscription has filters, or one format of
/// an item.
///
/// A filter compares the subscription's meta, which the app sets on a connection, with the meta of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// Drops an item whose meta `sender` is the subscription's meta `user`.
    SkipSelf,
    /// Drops an item whose meta `skip_users`, a list with commas, names the subscription's meta `user`.
    SkipUsers,
    /// Drops an item whose meta `require_sub` names a channel that the connection is not subscribed to.
    RequireSub,
    /// Replaces `%I` in the content by the subscription's meta `id_format`, `%(text)I` by that text, and `%%` by `%`; an id
    /// is in hex where the subscription's meta `id_encoding` is `hex`. Any other `%` is a mistake, as for
    /// [`VarSubst`](Self::VarSubst).
    BuildId,
    /// Replaces `%(name)s` in the content by the subscription's meta `name`, and `%%` by `%`. Any other `%` is a mistake,
    /// and so is a name without meta: the client loses the content and, [with some proxies](crate::guide::limits#filters), the
    /// stream or the poll. So write `%%` for each `%` in a text from elsewhere.
    VarSubst,
    /// Asks a URL for permission to deliver the item. **[Current proxies](crate::guide::limits#filters) do not know this filter,
    /// and deliver the item without asking.** An item that a client must not receive needs a channel of its own.
    HttpCheck,
    /// Asks a URL for other content to deliver. **[Current proxies](crate::guide::limits#filters) do not know this filter, and
    /// deliver the item as it is.**
    HttpModify,
}

impl Filter {
    /// Every filter.
    pub const ALL: &'static [Self] = &[
        Self::SkipSelf,
        Self::SkipUsers,
        Self::RequireSub,
        Self::BuildId,
        Self::VarSubst,
        Self::HttpCheck,
        Self::HttpModify,
    ];

    /// The filter's name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SkipSelf => "skip-self",
            Self::SkipUsers => "skip-users",
            Self::RequireSub => "require-sub",
            Self::BuildId => "build-id",
            Self::VarSubst => "var-subst",
            Self::HttpCheck => "http-check",
            Self::HttpModify => "http-modify",
        }
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
