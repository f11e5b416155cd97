//! The tasks of this repository.
