use http::{HeaderName, HeaderValue};

use super::limits::MAX_META;
use super::{InvalidReply, Reply};

/// The name of the connection meta that has the connection state.
pub(crate) const STATE: &str = "fanout-state";

/// The name of the connection meta that says that the app has closed the connection.
const CLOSED: &str = "fanout-closed";

/// The header in which the proxy sends [`CLOSED`] back.
pub(crate) const META_CLOSED: &str = "meta-fanout-closed";

pub(super) const SET_META: &str = "set-meta-";

const SET_META_CLOSED: HeaderName = HeaderName::from_static("set-meta-fanout-closed");

/// Connection meta: values that the proxy stores for the app and sends back with every request of a connection.
impl Reply {
    /// The limit of all connection meta of a connection, in bytes of its names and values.
    ///
    /// The proxy sends all of it with every request, together with its own headers and those of the client's own request. By
    /// default it has 8,192 bytes for them, and it cuts a connection that needs more. So about 3,000 bytes are left for the
    /// client's headers, cookies included, and for the guard value, which may take 2,048 of them.
    pub const MAX_META: usize = MAX_META;

    /// Stores connection meta at the proxy, which sends it back as the header `Meta-NAME` in every later request. The
    /// name is compared without regard to case.
    ///
    /// # Errors
    ///
    /// If the name is no header name, or `fanout-state` or `fanout-closed`, which are those of
    /// [`Callbacks`](crate::websocket::Callbacks); if the value is empty, begins or ends with a space, or contains
    /// anything but printable ASCII characters and spaces; or if the names and the values that this reply sets have more than
    /// [`MAX_META`](Self::MAX_META) bytes together, which is the limit of *all* the meta of a connection, also of what was
    /// set before.
    pub fn set_connection_meta(&mut self, name: &str, value: &str) -> Result<(), InvalidReply> {
        not_ours(name)?;
        self.store(name, value)
    }

    /// Stores connection meta as [`set_connection_meta`](Self::set_connection_meta) does, of any name.
    pub(crate) fn store(&mut self, name: &str, value: &str) -> Result<(), InvalidReply> {
        let header = meta_header(name)?;
        let printable = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if value.is_empty() || value.trim_matches(' ') != value || !printable {
            return Err(InvalidReply::MetaValue);
        }
        let len = name.len() + value.len() + self.meta_len(Some(&header));
        if len > Self::MAX_META {
            return Err(InvalidReply::MetaTooLong(len));
        }
        self.set_header(header, HeaderValue::from_str(value).map_err(|_| InvalidReply::MetaValue)?);
        Ok(())
    }

    /// Removes connection meta.
    ///
    /// # Errors
    ///
    /// If the name is no header name, or `fanout-state` or `fanout-closed`.
    pub fn remove_connection_meta(&mut self, name: &str) -> Result<(), InvalidReply> {
        not_ours(name)?;
        self.forget(name)
    }

    /// Removes connection meta as [`remove_connection_meta`](Self::remove_connection_meta) does, of any name.
    pub(crate) fn forget(&mut self, name: &str) -> Result<(), InvalidReply> {
        let header = meta_header(name)?;
        self.set_header(header, HeaderValue::from_static(""));
        Ok(())
    }

    /// Stores that the app has closed the connection, for the requests that follow.
    pub(crate) fn remember_the_close(&mut self) {
        self.set_header(SET_META_CLOSED, HeaderValue::from_static("1"));
    }

    /// Returns the bytes of the stored meta, without those of one name. The meta of a close does not count, since it is short
    /// and hardly a request follows.
    pub(super) fn meta_len(&self, but: Option<&HeaderName>) -> usize {
        let counts = |name| Some(name) != but && *name != SET_META_CLOSED;
        let stored = self.headers.iter().filter(|(name, value)| counts(name) && !value.is_empty());
        stored
            .filter_map(|(name, value)| Some(name.as_str().strip_prefix(SET_META)?.len() + value.len()))
            .sum()
    }
}

fn not_ours(name: &str) -> Result<(), InvalidReply> {
    let ours = [STATE, CLOSED].iter().any(|own| name.eq_ignore_ascii_case(own));
    if ours { Err(InvalidReply::OwnName) } else { Ok(()) }
}

fn meta_header(name: &str) -> Result<HeaderName, InvalidReply> {
    if name.is_empty() {
        return Err(InvalidReply::MetaName);
    }
    HeaderName::try_from(format!("{SET_META}{name}")).map_err(|_| InvalidReply::MetaName)
}
