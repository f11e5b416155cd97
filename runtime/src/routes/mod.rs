//! The description that an app gives of itself, which `cargo fanout routes` reads.
//!
//! An app on Compute contains none of it: without the feature `routes`, or on a wasm target, generated code calls the empty macros of
//! `without_routes`.

mod app;
mod endpoint;
mod schemas;

pub use self::{
    app::{App, DESCRIBES, describe},
    endpoint::{About, Endpoint, Facts, list, value},
    schemas::{Data, DataUnknown, Received, ReceivedUnknown},
};

/// The name of an endpoint, and the method that describes it.
#[doc(hidden)]
#[macro_export]
macro_rules! __about {
    (
        $ty:literal
        $(name: $name:literal)?
        $(docs: [$($doc:expr),*])?
        $(channels: [$($channel:literal),*])?
        $(channel_function: $channel_function:literal)?
        $(guard: $guard:literal)?
        $(history: $history:literal)?
        $(options: { $($option:literal: $value:tt),* })?
        $(data: $data:ty)?
        $(; received: [$($(#[$cfg:meta])* $received:ty),*])?
    ) => {
        const NAME: &'static $crate::__private::primitive::str =
            $crate::__private::concat!($crate::__private::module_path!(), "::", $ty);

        fn about(__endpoint: &mut $crate::__private::routes::Endpoint<'_>) {
            use $crate::__private::routes::{DataUnknown as _, ReceivedUnknown as _};

            __endpoint.about(&$crate::__private::routes::About {
                name: [$($name,)? $ty][0],
                module: $crate::__private::module_path!(),
                docs: &[$($($doc),*)?],
                channels: &[$($($channel),*)?],
                channel_function: &[$($channel_function)?],
                guard: &[$($guard)?],
                has_history: [$($history,)? false][0],
                options: &[$($(($option, $crate::__private::written!($value))),*)?],
            });
            $(__endpoint.sends($crate::__private::routes::Data::<$data>::schema);)?
            $($($(#[$cfg])* { __endpoint.receives($crate::__private::routes::Received::<$received>::schema); })*)?
        }
    };
}

/// The value of an option as JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __written {
    ([$($value:tt),*]) => {
        $crate::__private::routes::list([$($crate::__private::written!($value)),*])
    };
    ($value:literal) => {
        $crate::__private::routes::value($value)
    };
}

/// The method of a list that describes its endpoints.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe_list {
    ($($(#[$cfg:meta])* $entry:ty,)*) => {
        fn describe(__app: &mut $crate::__private::routes::App) {
            let _ = &__app;
            $($(#[$cfg])* { <$entry as $crate::__private::Endpoints>::describe(__app); })*
        }
    };
}

/// The statement of `main` that describes the app and ends it. Behind it, no code is compiled that calls Compute.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($($(#[$cfg:meta])* $entry:ty,)*) => {
        // A constant, because the compiler warns about code behind a plain `return`.
        if $crate::__private::routes::DESCRIBES {
            return $crate::__private::routes::describe(|__app| {
                let _ = &__app;
                $($(#[$cfg])* { <$entry as $crate::__private::Endpoints>::describe(__app); })*
            });
        }
    };
}
