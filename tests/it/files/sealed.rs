//! Contents at rest: encrypted, and bound to the place where they stand.

use sea_orm::{ConnectionTrait, Statement};

use super::{get, put, scene, text};
use crate::support::database::execute;

const NUMBER: &[u8] = b"13900001234";

fn contains(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test]
async fn no_content_lies_open_and_no_portion_can_be_put_elsewhere() {
    let s = scene(|_| {}).await;
    let mut content = text(300 * 1024, 3);
    content.extend_from_slice(NUMBER);
    let one = put(&s.office, "a.txt", content.clone()).await.id();
    let two = put(&s.office, "b.txt", text(300 * 1024, 4)).await.id();
    assert_eq!(get(&s.office, &format!("/files/{one}")).await.bytes, content);
    let db = s.t.database.raw().await;
    let sql = "SELECT bytes FROM file_chunk";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let kept: Vec<Vec<u8>> = rows.iter().map(|row| row.try_get("", "bytes").unwrap()).collect();
    assert_eq!(kept.len(), 4);
    for portion in &kept {
        assert!(!contains(portion, NUMBER) && !contains(portion, &content[..64]));
    }
    drop(db);
    // The second portion of one file in the place of the other's opens there no more.
    let uuid = |id: &str| id.parse::<taizhang::id::GlobalId>().unwrap().uuid;
    let literal = |id: &str| match s.t.database.engine() {
        taizhang::store::Engine::Sqlite => format!("X'{}'", uuid(id).simple()),
        taizhang::store::Engine::Postgres => format!("'{}'", uuid(id)),
    };
    let sql = format!(
        "UPDATE file_chunk SET bytes = (SELECT bytes FROM file_chunk WHERE file_id = {} AND position = 1) WHERE file_id = {} AND position = 1",
        literal(&one),
        literal(&two)
    );
    execute(&s.t.database.url, &sql).await;
    let answer = get(&s.office, &format!("/files/{two}")).await;
    assert!(!contains(&answer.bytes, NUMBER), "{} bytes", answer.bytes.len());
    assert!(answer.bytes.len() < 300 * 1024, "it breaks off");
}
