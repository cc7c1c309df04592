//! The end of the reading: drafts become tasks, and what concerns several of them is asked once.

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentTarget};

use super::draft::{self, Draft};
use super::question::QuestionKind;
use super::remarks::{self, Remark};
use super::{Reading, Understood, clean, numbers, overlap, times, units};
use crate::documents::list_json::{MAX_TASKS, MAX_TEXT, SectionItem, TaskItem};

/// A section, its title, and the last day that it says.
type Due = (Vec<String>, String, NaiveDate);

impl Reading<'_> {
    pub(super) fn done(mut self, doubtful_rows: &[usize]) -> Understood {
        self.walk.drop_empty_sections(&mut self.questions);
        let remarks = remarks::gather(&self.tail, std::mem::take(&mut self.walk.notes));
        self.due = remarks.iter().find_map(|r| Some((r.clone(), remarks::due_without_deadline(&r.text, self.year)?)));
        let mut drafts = std::mem::take(&mut self.walk.drafts);
        drafts.truncate(MAX_TASKS);
        numbers::settle(&mut drafts, &mut self.questions);
        self.list.sections = std::mem::take(&mut self.walk.sections);
        let any_deadline = drafts.iter().any(|d| d.deadline.as_ref().is_some_and(|p| !p.text.is_empty()));
        let due = |s: &SectionItem| Some((s.path.clone(), s.title.clone(), remarks::due_in(&s.title, self.year)?));
        let dues: Vec<Due> = self.list.sections.iter().filter_map(due).collect();
        for draft in &mut drafts {
            // The innermost section counts.
            let over = dues.iter().rev().find(|(path, _, _)| draft.section.starts_with(path));
            draft.section_due = over.map(|(_, title, date)| (title.clone(), *date));
        }
        for (i, draft) in drafts.iter().enumerate() {
            let task = self.task(i, draft, any_deadline, doubtful_rows.contains(&draft.row));
            self.list.tasks.push(task);
        }
        self.about_sections(&drafts);
        self.about_all(&remarks);
        let places: Vec<String> = drafts.iter().map(|d| d.place.clone()).collect();
        overlap::point_out(&self.list.tasks, &places, &mut self.questions);
        Understood { list: self.list, questions: self.questions.list }
    }

    fn task(&mut self, i: usize, draft: &draft::Draft, any_deadline: bool, doubtful: bool) -> TaskItem {
        let path = format!("tasks[{i}]");
        let number = draft.number.as_deref();
        let assignments = units::assignments(draft, &path, self.options.registry, &mut self.questions);
        let times = times::times(draft, self.has_deadlines, self.year, &path, &mut self.questions);
        let said = |p: &Option<draft::Printed>| p.as_ref().map(|p| p.text.clone()).filter(|t| !t.is_empty());
        // Where a list has supporters and no other units, their cell is the cell of the units.
        let units = said(&draft.units).or_else(|| said(&draft.support).filter(|_| !self.walk.has_units_column));
        let mut needs_review = false;
        let above = draft.units_above.as_deref();
        let mut ask = |kind: QuestionKind, field: &str, place: &str, printed: &str, proposal: &str| {
            needs_review = true;
            let path = if field.is_empty() { path.clone() } else { format!("{path}.{field}") };
            let question = self.questions.ask(kind, path).at(place).task(number).printed(printed);
            if !proposal.is_empty() {
                question.propose(proposal);
            }
        };
        if let Some(p) = draft.units.as_ref().filter(|p| p.guessed) {
            ask(QuestionKind::Inherited, "unitText", &p.place, &p.text, &p.text);
        }
        if assignments.is_empty() && (self.walk.has_units_column || self.walk.has_lead_column || above.is_some()) {
            // A name that the registry does not know can't be the answer.
            let known = |name: &&str| self.options.registry.is_none_or(|registry| units::all_known(name, registry));
            let proposal = above.filter(known).unwrap_or_default();
            ask(QuestionKind::NoUnit, "unitText", &draft.place, above.unwrap_or_default(), proposal);
        }
        if times.text.is_none() {
            // Where the row has no such cell, it is the row that is pointed at.
            let cell = draft.deadline.as_ref().map(|p| p.place.as_str()).filter(|place| !place.is_empty());
            let place = cell.unwrap_or(&draft.place);
            match &draft.section_due {
                Some((title, date)) => {
                    ask(QuestionKind::NoDeadline, "deadlineText", place, title, &date.to_string());
                }
                // One question about all of them is enough.
                None if self.due.is_some() => self.undated += 1,
                None if any_deadline => ask(QuestionKind::NoDeadline, "deadlineText", place, "", ""),
                None => {}
            }
        }
        if draft.split {
            ask(QuestionKind::SeveralTasks, "", &draft.place, "", "");
        }
        if draft.merged_rows {
            ask(QuestionKind::OneTask, "", &draft.place, "", "");
        }
        if doubtful {
            ask(QuestionKind::BrokenText, "", &draft.place, "", "");
        }
        let mut task = TaskItem {
            number: draft.number.clone(),
            section_path: draft.section.clone(),
            title: draft.title.clone(),
            requirement: draft.requirement.clone(),
            lead_text: said(&draft.lead),
            unit_text: units,
            inherited: draft.units.as_ref().is_some_and(|p| (p.merged || p.guessed) && !p.text.is_empty()),
            assignments,
            deadline_text: times.text,
            deadline: times.deadline,
            other_times: times.others,
            incentive: draft.incentive(),
            needs_review,
        };
        for text in
            [&mut task.title, &mut task.requirement, &mut task.lead_text, &mut task.unit_text].into_iter().flatten()
        {
            if clean::cut(text, MAX_TEXT) {
                self.questions.ask(QuestionKind::Cut, path.clone()).at(&draft.place).task(number);
            }
        }
        task
    }

    /// Titles that say who does the tasks below them, or until when.
    fn about_sections(&mut self, drafts: &[Draft]) {
        for (i, (section, place)) in self.list.sections.iter().zip(&self.walk.places).enumerate() {
            // Until when was asked at each task that says no deadline of its own.
            let asked = || {
                let below = drafts.iter().zip(&self.list.tasks).filter(|(d, _)| d.section.starts_with(&section.path));
                below.into_iter().any(|(d, t)| d.section_due.is_some() && t.deadline_text.is_none())
            };
            let due = || remarks::due_in(&section.title, self.year).is_some() && !asked();
            if remarks::names_somebody(&section.title) || due() {
                let question = self.questions.ask(QuestionKind::Review, format!("sections[{i}]"));
                question.at(place).printed(&section.title).propose("OK");
                question.zh = "大项标题写有责任单位或完成时限，没有加到各项任务，请核对。".into();
                question.en =
                    "The title of this section names units or a deadline; they were not given to its tasks. Is that right?"
                        .into();
            }
        }
    }

    /// What a note behind the list says about all its tasks.
    fn about_all(&mut self, remarks: &[Remark]) {
        // Where each task says itself who leads, there is nothing to ask.
        if !self.list.tasks.iter().any(has_a_first) {
            self.questions.list.retain(|q| q.kind != QuestionKind::FirstLeads || q.path != "tasks");
        }
        let first = remarks.iter().find(|r| remarks::first_leads(&r.text)).filter(|_| !self.first_leads);
        if let Some(remark) = first.filter(|_| self.list.tasks.iter().any(has_a_first)) {
            let question = self.questions.ask(QuestionKind::FirstLeads, "tasks").at(&remark.place);
            question.printed(&remark.text).propose("RESPONSIBLE").or(["LEAD".to_owned()]);
        }
        if let Some((remark, date)) = self.due.as_ref().filter(|_| self.undated > 0) {
            let question = self.questions.ask(QuestionKind::NoDeadline, "tasks").at(&remark.place);
            question.printed(&remark.text).propose(date.to_string());
            question.zh = format!("附注写明了未列时限的任务何时完成，共 {} 项，是否按此设定？", self.undated);
            question.en =
                format!("A note says when tasks without a deadline are due ({}). Shall it be set so?", self.undated);
        }
    }
}

/// Whether "the first one leads" says anything new about a task.
fn has_a_first(task: &TaskItem) -> bool {
    let of = |role: AssignmentRole| task.assignments.iter().filter(move |a| a.role == role);
    let responsible = of(AssignmentRole::Responsible).any(|a| a.target != AssignmentTarget::Open);
    match of(AssignmentRole::Lead).count() {
        0 => responsible,
        leads => leads > 1 && task.lead_text.is_some() && !responsible,
    }
}
