//! The rules of the domain against references that were written differently.

mod calendar;
mod demo;
mod expansion;
mod redline;
mod states;
mod words;
