use super::Route;

/// A type that names an endpoint. The attributes add one with the name of the handler. You can write one by hand and
/// list it too:
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
    note = "annotate the function with `#[fanout::sse]`, `#[fanout::stream]`, `#[fanout::long_poll]`, `#[fanout::ws]`, `#[fanout::get]` or one of its kind, or the `impl` of a type with `#[fanout::ws]`"
)]
pub trait Endpoint {
    /// The endpoint as a value.
    const ROUTE: Route;

    /// The name in error messages.
    #[doc(hidden)]
    const NAME: &'static str = Self::ROUTE.path();

    /// Adds what only the attribute knows to a description of the endpoint.
    #[cfg(all(feature = "routes", not(target_family = "wasm")))]
    #[doc(hidden)]
    fn about(_: &mut crate::routes::Endpoint<'_>) {}
}

/// An entry of a list: an endpoint, or another list, which `#[fanout::endpoints(…)]` makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "annotate the function with `#[fanout::sse]`, `#[fanout::stream]`, `#[fanout::long_poll]`, `#[fanout::ws]`, `#[fanout::get]` or one of its kind, or the `impl` of a type with `#[fanout::ws]`"
)]
pub trait Endpoints {
    /// The endpoints, in order.
    const LISTED: &'static [Listed];

    /// Adds the endpoints to the description of an app.
    #[cfg(all(feature = "routes", not(target_family = "wasm")))]
    fn describe(app: &mut crate::routes::App);
}

impl<E: Endpoint> Endpoints for E {
    const LISTED: &'static [Listed] = &[Listed { name: E::NAME, route: E::ROUTE }];

    #[cfg(all(feature = "routes", not(target_family = "wasm")))]
    fn describe(app: &mut crate::routes::App) {
        app.add(E::NAME, const { crate::routes::Facts::of(&E::ROUTE) }, E::about);
    }
}

/// An endpoint of a list.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The name in error messages: the path of the handler.
    pub name: &'static str,
    /// The route.
    pub route: Route,
}

impl Listed {
    pub(crate) const NONE: Self = Self { name: "", route: Route::NONE };
}
