//! The tools that build, serve and deploy an app, and the manifest that they read.

mod fastly_cli;
mod manifest;
