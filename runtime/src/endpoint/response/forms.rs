//! What the function of each kind of endpoint can return. An `Err` is an early answer: nothing is held then.
//!
//! The traits have a parameter that nobody names: an iterator and an option are different forms of the same trait, so that
//! every iterator can be one without the compiler fearing that an option will be an iterator some day.

/// The form of what contains another.
#[derive(Debug)]
pub struct Wrapped<Form>(std::marker::PhantomData<Form>);

/// The form of an iterator.
#[derive(Debug)]
pub struct Iterated<Form>(std::marker::PhantomData<Form>);

/// What the replies that begin a held response share: nothing, an opening, and an option or a result of a reply, or a
/// reply that changes its hold.
macro_rules! reply {
    ($name:ident $(<$form:ident>)?, $method:ident) => {
        impl $name for () {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(Opening::default())
            }
        }

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

/// What can come one after another.
macro_rules! replies {
    ($name:ident, $method:ident, $one:ident) => {
        /// What can be one of an iterator's. With the trait itself there, the compiler would go on for ever about a type
        /// that it cannot find, and say so beside that.
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

/// Text and bytes.
macro_rules! body {
    ($name:ident, $method:ident: $($type:ty),*) => {$(
        impl $name for $type {
            fn $method(self) -> Result<Opening, Answer> {
                Ok(Opening::new(self))
            }
        }
    )*};
}

pub(super) use {body, replies, reply};
