//! The rules of the domain against references that were written differently.

mod calendar;
mod demo;
mod expansion;
mod report_life;
mod states;
mod words;
