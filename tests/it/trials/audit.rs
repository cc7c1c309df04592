//! How many changes a second go into the audit chain while many write: each row bears a hash over itself and the one before
//! it, so they come one after the other, whoever writes.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::client::number;
use crate::kill::{House, on_postgres};
use crate::support::binary;

fn throughput(writers: usize, last: Duration) {
    let mut house = House::new(writers, on_postgres());
    let (hall, owed) = (&house.hall, &house.owed);
    let (began, before) = (Instant::now(), hall.answers.load(Ordering::Relaxed));
    std::thread::scope(|scope| {
        for (login, mine) in owed {
            scope.spawn(move || hall.write(login, mine));
        }
        std::thread::sleep(last);
        hall.over.store(true, Ordering::Relaxed);
    });
    let (took, answers) = (began.elapsed(), hall.answers.load(Ordering::Relaxed) - before);
    let (_, changes) = house.all_there_once();
    assert!(answers > writers && changes > 0, "{answers} answers");
    house.served.terminate();
    assert!(house.served.child.wait().unwrap().success());
    // Every change left its row, and the chain is whole.
    let began = Instant::now();
    let place: Vec<&str> = house.place.iter().map(String::as_str).collect();
    let verified = binary::done(house.folder.path(), &[&["audit", "verify"], &place[..]].concat());
    println!(
        "{answers} changes of {writers} writers in {took:?}, {:.0} a second; the chain verified in {:?}: {}",
        answers as f64 / took.as_secs_f64(),
        began.elapsed(),
        verified.trim().replace('\n', " "),
    );
}

#[test]
fn eight_writers() {
    throughput(8, Duration::from_secs(2));
}

/// `cargo test --test it trials::audit -- --ignored --nocapture`, on each engine.
#[test]
#[ignore = "half a minute; the machine must have nothing else to do"]
fn thirty_two_writers() {
    throughput(32, Duration::from_secs(number("TAIZHANG_TRIAL_SECONDS", 30, 600)));
}
