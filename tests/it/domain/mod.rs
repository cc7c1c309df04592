//! The rules of the domain against references that were written differently.

mod actors;
mod calendar;
mod demo;
mod expansion;
mod holiday_notices;
mod look_back;
mod notices;
mod personal_data;
mod policy;
mod publication_life;
mod report_life;
mod schedules;
mod standing;
mod states;
mod words;
