//! From the Word file to the issued list: the five commands of the READMEs, run in a shell as they are printed.

use std::path::Path;
use std::process::{Command, Output};

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::documents::read::{FileLimits, read_within};
use taizhang::documents::table::Pages;
use taizhang::documents::write::docx;
use taizhang::documents::write::model::{Align, Book, Column, Row, Sheet, Slot};
use taizhang::service::files::digest;
use taizhang::service::import::TaskListImport;

use crate::support::TestApp;
use crate::support::binary::{self, Served, TAIZHANG};

const HEADINGS: [(&str, &str); 2] = [
    ("README.md", "## From the Word file to the issued list in five commands"),
    ("README.zh-CN.md", "## 从 Word 文件到印发清单：五条命令"),
];
const FILE: &str = "demo/office-list.docx";

fn path(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The Word file of an invented office: what it prints, and nothing that this program would need.
fn sample() -> Book {
    let section = |text: &str| Row::Section { level: 0, text: text.to_owned() };
    let task = |cells: [&str; 4]| Row::cells(cells.into_iter().map(Slot::text).collect());
    let rows = vec![
        section("一、让政策找得到、看得懂"),
        task([
            "1",
            "梳理本市现行惠企政策，形成一张目录，在市政府网站集中公开，并按月更新。",
            "市发改局牵头，市财政局、市市场监管局配合",
            "2026年6月底前",
        ]),
        task(["2", "新出台的惠企政策同步发布一图读懂，写明谁能办、去哪办、找谁问。", "市政府各部门", "持续推进"]),
        task([
            "3",
            "编制政务服务事项“一次告知”清单，由窗口免费发放。",
            "市大数据局牵头；各乡镇人民政府、各街道办事处",
            "2026年9月底前",
        ]),
        section("二、让办事更省心"),
        task(["4", "在乡镇、街道便民服务站设政策咨询席，安排专人值守。", "各乡镇人民政府、各街道办事处", "条件成熟时"]),
        task([
            "5",
            "公布民生领域高频事项的办理时长，接受群众监督。",
            "市人社局、市医保局、市卫健局按职责分工负责",
            "全年，每季度至少1次",
        ]),
        task([
            "6",
            "开展“走进大厅”活动，邀请企业和群众代表看流程、提意见。",
            "市政务服务中心牵头，市大数据局配合",
            "2026年11月30日前",
        ]),
        section("三、让监督有回音"),
        task(["7", "把群众来信中反映集中的问题整理成问答，在网上公开。", "市政府办、市司法局", "全年"]),
        task(["8", "汇总各项任务完成情况，形成自查报告。", "市政府办牵头，其他市直单位配合", "2026年12月底前"]),
    ];
    let column = |heading: &str, align: Align, width: f64| Column::new(heading, align).width(width);
    Sheet {
        title: Some("云汀市2026年优化营商环境政务公开任务清单（虚构示例）".to_owned()),
        lines: vec![vec!["印发单位：云汀市人民政府办公室".to_owned()]],
        columns: vec![
            column("序号", Align::Center, 8.0),
            column("具体要求", Align::Left, 62.0),
            column("责任单位", Align::Left, 38.0),
            column("完成时限", Align::Center, 24.0),
        ],
        rows,
        notes: vec!["注：云汀市及其单位均为虚构。".to_owned()],
        ..Sheet::default()
    }
    .into()
}

fn pages(bytes: &[u8]) -> Pages {
    read_within(bytes, "office-list.docx", FileLimits::default()).unwrap()
}

#[test]
fn the_word_file_says_what_is_written_here() {
    let kept = pages(&std::fs::read(path(FILE)).unwrap());
    assert_eq!(kept, pages(&docx(&sample()).unwrap()));
    assert_eq!(kept.tables.len(), 1);
}

/// After a change of the sample: `cargo test --test it five_commands::print -- --ignored`.
#[test]
#[ignore = "writes the Word file of the demo"]
fn print_the_word_file() {
    std::fs::write(path(FILE), docx(&sample()).unwrap()).unwrap();
}

/// The blocks of a language under the heading, in order.
fn blocks(readme: &str, heading: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(readme)).unwrap();
    let part = text.split_once(&format!("\n{heading}\n")).expect("the heading").1;
    let part = part.split("\n## ").next().unwrap();
    let open = format!("```{language}\n");
    part.split(&open).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

/// The request of the guide to documents, sent as it is printed to the server that is there.
fn tried_over_the_api(served: &Served, token: &str) {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("not run: no curl to send the form of the guide with");
        return;
    }
    let (_, answer) = served.ask(token, "{ viewer { unit { id } } }", json!({})).unwrap();
    let issuer = answer["data"]["viewer"]["unit"]["id"].as_str().unwrap();
    let blocks = blocks("docs/documents.md", "## Three ways in · 三种导入方式", "sh");
    let curl = blocks.iter().find(|block| block.contains("curl")).unwrap();
    let curl = format!("ISSUER={issuer}\n{}", curl.replace("127.0.0.1:8080", &served.address.to_string()));
    let output = shell(&served.folder, &curl);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let tried = &answer["data"]["taskListImport"];
    assert_eq!((&tried["taskCount"], &tried["userErrors"]), (&json!(8), &json!([])), "{answer}");
    // The name was answered and is known by now; the deadline of this file is asked about again.
    let kinds: Vec<_> = tried["questions"].as_array().unwrap().iter().map(|question| &question["kind"]).collect();
    assert_eq!(kinds, ["DEADLINE"], "{answer}");
}

/// Pastes lines into a shell that has the binary in its path.
fn shell(folder: &Path, lines: &str) -> Output {
    let mut shell = Command::new("sh");
    let place = Path::new(TAIZHANG).parent().unwrap();
    shell.args(["-eu", "-c", &format!("PATH=\"$0:$PATH\"\n{lines}")]).arg(place).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TAIZHANG_")) {
        shell.env_remove(name);
    }
    shell.env_remove("DATABASE_URL").output().unwrap()
}

#[test]
fn five_commands_lead_from_the_word_file_to_the_issued_list() {
    let [commands, twins] = HEADINGS.map(|(readme, heading)| blocks(readme, heading, "sh"));
    let [shown, shown_too] = HEADINGS.map(|(readme, heading)| blocks(readme, heading, "text"));
    assert_eq!((&commands, &shown), (&twins, &shown_too), "both languages show the same");
    let [_, five] = &commands[..] else { panic!("the set-up, then the commands: {commands:?}") };
    assert_eq!(five.lines().filter(|line| line.starts_with("taizhang ")).count(), 5);
    assert_eq!(five.lines().count(), 5, "a command, a line");

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("demo")).unwrap();
    for file in [FILE, "demo/units.json"] {
        std::fs::copy(path(file), folder.path().join(file)).unwrap();
    }
    let output = shell(folder.path(), five);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(shown.len(), 1);
    for line in shown.iter().flat_map(|block| block.lines()) {
        assert!(err.matches(&format!("{line}\n")).count() >= 2, "{line}: said when tried and when imported\n{err}");
    }

    let served = Served::start(folder.path(), binary::free_port(), &[]);
    let token = served.token("demo.office");
    let query = "query ($title: String!) {
        taskLists(filter: { title: { eq: $title } }) {
            totalCount
            nodes { status issuedOn importQuestions(first: 50) { nodes { status } } tasks(first: 50) { nodes { number dueOn } } }
        }
        units(filter: { name: { eq: \"云汀市政务服务和数据管理局\" } }) { nodes { aliases } }
    }";
    let title = sample().sheets[0].title.clone();
    let (_, answer) = served.ask(&token, query, json!({ "title": title })).unwrap();
    let lists = &answer["data"]["taskLists"];
    assert_eq!(lists["totalCount"], 1, "{answer}");
    let list = &lists["nodes"][0];
    assert_eq!((&list["status"], &list["issuedOn"]), (&json!("ISSUED"), &json!("2026-03-02")));
    let questions = list["importQuestions"]["nodes"].as_array().unwrap();
    assert!(questions.len() >= 3 && questions.iter().all(|question| question["status"] == "ANSWERED"), "{answer}");
    let tasks = list["tasks"]["nodes"].as_array().unwrap();
    assert_eq!(tasks.len(), 8);
    assert_eq!(tasks[3]["dueOn"], "2026-10-31", "{answer}");
    assert!(answer["data"]["units"].to_string().contains("市大数据局"), "the answer is remembered: {answer}");
    tried_over_the_api(&served, &token);
}

#[test]
fn what_is_said_wrongly_changes_nothing_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(FILE);
    let refused = |args: &[&str]| {
        let output = binary::run(folder.path(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let done = |args: &[&str]| binary::done(folder.path(), args);
    done(&["demo"]);
    assert!(refused(&["issue", &file]).contains("There is no list"));
    let id = done(&["import", &file]).split(' ').next().unwrap().to_owned();
    // Open questions stand in the way, and keeping the draft does not settle a name that means nothing.
    assert!(refused(&["issue", &id]).contains("市大数据局"));
    assert!(done(&["answer", &id, "--keep"]).contains("2 questions are open"));
    assert!(refused(&["answer", &id, "市大数据局=市天文局"]).contains("市天文局"));
    assert!(refused(&["answer", &id, "市地质局=市教育局"]).contains("No open question is about"));
    assert_eq!(binary::run(folder.path(), &["answer", &id, "市大数据局="]).status.code(), Some(2));
    let open = binary::run(folder.path(), &["answer", &file]);
    let (out, err) = (String::from_utf8(open.stdout).unwrap(), String::from_utf8(open.stderr).unwrap());
    assert!(out.contains(&id) && out.contains("2 questions are open"), "{out}");
    // By its number, for both places that print it.
    let number = err.lines().next().unwrap().split('?').next().unwrap();
    assert!(done(&["answer", &id, &format!("{number}=云汀市政务服务和数据管理局")]).contains("0 questions are open"));
    assert!(
        done(&["issue", &id, "--issued-on", "2026-03-02", "--document-number", "云政办〔2026〕3号"])
            .contains("2026-03-02")
    );
    assert!(refused(&["issue", &id]).starts_with("错误："));
}

/// What an operator's words find, on both engines: a list by its file or key, its open questions under the scope of who
/// reads.
#[tokio::test]
async fn a_list_is_found_by_the_file_it_came_from() {
    let t = TestApp::new().await;
    let (_, root) = t.places(taizhang::documents::demo::UNITS).await.remove(0);
    let office = t.user("office", root, &[(Role::Office, root)]).await;
    let caller = t.caller(&office).await;
    let bytes = std::fs::read(path(FILE)).unwrap();
    let read = t.service.list_read(&caller, "清单.docx", bytes.clone(), None).await.unwrap().unwrap();
    let input = TaskListImport { issuer: root, read, title: None, support_reports: false, dry_run: false };
    let list = t.service.task_list_import(&caller, None, input).await.unwrap().unwrap().list.unwrap();

    let store = t.service.store();
    let found = store.lists_by_digest(&["x".to_owned(), digest(&bytes)]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [list]);
    assert!(store.lists_by_digest(&["x".to_owned()]).await.unwrap().is_empty());
    assert_eq!(store.list_by_key(list).await.unwrap().unwrap().id, list);
    assert!(store.list_by_key(root).await.unwrap().is_none());

    let open = store.reader_for(caller.actor).open_questions(list).await.unwrap();
    let asked: Vec<_> = open.iter().map(|row| (row.position, row.printed.as_deref().unwrap())).collect();
    assert_eq!(asked, [(0, "市大数据局"), (1, "条件成熟时"), (2, "市大数据局")]);
    let unit = t.unit(root, "yunting.jyj").await;
    let reporter = t.user("reporter", unit, &[(Role::Reporter, unit)]).await;
    let reporter = t.caller(&reporter).await;
    assert!(store.reader_for(reporter.actor).open_questions(list).await.unwrap().is_empty());
}
