//! From tokens to the item and the options as they were written.

mod backend;
pub mod channels;
mod data;
pub mod endpoint_list;
mod expr;
pub mod foreign;
#[cfg(test)]
mod grammar;
pub mod impl_block;
pub mod item;
pub mod keep_alive;
mod literal;
pub mod named;
pub mod option_table;
pub mod options;
pub mod parameter_name;
pub mod separated;
pub mod signature;
mod slip;
pub mod suggest;
pub mod time;
pub mod types;
pub mod value;
