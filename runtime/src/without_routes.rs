//! The macros that describe an app, for builds without the feature `routes` and for wasm targets: nothing but the names of endpoints.

#[doc(hidden)]
#[macro_export]
macro_rules! __about {
    ($ty:literal $($described:tt)*) => {
        const NAME: &'static $crate::__private::primitive::str =
            $crate::__private::concat!($crate::__private::module_path!(), "::", $ty);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __describe_list {
    ($($described:tt)*) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($($described:tt)*) => {};
}
