//! The macro that writes the route of a simple hold: one channel, no argument, and no option that changes the route or the hold. The compiler
//! expands it in less time than an attribute takes to write the same code.

/// The route of such a hold, and the description of the endpoint.
///
/// Each form is written out, because the compiler takes longer for a macro in a macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __hold {
    ($kind:ident $path:tt $constructor:ident($($index:tt)*) { $($opening:tt)* } $($about:tt)*) => {
        const ROUTE: $crate::__private::Route = $crate::__private::Route::$kind($path, |__request| {
            $crate::__private::hold_one(
                $crate::__private::new_hold::$kind,
                Self::$constructor($($crate::__private::text(__request, $index)),*),
                || $($opening)*,
            )
        });
        $crate::__private::about! { $($about)* }
    };
    // The handler returns nothing.
    ($kind:ident $path:tt $constructor:ident($($index:tt)*) $handler:ident $($about:tt)*) => {
        const ROUTE: $crate::__private::Route = $crate::__private::Route::$kind($path, |__request| {
            $crate::__private::hold_without_opening::$kind(
                Self::$constructor($($crate::__private::text(__request, $index)),*),
                $handler,
            )
        });
        $crate::__private::about! { $($about)* }
    };
}
