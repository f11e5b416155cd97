//! The macros with which generated code describes an app, without the feature `routes` and on a wasm target: they expand to nothing.

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
