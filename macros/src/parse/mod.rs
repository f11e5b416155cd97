//! From tokens to the item and the options as they were written.

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
