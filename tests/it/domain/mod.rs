//! The rules of the domain against references that were written differently.

mod calendar;
mod demo;
mod expansion;
mod holiday_notices;
mod look_back;
mod notices;
mod personal_data;
mod publication_life;
mod report_life;
mod schedules;
mod standing;
mod states;
mod words;
