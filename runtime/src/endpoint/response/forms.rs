//! Macros for the return values of the endpoint kinds. An `Err` is an early answer, without a hold.
//!
//! The traits have a parameter that users do not name. It keeps the implementations for iterators and for options
//! apart, because the compiler must assume that an option may become an iterator.

/// The form of a wrapper.
#[derive(Debug)]
pub struct Wrapped<Form>(std::marker::PhantomData<Form>);

/// The form of an iterator.
#[derive(Debug)]
pub struct Iterated<Form>(std::marker::PhantomData<Form>);

/// The form of nothing, of which a trait can need more than one.
#[derive(Debug)]
pub struct Unused<const INDEX: usize = 0>(());

/// A trait without implementations. A second implementation for every type, bounded by it, keeps the compiler from choosing
/// the only other one before its bounds are checked: a message would then name the form, instead of `_`.
pub trait Unimplemented {}

/// Nothing, which is `()`. With an implementation for `()` itself, the compiler would offer it for each tuple.
pub trait Nothing {}

impl Nothing for () {}

/// The implementations that all these traits share: nothing, an opening, an option, a result, and a changed hold.
macro_rules! reply {
    ($name:ident $(<$form:ident>)?, $method:ident) => {
        #[diagnostic::do_not_recommend]
        impl<T: Nothing> $name for T {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(Opening::default())
            }
        }

        #[diagnostic::do_not_recommend]
        impl $name for Opening {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $name $(<$form>)?, $($form)?> $name $(<Wrapped<$form>>)? for Option<T> {
            fn $method(self) -> Result<Opening, Answer> {
                self.map_or_else(|| Ok(Opening::default()), $name::$method)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $name $(<$form>)?, E: IntoAnswer, $($form)?> $name $(<Wrapped<$form>>)? for Result<T, E> {
            fn $method(self) -> Result<Opening, Answer> {
                self.map_err(IntoAnswer::into_answer)?.$method()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $name $(<$form>)?, $($form)?> $name $(<Wrapped<$form>>)? for WithHold<T> {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(self.first.$method()?.hold(self.change))
            }
        }
    };
}

/// The implementations for lists.
macro_rules! replies {
    ($name:ident, $method:ident, $one:ident) => {
        /// An element of an iterator. With the trait itself as the bound, the compiler would recurse on a type that it
        /// cannot find, and report that too.
        pub trait $one<Form>: $name<Form> {}

        #[diagnostic::do_not_recommend]
        impl<T: $name<Form>, Form> $one<Form> for T {}

        #[diagnostic::do_not_recommend]
        impl<I: Iterator<Item: $one<Form>>, Form> $name<Iterated<Form>> for I {
            fn $method(self) -> Result<Opening, Answer> {
                let mut all = Opening::default();
                for one in self {
                    all.append(one.$method()?);
                }
                Ok(all)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Unimplemented> $name<Unused> for T {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(Opening::default())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $name<Form>, Form> $name<Wrapped<Form>> for Vec<T> {
            fn $method(self) -> Result<Opening, Answer> {
                self.into_iter().$method()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $name<Form>, Form, const N: usize> $name<Wrapped<Form>> for [T; N] {
            fn $method(self) -> Result<Opening, Answer> {
                self.into_iter().$method()
            }
        }
    };
}

/// The implementations for text and bytes.
macro_rules! body {
    ($name:ident, $method:ident: $($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl $name for $type {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(Opening::new(self))
            }
        }
    )*};
}

pub(super) use {body, replies, reply};
