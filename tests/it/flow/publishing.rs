//! The list before the public (先审后发): a number that is nobody's business is planted in it, found and taken out, another
//! one is let through, three people decide, and what the public reads is what they decided about, whatever becomes of the
//! list afterwards.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use taizhang::service::files::digest;

use super::eyes::ADMINISTRATORS;
use super::ground::{Year, ask, done, int, pages, refused, text, verb};
use crate::files::{Answer, get};
use crate::support::Client;

/// What the office writes behind two requirements before the issue: somebody's own number, and that of a desk.
const PLANTED: [&str; 2] = ["（联系人手机：13911112222）", "（咨询电话：0999-7654321）"];
/// What is read in the place of the first.
const TAKEN_OUT: &str = "（联系人手机略）";

pub const PUBLICATION: &str =
    "publication { id status round version checksum nextStep openFindingCount leftOutCount publicPath
    findings(first: 200) { nodes { id kind field taskNumber pointer excerpt released releaseReason } }
    steps(first: 50) { nodes { act decision round checksum } } }";

/// Who decides at which step.
pub const DESKS: [(&str, &str); 3] =
    [("content", "CONTENT_REVIEW"), ("secrecy", "SECRECY_REVIEW"), ("chief", "APPROVAL")];

/// Something that stands before the public.
pub struct Published {
    pub id: String,
    pub path: String,
    bytes: Vec<u8>,
    etag: String,
}

impl Year {
    /// What anybody reads at a path.
    pub async fn anybody(&self, path: &str) -> Answer {
        get(&self.t.anonymous(), path).await
    }

    /// The titles and states the public sees.
    pub async fn before_the_public(&self) -> Vec<(String, String)> {
        let page = self.anybody("/public/publications?first=100").await.json();
        assert!(page["next"].is_null());
        let line = |item: &Value| (text(&item["title"]), item["status"].as_str().unwrap_or("PUBLISHED").to_owned());
        page["items"].as_array().unwrap().iter().map(line).collect()
    }

    /// Takes a snapshot.
    pub async fn prepare(&mut self, input: Value) -> Value {
        let office = self.office().await;
        let made = done(verb(&office, "publicationPrepare", "PublicationPrepareInput", None, input, PUBLICATION).await);
        let publication = made["publication"].clone();
        assert_eq!((&publication["status"], &publication["nextStep"]), (&json!("DRAFT"), &json!("CONTENT_REVIEW")));
        self.made.push(text(&publication["id"]));
        // Nobody outside sees that there is something.
        assert_eq!(self.anybody(&format!("/public/publications/{}", text(&publication["id"]))).await.status, 404);
        publication
    }

    /// A decision of one of the three.
    pub async fn decides(&self, login: &str, publication: &Value, input: Value) -> Value {
        let mut input = input;
        input["expectedVersion"] = publication["version"].clone();
        let id = publication["id"].as_str();
        verb(&self.who(login).await, "publicationReview", "PublicationReviewInput", id, input, PUBLICATION).await
    }

    /// The last step: it stands before the public, and is what was decided about, byte by byte.
    pub async fn publish(&self, publication: &Value) -> Published {
        assert_eq!(publication["status"], "APPROVED");
        let id = text(&publication["id"]);
        let path = format!("/public/publications/{id}");
        assert_eq!(self.anybody(&path).await.status, 404, "approved is not published");
        let input = json!({ "expectedVersion": publication["version"] });
        let office = self.office().await;
        let given = done(verb(&office, "publicationPublish", "VersionInput", Some(&id), input, PUBLICATION).await);
        let given = &given["publication"];
        assert_eq!((&given["status"], &given["publicPath"]), (&json!("PUBLISHED"), &json!(path)));
        let page = self.anybody(&path).await;
        assert_eq!(page.status, 200);
        let checksum = digest(&page.bytes);
        assert_eq!(page.header("etag"), format!("\"{checksum}\""));
        let steps = given["steps"]["nodes"].as_array().unwrap().clone();
        for (_, act) in DESKS {
            let last = steps.iter().rfind(|step| step["act"] == act).unwrap();
            let decided = (&last["decision"], &last["round"], &last["checksum"]);
            assert_eq!(decided, (&json!("PASSED"), &given["round"], &json!(checksum)), "{act}");
        }
        let etag = page.header("etag").to_owned();
        Published { id, path, bytes: page.bytes, etag }
    }

    /// What was published is read as on the first day.
    pub async fn stands_published(&self, published: &Published) {
        let page = self.anybody(&published.path).await;
        assert_eq!((page.status.as_u16(), page.header("etag")), (200, published.etag.as_str()));
        assert!(page.bytes == published.bytes, "{} changed", published.path);
    }

    /// Those who are not the office can do none of the verbs, and see nothing of what is being prepared.
    pub async fn publishing_is_the_offices(&self, publication: &Value, unit: &str, input: &Value) {
        let id = text(&publication["id"]);
        let version = &publication["version"];
        let mut others = vec![self.reporter(unit).await, self.approver(unit).await, self.who("foreign unit").await];
        for login in ADMINISTRATORS.into_iter().chain(["inspector"]) {
            others.push(self.who(login).await);
        }
        let foreign = self.who("foreign office").await;
        let before = self.written().await;
        let redacted = json!({ "expectedVersion": version, "maskFindings": true });
        let passed = json!({ "expectedVersion": version, "step": "CONTENT_REVIEW", "decision": "PASSED" });
        let withdrawn = json!({ "expectedVersion": version, "reason": "虚构" });
        for who in &others {
            for (name, kind, id, input) in [
                ("publicationPrepare", "PublicationPrepareInput", None, input.clone()),
                ("publicationRedact", "PublicationRedactInput", Some(&id), redacted.clone()),
                ("publicationReview", "PublicationReviewInput", Some(&id), passed.clone()),
                ("publicationPublish", "VersionInput", Some(&id), json!({ "expectedVersion": version })),
                ("publicationWithdraw", "PublicationWithdrawInput", Some(&id), withdrawn.clone()),
            ] {
                let payload = verb(who, name, kind, id.map(String::as_str), input, "publication { id status }").await;
                assert_eq!(refused(&payload), ["FORBIDDEN"], "{name}");
                assert!(payload["publication"].is_null(), "{name}");
            }
        }
        // The office next door may do all this, with its own.
        let payload = verb(
            &foreign,
            "publicationPublish",
            "VersionInput",
            Some(&id),
            json!({ "expectedVersion": version }),
            "publication { id }",
        )
        .await;
        assert_eq!(refused(&payload), ["NOT_FOUND"]);
        assert_eq!(self.written().await, before);
        // The inspector reads along; a unit reads what is published, where everybody does.
        let query = "publication(id: $id) { id } publicationDocument(id: $id) { checksum }";
        let seen = ask(&self.who("inspector").await, query, &id).await;
        assert_eq!(seen["publicationDocument"]["checksum"], publication["checksum"]);
        let own = ask(&self.reporter(unit).await, query, &id).await;
        assert_eq!(own, json!({ "publication": null, "publicationDocument": null }));
    }
}

/// The tasks that say more than they should, by their places in the list.
fn planted(y: &Year) -> [usize; 2] {
    let mut said = (0..y.papers.list.tasks.len()).filter(|at| y.papers.list.tasks[*at].requirement.is_some());
    [said.next().unwrap(), said.next().unwrap()]
}

fn number(y: &Year, at: usize) -> String {
    y.papers.list.tasks[at].number.clone().unwrap_or_default()
}

/// Somebody writes two numbers into the draft.
pub async fn plant(y: &Year) {
    let office = y.office().await;
    let query = "taskList(id: $id) { tasks(first: 200) { nodes { id number version requirement } } }";
    let nodes = ask(&office, query, &y.list).await["taskList"]["tasks"]["nodes"].take();
    for (at, words) in planted(y).into_iter().zip(PLANTED) {
        let node = nodes.as_array().unwrap().iter().find(|node| node["number"] == number(y, at)).unwrap();
        let requirement = format!("{}{words}", text(&node["requirement"]));
        let input = json!({ "expectedVersion": node["version"], "requirement": requirement });
        let fields = "task { requirement needsReview }";
        let kept = done(verb(&office, "taskUpdate", "TaskUpdateInput", node["id"].as_str(), input, fields).await);
        assert_eq!(kept["task"], json!({ "requirement": requirement, "needsReview": false }));
    }
}

/// The list as the papers and the books have it, with `words` behind the requirements that say too much.
fn as_printed(y: &Year, words: [&str; 2]) -> Value {
    let codes: BTreeMap<&String, &String> = y
        .papers
        .place
        .units
        .iter()
        .flat_map(|unit| {
            std::iter::once(&unit.name).chain(&unit.short).chain(&unit.aliases).map(|name| (name, &unit.id))
        })
        .collect();
    let sections = y.papers.list.sections.iter();
    let sections: Vec<Value> = sections.map(|one| json!({ "path": one.path, "title": one.title })).collect();
    let places = planted(y);
    let mut tasks = Vec::new();
    for (at, task) in y.papers.list.tasks.iter().enumerate() {
        let mut requirement = task.requirement.clone();
        if let (Some(nth), Some(said)) = (places.iter().position(|place| *place == at), &mut requirement) {
            said.push_str(words[nth]);
        }
        let mut units = Vec::new();
        for printed in &task.assignments {
            // Whose objection was upheld is printed no more.
            let seat = codes.get(&printed.name).map(|code| (number(y, at), (*code).clone()));
            if seat.is_none_or(|seat| y.books.seats.contains_key(&seat)) {
                // A name that somebody had to say what it means stays as it was printed.
                let cell = task.unit_text.as_deref().unwrap_or_default();
                let meant = |(word, answer): &&(&str, Value)| cell.contains(*word) && answer["value"] == printed.name;
                let name = y.papers.answers.iter().find(meant).map_or(printed.name.as_str(), |(word, _)| word);
                units.push(full(json!({ "name": name, "role": printed.role, "scopeNote": printed.scope_note })));
            }
        }
        let path = Some(&task.section_path).filter(|path| !path.is_empty());
        tasks.push(full(json!({
            "number": number(y, at), "sectionPath": path, "title": task.title, "requirement": requirement,
            "units": units, "deadline": task.deadline_text, "incentive": task.incentive,
        })));
    }
    json!({ "sections": sections, "tasks": tasks })
}

/// Without what is not there.
fn full(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// January: the list, issued and received, is published.
pub async fn list_published(y: &mut Year, unit: &str) -> Published {
    assert_eq!(y.before_the_public().await, []);
    let title = format!("{}年政务公开重点工作任务清单（公开稿）", y.year);
    let input = json!({ "kind": "LIST", "taskList": y.list, "title": title });
    let made = y.prepare(input.clone()).await;
    let id = text(&made["id"]);
    y.publishing_is_the_offices(&made, unit, &input).await;
    let office = y.office().await;
    let read = async |who: &Client| {
        ask(who, "publicationDocument(id: $id) { content checksum }", &id).await["publicationDocument"].take()
    };
    let content = read(&office).await["content"]["content"].take();
    let printed = as_printed(y, PLANTED);
    for (given, expected) in content["tasks"].as_array().unwrap().iter().zip(printed["tasks"].as_array().unwrap()) {
        assert_eq!(given, expected);
    }
    assert_eq!(content, printed);

    // The detectors find what was planted, masked, and nothing else.
    let findings = |publication: &Value| publication["findings"]["nodes"].as_array().unwrap().clone();
    let found = findings(&made);
    assert_eq!(made["openFindingCount"], found.len());
    let places = planted(y);
    for (finding, at) in found.iter().zip(places) {
        let pointer = format!("/content/tasks/{at}/requirement");
        let what = [&finding["kind"], &finding["field"], &finding["taskNumber"], &finding["pointer"]];
        assert_eq!(what, [&json!("PHONE"), &json!("REQUIREMENT"), &json!(number(y, at)), &json!(pointer)]);
        let excerpt = text(&finding["excerpt"]);
        assert!(!excerpt.contains("13911112222") && !excerpt.contains("7654321"), "{excerpt}");
    }
    assert_eq!(found.len(), places.len(), "{found:?}");

    // Who made it does not decide about it; who reads it first gives it back.
    let passed = |step: &str| json!({ "step": step, "decision": "PASSED" });
    let (own, early) = (
        y.decides("office", &made, passed("CONTENT_REVIEW")).await,
        y.decides("chief", &made, passed("APPROVAL")).await,
    );
    assert_eq!((refused(&own), refused(&early)), (vec!["FORBIDDEN".to_owned()], vec!["INVALID_STATE".to_owned()]));
    let returned = json!({ "step": "CONTENT_REVIEW", "decision": "RETURNED", "reason": "请删去个人手机号码。" });
    let back = done(y.decides("content", &made, returned).await)["publication"].take();
    assert_eq!((&back["status"], &back["round"]), (&json!("DRAFT"), &json!(2)));

    // The number of a person is taken out, that of the desk stays.
    let words = [TAKEN_OUT, PLANTED[1]];
    let clean = as_printed(y, words)["tasks"][places[0]]["requirement"].take();
    let texts = json!([{ "pointer": format!("/content/tasks/{}/requirement", places[0]), "text": clean }]);
    let input = json!({ "expectedVersion": back["version"], "texts": texts });
    let redacted =
        done(verb(&office, "publicationRedact", "PublicationRedactInput", Some(&id), input, PUBLICATION).await);
    let redacted = &redacted["publication"];
    let left = findings(redacted);
    assert_eq!((left.len(), &left[0]["taskNumber"]), (1, &json!(number(y, places[1]))));
    assert_ne!(redacted["checksum"], made["checksum"]);

    let reviewed = done(y.decides("content", redacted, passed("CONTENT_REVIEW")).await)["publication"].take();
    let twice = y.decides("content", &reviewed, passed("SECRECY_REVIEW")).await;
    assert_eq!(refused(&twice), ["FORBIDDEN"], "nobody decides twice");
    let silent = y.decides("secrecy", &reviewed, passed("SECRECY_REVIEW")).await;
    assert_eq!(refused(&silent), ["CONFLICT"], "a finding is open");
    let mut released = passed("SECRECY_REVIEW");
    released["releases"] = json!([{ "finding": left[0]["id"], "reason": "单位公开的咨询电话" }]);
    let secret = done(y.decides("secrecy", &reviewed, released).await)["publication"].take();
    let finding = &findings(&secret)[0];
    assert_eq!((&finding["released"], &finding["releaseReason"]), (&json!(true), &json!("单位公开的咨询电话")));
    for login in ["office", "content", "secrecy"] {
        assert_eq!(refused(&y.decides(login, &secret, passed("APPROVAL")).await), ["FORBIDDEN"], "{login}");
    }
    let approved = done(y.decides("chief", &secret, passed("APPROVAL")).await)["publication"].take();
    assert_eq!(y.before_the_public().await, []);
    let published = y.publish(&approved).await;

    // What the public reads is the snapshot, the whole of it, and nothing of the house.
    let page = y.anybody(&published.path).await.json();
    assert_eq!(page, read(&office).await["content"]);
    let office_name = y.papers.place.units.iter().find(|unit| unit.id == y.papers.place.office).unwrap().name.clone();
    let query = "taskList(id: $id) { title year documentNumber issuedOn }";
    let list = ask(&office, query, &y.list).await["taskList"].take();
    let expected = json!({
        "format": "taizhang-publication/1", "title": title, "issuer": office_name, "asOf": y.today(), "list": list,
        "kind": "LIST", "content": as_printed(y, words),
    });
    assert_eq!(page, expected);
    assert_eq!(y.before_the_public().await, [(title, "PUBLISHED".to_owned())]);
    // Whoever is signed in reads the same there.
    let same = get(&y.reporter(unit).await, &published.path).await;
    assert!(same.bytes == published.bytes);
    let all = pages(&office, "publications", "", "status version").await;
    assert_eq!(all, [json!({ "status": "PUBLISHED", "version": int(&approved["version"]) + 1 })]);
    published
}
