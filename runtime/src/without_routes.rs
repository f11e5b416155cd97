//! Empty forms of the macros that describe an app, for builds without the feature `routes` and for wasm targets.

#[doc(hidden)]
#[macro_export]
macro_rules! __about {
    ($($described:tt)*) => {};
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
