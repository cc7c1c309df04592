//! The questions of an import are answered, and the draft follows.

use serde_json::{Value, json};
use taizhang::documents::understand::{ImportQuestion, QuestionKind};
use taizhang::id::Kind;
use taizhang::service::import::{ReadList, TaskListImport};

use super::lists_import::{item, small};
use super::lists_scene::{Scene, done, gid, refused, run};

const FIELDS: &str = "importQuestion { status answer version answeredBy { name } } ";

fn unit(name: &str) -> Value {
    json!([{ "name": name, "role": "RESPONSIBLE", "target": "UNIT" }])
}

impl Scene {
    /// A draft of these tasks, with what its reader asked.
    async fn asked(&self, tasks: Value, questions: Vec<ImportQuestion>) -> String {
        let document = taizhang::documents::list_json::read(small(tasks).to_string()).unwrap();
        let read = ReadList { questions, ..ReadList::from(document) };
        let input = TaskListImport { issuer: self.root, read, title: None, support_reports: false, dry_run: false };
        let caller = self.caller(&self.office).await;
        let imported = self.t.service.task_list_import(&caller, None, input).await.unwrap().unwrap();
        gid(Kind::TaskList, imported.list.unwrap())
    }

    async fn questions(&self, list: &str) -> Vec<Value> {
        let query = "query($id: ID!) { taskList(id: $id) { importQuestions(first: 100) { nodes {
            id kind subject printed text candidates proposal status version task { number } } } } }";
        let data = self.office.data(query, json!({ "id": list })).await;
        data["taskList"]["importQuestions"]["nodes"].as_array().unwrap().clone()
    }

    async fn answer(&self, question: &Value, mut input: Value) -> Value {
        input["expectedVersion"] = question["version"].clone();
        let id = question["id"].as_str();
        self.run("importQuestionAnswer", "ImportQuestionAnswerInput", FIELDS, id, input).await
    }

    async fn tasks(&self, list: &str) -> Vec<Value> {
        let query = "query($id: ID!) { taskList(id: $id) { year issuerText tasks(first: 50) { nodes { number needsReview deadlineText
            deadline { kind dueOn } assignments(first: 20) { nodes { name role scopeNote unit { code } unitGroup { code } } } } } } }";
        self.office.data(query, json!({ "id": list })).await["taskList"]["tasks"]["nodes"].as_array().unwrap().clone()
    }

    async fn unit_version(&self, code: &str) -> i64 {
        let query = "query($id: ID!) { unit(id: $id) { version } }";
        self.office.data(query, json!({ "id": self.unit(code).await })).await["unit"]["version"].as_i64().unwrap()
    }

    async fn issue_list(&self, list: &str) -> Value {
        let input = json!({ "expectedVersion": self.version(list).await });
        self.run("taskListIssue", "TaskListIssueInput", "taskList { status }", Some(list), input).await
    }
}

fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_name_is_answered_once_for_the_whole_list_and_remembered() {
    let s = Scene::new().await;
    let tasks = json!([item("1", unit("教体局")), item("2", unit("教体局")), item("3", unit("市司法局"))]);
    let list = s.asked(tasks.clone(), Vec::new()).await;
    let questions = s.questions(&list).await;
    assert_eq!(questions.len(), 2, "one for each task that prints it");
    let first = &questions[0];
    assert_eq!((&first["kind"], &first["printed"]), (&json!("UNKNOWN_NAME"), &json!("教体局")));
    assert_eq!(first["task"]["number"], "1");
    assert!(first["candidates"].as_array().unwrap().iter().any(|name| name.as_str().unwrap().contains("教育")));

    let refusal = s.issue_list(&list).await;
    assert!(refusal["userErrors"].as_array().unwrap().len() >= 2, "{refusal}");
    refused(&s.answer(first, json!({ "keep": true })).await, "INVALID_STATE", "tasks.1");
    refused(&s.answer(first, json!({})).await, "REQUIRED", "input");
    refused(&s.answer(first, json!({ "keep": true, "value": "x" })).await, "REQUIRED", "input");
    refused(&s.answer(first, json!({ "value": "无此局" })).await, "NOT_FOUND", "input.value");
    let payload = s.answer(first, json!({ "value": "市教育局" })).await;
    let question = &done(&payload)["importQuestion"];
    assert_eq!((&question["status"], &question["version"]), (&json!("ANSWERED"), &json!(2)));
    assert_eq!(question["answer"], "云汀市教育局");
    assert!(question["answeredBy"]["name"].is_string());

    for task in s.tasks(&list).await {
        assert_eq!(task["needsReview"], false, "{task}");
    }
    assert_eq!(s.tasks(&list).await[1]["assignments"]["nodes"][0]["unit"]["code"], "yunting.jyj");
    assert!(s.questions(&list).await.iter().all(|question| question["status"] == "ANSWERED"));
    refused(&s.answer(&s.questions(&list).await[0], json!({ "keep": true })).await, "INVALID_STATE", "");
    done(&s.issue_list(&list).await);

    // The next list that prints it asks nobody.
    let mut more = tasks;
    more.as_array_mut().unwrap().push(item("4", unit("市司法局")));
    let list = s.asked(more, Vec::new()).await;
    assert!(s.questions(&list).await.is_empty());
}

#[tokio::test]
async fn an_answer_that_is_not_to_be_remembered_is_asked_again() {
    let s = Scene::new().await;
    let list = s.asked(json!([item("1", unit("教体局"))]), Vec::new()).await;
    let jyj = s.unit("jyj").await;
    done(&s.answer(&s.questions(&list).await[0], json!({ "unit": jyj, "remember": false })).await);
    let list = s.asked(json!([item("1", unit("教体局")), item("2", unit("市司法局"))]), Vec::new()).await;
    assert_eq!(s.questions(&list).await.len(), 1);
}

#[tokio::test]
async fn answers_about_deadlines_years_and_roles_go_into_the_draft() {
    let s = Scene::new().await;
    let ask = |kind: QuestionKind, path: &str, printed: &str, candidates: &[&str]| {
        let mut question = ImportQuestion::new(kind, path);
        question.printed = Some(printed.to_owned()).filter(|printed| !printed.is_empty());
        question.candidates = candidates.iter().map(|text| (*text).to_owned()).collect();
        question.proposal = question.candidates.first().cloned();
        question
    };
    let mut tasks = json!([
        item("1", unit("市司法局")),
        item("2", unit("市教育局")),
        item("3", json!([])),
        item("4", unit("市司法局"))
    ]);
    tasks[0]["deadlineText"] = json!("6月前");
    tasks[0]["deadline"] = json!({ "kind": "FIXED_DATE", "date": "2026-05-31", "source": "COLUMN" });
    tasks[3]["assignments"][0]["scopeNote"] = json!("网站");
    let list = s
        .asked(
            tasks,
            vec![
                ask(QuestionKind::Year, "year", "", &["2026", "2025"]),
                ask(QuestionKind::BeforeMonth, "tasks[0].deadline", "6月前", &["2026-05-31", "2026-06-30"]),
                ask(QuestionKind::LeadReach, "tasks[1].unitText", "市教育局", &["RESPONSIBLE", "LEAD"]),
                ask(QuestionKind::NoUnit, "tasks[2].unitText", "", &[]),
                ask(
                    QuestionKind::Bracket,
                    "tasks[3].unitText",
                    "市司法局（网站）",
                    &["市司法局｜网站", "市司法局（网站）"],
                ),
                ask(QuestionKind::Overlap, "tasks[3]", "", &["保留两项"]),
            ],
        )
        .await;
    let questions = s.questions(&list).await;
    assert_eq!(questions.len(), 6);
    let by = |kind: &str| questions.iter().find(|question| question["kind"] == kind).unwrap();
    assert_eq!(
        codes(&s.issue_list(&list).await).len(),
        6,
        "one for the list, four for tasks, and nobody owns the third"
    );

    refused(&s.answer(by("YEAR"), json!({ "value": "去年" })).await, "INVALID_FORMAT", "input.value");
    done(&s.answer(by("YEAR"), json!({ "acceptProposal": true })).await);
    refused(&s.answer(by("BEFORE_MONTH"), json!({ "value": "不知何时" })).await, "INVALID_FORMAT", "input.value");
    done(&s.answer(by("BEFORE_MONTH"), json!({ "value": "2026-06-30" })).await);
    done(&s.answer(by("LEAD_REACH"), json!({ "value": "LEAD" })).await);
    refused(&s.answer(by("NO_UNIT"), json!({ "value": "无此局牵头" })).await, "INVALID_STATE", "input.value");
    done(&s.answer(by("NO_UNIT"), json!({ "value": "市教育局牵头，市司法局配合" })).await);
    done(&s.answer(by("BRACKET"), json!({ "keep": true })).await);
    refused(&s.answer(by("OVERLAP"), json!({ "value": "删去" })).await, "INVALID_FORMAT", "input.value");
    done(&s.answer(by("OVERLAP"), json!({ "acceptProposal": true })).await);

    let tasks = s.tasks(&list).await;
    assert_eq!(
        (&tasks[0]["deadlineText"], &tasks[0]["deadline"]),
        (&json!("6月前"), &json!({ "kind": "MONTH_END", "dueOn": "2026-06-30" }))
    );
    assert_eq!(tasks[1]["assignments"]["nodes"][0]["role"], "LEAD");
    let who: Vec<_> =
        tasks[2]["assignments"]["nodes"].as_array().unwrap().iter().map(|row| (&row["name"], &row["role"])).collect();
    assert_eq!(who, [(&json!("市教育局"), &json!("LEAD")), (&json!("市司法局"), &json!("SUPPORT"))]);
    assert_eq!(tasks[3]["assignments"]["nodes"][0]["scopeNote"], "网站");
    assert!(tasks.iter().all(|task| task["needsReview"] == false));
    done(&s.issue_list(&list).await);
}

#[tokio::test]
async fn another_year_reads_the_printed_deadlines_again() {
    let s = Scene::new().await;
    let mut tasks = json!([item("1", unit("市司法局")), item("2", unit("市司法局"))]);
    tasks[0]["deadlineText"] = json!("9月底");
    tasks[0]["deadline"] = json!({ "kind": "MONTH_END", "date": "2026-09-30", "source": "COLUMN" });
    tasks[1]["deadlineText"] = json!("2026年12月底");
    tasks[1]["deadline"] = json!({ "kind": "MONTH_END", "date": "2026-12-31", "source": "COLUMN" });
    let list = s.asked(tasks, vec![ImportQuestion::new(QuestionKind::Year, "year")]).await;
    done(&s.answer(&s.questions(&list).await[0], json!({ "value": "2025" })).await);
    let tasks = s.tasks(&list).await;
    assert_eq!(tasks[0]["deadline"]["dueOn"], "2025-09-30");
    assert_eq!(tasks[1]["deadline"]["dueOn"], "2026-12-31", "a year that is printed stays");
}

#[tokio::test]
async fn many_are_kept_at_once_but_no_name_without_a_unit() {
    let s = Scene::new().await;
    let questions = vec![
        ImportQuestion::new(QuestionKind::Issuer, "issuer"),
        ImportQuestion::new(QuestionKind::Overlap, "tasks[1]"),
    ];
    let list = s.asked(json!([item("1", unit("教体局")), item("2", unit("市司法局"))]), questions).await;
    let asked = s.questions(&list).await;
    let ids: Vec<&str> = asked.iter().map(|question| question["id"].as_str().unwrap()).collect();
    let fields = "taskList { version } outcomes { answered importQuestion { id status } }";
    let input = json!({ "questions": ids });
    let payload = s.run("importQuestionKeep", "ImportQuestionKeepInput", fields, Some(&list), input).await;
    let outcomes = done(&payload)["outcomes"].as_array().unwrap();
    let kept = |kind: &str| {
        let at = asked.iter().position(|question| question["kind"] == kind).unwrap();
        assert_eq!(outcomes[at]["importQuestion"]["id"], ids[at]);
        outcomes[at]["answered"].as_bool().unwrap()
    };
    assert!(kept("ISSUER") && kept("OVERLAP") && !kept("UNKNOWN_NAME"));
    let many = json!({ "questions": vec![ids[0]; 101] });
    let payload = s.run("importQuestionKeep", "ImportQuestionKeepInput", fields, Some(&list), many).await;
    refused(&payload, "LIMIT", "input.questions");
}

#[tokio::test]
async fn only_the_office_answers_and_a_task_confirmed_as_a_whole_closes_its_questions() {
    let s = Scene::new().await;
    let list = s
        .asked(json!([item("1", unit("市司法局"))]), vec![ImportQuestion::new(QuestionKind::Overlap, "tasks[0]")])
        .await;
    let question = s.questions(&list).await[0].clone();
    let input = json!({ "expectedVersion": 1, "keep": true });
    for (who, client, code) in s.others().await {
        let payload = run(
            &client,
            "importQuestionAnswer",
            "ImportQuestionAnswerInput",
            FIELDS,
            question["id"].as_str(),
            input.clone(),
        )
        .await;
        assert_eq!(payload["userErrors"][0]["code"], code, "{who}");
        let seen = client.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": question["id"] })).await;
        assert_eq!(seen["node"].is_null(), who != "inspector", "{who}");
    }
    assert_eq!(s.questions(&list).await[0]["status"], "OPEN");
    let query = "query($id: ID!) { taskList(id: $id) { tasks { nodes { id version } } } }";
    let task = s.office.data(query, json!({ "id": list })).await["taskList"]["tasks"]["nodes"][0].clone();
    let input = json!({ "expectedVersion": task["version"] });
    done(&s.run("taskConfirm", "VersionInput", "task { needsReview }", task["id"].as_str(), input).await);
    assert_eq!(s.questions(&list).await[0]["status"], "ANSWERED");
}

#[tokio::test]
async fn a_name_that_a_task_prints_twice_keeps_its_strongest_role() {
    let s = Scene::new().await;
    let twice = json!([
        { "name": "教体局", "role": "RESPONSIBLE", "target": "UNIT" },
        { "name": "教体局", "role": "LEAD", "target": "UNIT" },
        { "name": "市教育局", "role": "SUPPORT", "target": "UNIT" },
        { "name": "各街道", "role": "RESPONSIBLE", "target": "GROUP" },
        { "name": "各街道", "role": "SUPPORT", "target": "GROUP" },
    ]);
    let list = s.asked(json!([item("1", twice)]), Vec::new()).await;
    let before = s.unit_version("jyj").await;
    done(&s.answer(&s.questions(&list).await[0], json!({ "value": "市教育局" })).await);
    let tasks = s.tasks(&list).await;
    let rows = tasks[0]["assignments"]["nodes"].as_array().unwrap();
    let bureau: Vec<&Value> = rows.iter().filter(|row| row["unit"]["code"] == "yunting.jyj").collect();
    assert_eq!(bureau.len(), 1, "{rows:?}");
    assert_eq!(bureau[0]["role"], "LEAD");
    assert_eq!(rows.len(), 3, "what nobody asked about stays as it is printed: {rows:?}");
    assert_eq!(s.unit_version("jyj").await, before + 1, "who changes its names from an older read is told");
    done(&s.issue_list(&list).await);
}

#[tokio::test]
async fn an_answer_leaves_alone_what_it_was_not_asked_about() {
    let s = Scene::new().await;
    let mut tasks = json!([
        item(
            "1",
            json!([
                { "name": "市司法局", "role": "LEAD", "target": "UNIT" },
                { "name": "市教育局", "role": "RESPONSIBLE", "target": "UNIT" },
            ])
        ),
        item("2", unit("教体局")),
        item("3", unit("教体局")),
    ]);
    tasks[0]["leadText"] = json!("市司法局");
    tasks[0]["unitText"] = json!("市教育局");
    let mut inherited = ImportQuestion::new(QuestionKind::Inherited, "tasks[0].unitText");
    (inherited.printed, inherited.proposal) = (Some("市教育局".to_owned()), Some("市教育局".to_owned()));
    let list = s.asked(tasks, vec![inherited]).await;
    let questions = s.questions(&list).await;
    let by = |number: &str| questions.iter().find(|question| question["task"]["number"] == number).unwrap();
    done(&s.answer(by("1"), json!({ "acceptProposal": true })).await);
    let roles = |task: &Value| -> Vec<Value> {
        task["assignments"]["nodes"].as_array().unwrap().iter().map(|row| row["role"].clone()).collect()
    };
    assert_eq!(roles(&s.tasks(&list).await[0]), [json!("LEAD"), json!("RESPONSIBLE")]);

    // The office says by hand whom task 3 means; an answer about task 2 does not change that.
    let query = "query($id: ID!) { taskList(id: $id) { tasks(filter: { number: { eq: \"3\" } }) { nodes { assignments { nodes { id version } } } } } }";
    let row =
        s.office.data(query, json!({ "id": list })).await["taskList"]["tasks"]["nodes"][0]["assignments"]["nodes"][0]
            .clone();
    let input = json!({ "expectedVersion": row["version"], "unit": s.unit("mzj").await });
    done(&s.run("assignmentUpdate", "AssignmentUpdateInput", "assignment { id }", row["id"].as_str(), input).await);
    done(&s.answer(by("2"), json!({ "value": "市教育局" })).await);
    let tasks = s.tasks(&list).await;
    assert_eq!(tasks[1]["assignments"]["nodes"][0]["unit"]["code"], "yunting.jyj");
    assert_eq!(tasks[2]["assignments"]["nodes"][0]["unit"]["code"], "yunting.mzj");
}
