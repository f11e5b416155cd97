use std::fmt;

use http::HeaderValue;

/// The methods that an endpoint accepts. `OPTIONS` is answered too, and `HEAD` where a `GET` is, except by a WebSocket.
///
/// ```
/// use fanout::endpoint::Methods;
///
/// const METHODS: Methods = Methods::GET.or(Methods::POST);
/// assert_eq!(METHODS.to_string(), "GET, POST");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Methods(u8);

impl Methods {
    /// `GET`.
    pub const GET: Self = Self(1);
    /// `POST`.
    pub const POST: Self = Self(1 << 1);
    /// `PUT`.
    pub const PUT: Self = Self(1 << 2);
    /// `PATCH`.
    pub const PATCH: Self = Self(1 << 3);
    /// `DELETE`.
    pub const DELETE: Self = Self(1 << 4);

    pub(crate) const NONE: Self = Self(0);
    const NAMES: [(Self, &'static str); 5] = [
        (Self::GET, "GET"),
        (Self::POST, "POST"),
        (Self::PUT, "PUT"),
        (Self::PATCH, "PATCH"),
        (Self::DELETE, "DELETE"),
    ];

    /// Adds methods.
    #[must_use]
    pub const fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Returns true if the method is one of these. Names are case-sensitive.
    pub fn contains(self, method: &str) -> bool {
        self.overlap(Self::of(method))
    }

    pub(crate) const fn overlap(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn of(method: &str) -> Self {
        let known = Self::NAMES.iter().find(|(_, name)| *name == method);
        known.map_or(Self::NONE, |(this, _)| *this)
    }

    /// The value of an `Allow` header, with `OPTIONS`, and with `HEAD` if it is answered too.
    pub(crate) fn allow(self, with_head: bool) -> HeaderValue {
        let head = if with_head { ", HEAD" } else { "" };
        HeaderValue::try_from(format!("{self}{head}, OPTIONS")).expect("methods fit a header")
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, name) in Self::NAMES.iter().filter(|(this, _)| self.overlap(*this)) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Methods({self})")
    }
}
