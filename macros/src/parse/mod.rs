//! From tokens to what was written: the item and the options, each as it stands there.

pub mod endpoint_list;
mod expr;
pub mod impl_block;
pub mod item;
pub mod option_table;
pub mod options;
pub mod separated;
pub mod signature;
mod suggest;
pub mod types;
pub mod value;
