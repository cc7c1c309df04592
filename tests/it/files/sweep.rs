//! What has expired goes, and nothing else; what an export keeps is there for its owner.

use chrono::TimeDelta;
use entity::file;
use entity::vocabulary::{FilePurpose, MediaType};
use uuid::Uuid;

use super::{Scene, get, put, scene};

async fn export(s: &Scene, number: u128, expires: Option<TimeDelta>) -> Uuid {
    let now = s.t.service.clock().now();
    let id = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number);
    let row = file::Model {
        id,
        purpose: FilePurpose::Export,
        owner_user_id: s.office.user.unwrap(),
        unit_id: s.unit,
        name: "导出.svg".into(),
        media_type: MediaType::Svg,
        size: 3,
        sha256: "00".into(),
        created_at: now,
        expires_at: expires.map(|life| now + life),
    };
    let tx = s.t.service.store().begin().await.unwrap();
    // As it was kept before contents were encrypted; it is read all the same.
    let plain = |_: i32, portion: &[u8]| Ok::<_, taizhang::store::StoreError>(portion.to_vec());
    tx.file_write(row, b"abc", plain).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn what_has_expired_goes_with_its_content() {
    let s = scene(|_| {}).await;
    for n in 0..45 {
        export(&s, n, Some(TimeDelta::seconds(60))).await;
    }
    export(&s, 100, Some(TimeDelta::milliseconds(60_001))).await;
    let kept = export(&s, 101, None).await;
    put(&s.office, "a.txt", "abc").await.id();
    s.t.clock.advance(TimeDelta::milliseconds(59_999));
    assert_eq!(s.t.service.files_sweep().await.unwrap(), 0);
    s.t.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(s.t.service.files_sweep().await.unwrap(), 45);
    assert_eq!((s.count("file").await, s.count("file_chunk").await), (3, 3));
    s.t.clock.advance(TimeDelta::hours(48));
    assert_eq!(s.t.service.files_sweep().await.unwrap(), 2);
    let again = s.t.sign_in(s.office.user.unwrap()).await;
    let id = taizhang::id::GlobalId::new(taizhang::id::Kind::File, kept);
    let got = get(&again, &format!("/files/{id}")).await;
    assert_eq!((got.status.as_u16(), got.bytes.as_slice()), (200, &b"abc"[..]));
    assert_eq!(got.header("content-type"), "image/svg+xml");
    assert!(got.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(s.count("file_chunk").await, 1);
}
