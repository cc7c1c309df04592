//! taizhang (台账): the GraphQL backend for yearly lists of open-government tasks.
//!
//! Data flows one way: `main → web → graphql → service → store → entity`; `authz` and `domain` are pure leaves.

// The merged objects of the schema are futures within futures; each more is one level deeper, and an optimised build needs
// more of them than a plain one.
#![recursion_limit = "512"]

pub mod access;
pub mod authz;
pub mod cli;
pub mod clock;
pub mod config;
pub mod documents;
pub mod domain;
pub mod error;
pub mod external;
pub mod graphql;
pub mod id;
pub mod secrets;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod web;
