//! The request envelope around a toy schema: every rule at its limit and one past it.

mod audit;
mod cop;
mod cost;
mod errors;
mod explorer;
mod guard;
mod http;
mod lanes;
mod limits;
mod log;
mod sockets;
mod toy;
mod transports;
