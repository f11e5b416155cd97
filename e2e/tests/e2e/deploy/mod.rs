//! The tools that build, serve and deploy an app, and the manifest that they read.

mod api;
mod doctor;
mod fastly_cli;
mod first_app;
mod manifest;
mod reader;
mod redeployment;
mod rehearsal;
mod routes;
