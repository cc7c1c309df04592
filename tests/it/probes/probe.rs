//! One probe: a path, the identifiers and filters it is asked with, and the comparison of its answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use taizhang::id::GlobalId;
use uuid::Uuid;

use super::paths::Step;
use crate::support::introspection as schema;
use crate::support::lcg::Lcg;
use crate::support::policy::Policy;
use crate::support::policy::edges::{Edge, Ref};
use crate::support::policy::filters::{Asked, kind_of};
use crate::support::world::key;

/// How many rows a page asks for, by depth.
const SIZES: [usize; 4] = [12, 6, 4, 3];

/// A path made into a question.
pub struct Probe<'p> {
    path: &'p [Step],
    /// The object asked for by its identifier, for roots that take one.
    start: Uuid,
    filters: Vec<Option<Asked>>,
    edges: bool,
    /// The root field, ready to be sent.
    pub text: String,
}

/// What was compared.
#[derive(Default)]
pub struct Tally {
    pub objects: usize,
    pub totals: usize,
    pub absences: usize,
    pub values: usize,
}

impl<'p> Probe<'p> {
    pub fn new(alias: usize, path: &'p [Step], policy: &Policy<'_>, random: &mut Lcg) -> Self {
        let first = &path[0];
        let by_id = !first.connection && first.field != "viewer";
        let mut start = Uuid::nil();
        if by_id {
            // Own and foreign things as the world has them; now and then one that is absent.
            start = if random.below(8) == 0 {
                key(900_000 + u128::from(random.next()))
            } else {
                *random.pick(&policy.all(first.to))
            };
            // Half of the time something that is seen, where there is such a thing.
            if random.below(2) == 0 {
                let seen: Vec<Uuid> =
                    policy.all(first.to).into_iter().filter(|id| policy.sees(first.to, *id)).collect();
                start = if seen.is_empty() { start } else { *random.pick(&seen) };
            }
        }
        let filters = path
            .iter()
            .map(|step| if step.filtered && random.below(3) == 0 { policy.filter(step.to, random) } else { None })
            .collect();
        let mut probe = Self { path, start, filters, edges: random.below(4) == 0, text: String::new() };
        let arguments = by_id.then(|| format!("(id: \"{}\")", GlobalId::new(kind_of(first.to), start)));
        let inner = probe.selection(0, random);
        let inner =
            if first.field == "node" { format!("{{ __typename id ... on {} {inner} }}", first.to) } else { inner };
        let arguments = arguments.unwrap_or_else(|| probe.arguments(0, random));
        probe.text = format!("p{alias}: {}{arguments} {inner}", first.field);
        probe
    }

    fn arguments(&self, depth: usize, random: &mut Lcg) -> String {
        let step = &self.path[depth];
        if !step.connection {
            return String::new();
        }
        let which = if random.below(3) == 0 { "last" } else { "first" };
        let mut arguments = format!("{which}: {}", SIZES[depth]);
        if let Some(filter) = &self.filters[depth] {
            arguments += &format!(", filter: {}", filter.text);
        }
        if let Some(order) = step.ordered.filter(|_| random.below(3) == 0) {
            let by = schema::type_of(order)["inputFields"].as_array().unwrap();
            let by = by.iter().find(|f| f["name"] == "field").expect("an order names a field");
            let words = schema::type_of(schema::named(&by["type"]))["enumValues"].as_array().unwrap();
            arguments += &format!(", orderBy: {{ field: {} }}", random.pick(words)["name"].as_str().unwrap());
        }
        format!("({arguments})")
    }

    fn selection(&self, depth: usize, random: &mut Lcg) -> String {
        let step = &self.path[depth];
        let mut inner = "__typename".to_owned();
        if schema::field(step.to, "id").is_some() {
            inner += " id";
        } else if schema::field(step.to, "clientId").is_some() {
            inner += " clientId";
        } else if schema::field(step.to, "unit").is_some() {
            inner += " unit { id }";
        } else if schema::field(step.to, "obligation").is_some() {
            inner += " obligation { id }";
        }
        inner += match step.to {
            "Task" => " viewerRoles",
            "ReportingPeriod" => {
                " rollUp { expected received accepted returned missing } frozenRollUp { expected accepted }"
            }
            "TaskLineage" => " kind reason",
            "LineageCoverage" => " expectedCount coveredCount",
            "LookBackItem" => " finding text",
            "Rectification" => " status problem isOverdue",
            "CloseGate" => " missingCount returnedCount submittedCount unitOutOfUseCount",
            "ProgressReport" => " status reporterName narrative reporterPhone",
            "TaskList" => {
                " acknowledgement { units acknowledged pending declined } viewerCan { edit { allowed } issue { allowed } close { allowed } }"
            }
            _ => "",
        };
        if let Some(next) = self.path.get(depth + 1) {
            let below = self.selection(depth + 1, random);
            inner += &format!(" {}{} {below}", next.field, self.arguments(depth + 1, random));
        }
        match (step.connection, self.edges) {
            (false, _) => format!("{{ {inner} }}"),
            (true, false) => format!("{{ totalCount nodes {{ {inner} }} }}"),
            (true, true) => format!("{{ totalCount edges {{ cursor node {{ {inner} }} }} }}"),
        }
    }

    /// Compares the answer with the reference; says what is wrong.
    pub fn check(&self, policy: &Policy<'_>, answer: &Value, tally: &mut Tally) -> Result<(), String> {
        self.check_step(policy, 0, "Query", self.start, answer, tally)
            .map_err(|what| format!("{}: {what}\n{}\n{answer}", policy.user.login, self.text))
    }

    fn check_step(
        &self,
        policy: &Policy<'_>,
        depth: usize,
        from: &str,
        id: Uuid,
        answer: &Value,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let step = &self.path[depth];
        let edge = if step.field == "node" {
            Edge::One(policy.sees(step.to, id).then_some((step.to, id)))
        } else {
            let unknown = || panic!("teach the reference policy the field {from}.{}", step.field);
            policy.edge(from, step.field, id).unwrap_or_else(unknown)
        };
        match edge {
            Edge::One(None) => {
                tally.absences += 1;
                if answer.is_null() { Ok(()) } else { Err(format!("LEAK by {from}.{}: {answer}", step.field)) }
            }
            Edge::One(Some(expected)) => self.check_object(policy, depth, expected, answer, tally),
            Edge::Many(mut expected) => {
                if let Some(filter) = &self.filters[depth] {
                    expected.retain(|(_, id)| (filter.meets)(policy, *id));
                }
                self.check_many(policy, depth, from, &expected, answer, tally)
            }
        }
    }

    fn check_many(
        &self,
        policy: &Policy<'_>,
        depth: usize,
        from: &str,
        expected: &[Ref],
        answer: &Value,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let step = &self.path[depth];
        let place = format!("{from}.{}", step.field);
        let none = Vec::new();
        let items: Vec<&Value> = match (step.connection, self.edges) {
            (true, true) => answer["edges"].as_array().unwrap_or(&none).iter().map(|e| &e["node"]).collect(),
            (true, false) => answer["nodes"].as_array().unwrap_or(&none).iter().collect(),
            (false, _) => answer.as_array().unwrap_or(&none).iter().collect(),
        };
        let wanted = if step.connection { expected.len().min(SIZES[depth]) } else { expected.len() };
        if step.connection {
            tally.totals += 1;
            if answer["totalCount"] != expected.len() {
                return Err(format!("COUNT {place}: {} instead of {}", answer["totalCount"], expected.len()));
            }
        }
        let known: BTreeMap<Uuid, Ref> = expected.iter().map(|reference| (reference.1, *reference)).collect();
        let mut seen = BTreeSet::new();
        for item in &items {
            let id = identity(item).ok_or_else(|| format!("{place}: an object without a key {item}"))?;
            let expected = known.get(&id).ok_or_else(|| format!("LEAK by {place}: {item}"))?;
            seen.insert(id);
            self.check_object(policy, depth, *expected, item, tally)?;
        }
        // Two grants at one unit have one key.
        if items.len() != wanted || (step.connection && seen.len() != wanted) {
            return Err(format!("REFUSAL {place}: {} objects instead of {wanted}", items.len()));
        }
        Ok(())
    }

    fn check_object(
        &self,
        policy: &Policy<'_>,
        depth: usize,
        (of, id): Ref,
        answer: &Value,
        tally: &mut Tally,
    ) -> Result<(), String> {
        tally.objects += 1;
        if answer["__typename"] != of {
            return Err(format!("REFUSAL of {of} {id}: {answer}"));
        }
        if !answer["id"].is_null() && identity(answer) != Some(id) {
            return Err(format!("WRONG {of}: {} instead of {id}", answer["id"]));
        }
        if let Some((_, values)) = policy.values(of, id) {
            tally.values += 1;
            for (field, value) in values.as_object().unwrap() {
                if answer[field] != *value {
                    return Err(format!("VALUE {of}.{field} of {id}: {} instead of {value}", answer[field]));
                }
            }
        }
        if of == "ProgressReport" && answer["reporterPhone"].as_str().is_none_or(|phone| !phone.contains("****")) {
            return Err(format!("PHONE {}", answer["reporterPhone"]));
        }
        match self.path.get(depth + 1) {
            Some(next) => self.check_step(policy, depth + 1, of, id, &answer[next.field], tally),
            None => Ok(()),
        }
    }
}

fn identity(object: &Value) -> Option<Uuid> {
    let keys = [&object["id"], &object["clientId"], &object["unit"]["id"], &object["obligation"]["id"]];
    let id = keys.into_iter().find_map(Value::as_str)?;
    Some(id.parse::<GlobalId>().ok()?.uuid)
}
