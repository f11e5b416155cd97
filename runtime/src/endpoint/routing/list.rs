use super::Route;

/// A type that stands for an endpoint. The attributes make one of the function's own name; one that you write by hand
/// stands in the same lists:
///
/// ```no_run
/// use fanout::grip::Hold;
/// use fanout::{Channel, Endpoint, Route};
///
/// enum News {}
///
/// impl Endpoint for News {
///     const ROUTE: Route = Route::sse("/news", |_head| Hold::sse(Channel::from_static("news")).into());
/// }
///
/// #[fanout::main(News)]
/// fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "annotate the function with `#[fanout::sse]`, `#[fanout::stream]`, `#[fanout::long_poll]` or `#[fanout::ws]`, or the `impl` of a type with `#[fanout::ws]`"
)]
pub trait Endpoint {
    /// The endpoint as a value.
    const ROUTE: Route;

    /// What errors call it.
    #[doc(hidden)]
    const NAME: &'static str = Self::ROUTE.path();
}

/// What an entry of a list can be: an endpoint, or a list of its own, which `#[fanout::endpoints(…)]` makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "annotate the function with `#[fanout::sse]`, `#[fanout::stream]`, `#[fanout::long_poll]` or `#[fanout::ws]`, or the `impl` of a type with `#[fanout::ws]`"
)]
pub trait Endpoints {
    /// The endpoints, in order.
    const LISTED: &'static [Listed];
}

impl<E: Endpoint> Endpoints for E {
    const LISTED: &'static [Listed] = &[Listed { name: E::NAME, route: E::ROUTE }];
}

/// An endpoint of a list.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// What errors call it: the path of its function.
    pub name: &'static str,
    /// What it is.
    pub route: Route,
}

impl Listed {
    pub(crate) const NONE: Self = Self { name: "", route: Route::NONE };
}
