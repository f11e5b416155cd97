use std::fmt;

use serde::{Serialize, Serializer};

/// What the proxy does with a message before it delivers it. A filter stands on a subscription, or on one format of
/// a publish.
///
/// What each compares is subscription meta, which the app sets on a connection, and the meta of a publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// Drops a message whose meta `sender` is the subscription's meta `user`.
    SkipSelf,
    /// Drops a message whose meta `skip_users`, a list with commas, names the subscription's meta `user`.
    SkipUsers,
    /// Drops a message whose meta `require_sub` names a channel that the connection is not subscribed to.
    RequireSub,
    /// Replaces `%I` in the content by the subscription's meta `id_format`, `%(text)I` by that text, and `%%` by `%`; an id
    /// is in hex where the subscription's meta `id_encoding` is `hex`. Any other `%` is a mistake, as for
    /// [`VarSubst`](Self::VarSubst).
    BuildId,
    /// Replaces `%(name)s` in the content by the subscription's meta `name`, and `%%` by `%`. Any other `%` is a mistake,
    /// and so is a name without meta: the content is lost, and [with some proxies](crate::guide::limits#filters) the stream
    /// or the poll too. So write `%%` for each `%` of a text that others wrote.
    VarSubst,
    /// Asks a URL whether to deliver the message. **[Current proxies](crate::guide::limits#filters) do not know it, and deliver
    /// the message without asking**: a message that a client must not receive needs a channel of its own.
    HttpCheck,
    /// Asks a URL for the content to deliver instead. **[Current proxies](crate::guide::limits#filters) do not know it, and
    /// deliver the message as it is.**
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
