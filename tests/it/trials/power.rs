//! Power cuts on SQLite, played from the record of a run: everything acknowledged before the cut is there, once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::client::number;
use super::disk::{Disk, FATES, Survives, ends};
use crate::kill::{Hall, Said, login, open_periods, share};
use crate::support::binary::{self, Served, command};
use crate::support::lcg::Lcg;

const WRITERS: usize = 8;
const EXTRA: [&str; 2] = ["--limit-access-token", "1h"];

/// The record of a run, and what was said in it: how long the record was then, the obligation, what was said of it.
struct Recorded {
    record: Vec<u8>,
    root: String,
    said: Vec<(usize, String, Said)>,
    tokens: HashMap<String, String>,
}

/// A library of a few lines of C; nothing where there is no compiler.
fn compiled(folder: &Path) -> Option<PathBuf> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/trials/power_cut.c");
    let library = folder.join("power_cut.so");
    let built = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    match built {
        Ok(status) => {
            assert!(status.success(), "{source} does not compile");
            Some(library)
        }
        Err(problem) => {
            println!("!! NO C COMPILER ({problem}): POWER CUTS WERE NOT TRIED !!");
            None
        }
    }
}

/// Runs a server under the recorder, with writers, until it has answered so often; then the power goes.
fn recorded(home: &Path, answers: usize) -> Option<Recorded> {
    let library = compiled(home)?;
    let folder = home.join("place");
    std::fs::create_dir(&folder).unwrap();
    let root = folder.canonicalize().unwrap().to_str().unwrap().to_owned();
    let log = home.join("record");
    let environment = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("POWER_CUT_ROOT", root.as_str()),
        ("POWER_CUT_LOG", log.to_str().unwrap()),
    ];
    let mut served = Served::try_start(&folder, binary::free_port(), &EXTRA, &environment).unwrap();
    let mut tokens = HashMap::new();
    let mut token = |login: &str, more: &[&str]| {
        let args = [&["token", login, "--limit-access-token", "1h"], more].concat();
        let output = command(&folder, &args).envs(environment).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tokens.insert(login.to_owned(), String::from_utf8(output.stdout).unwrap().trim().to_owned());
    };
    token("demo.office", &[]);
    for (writer, unit) in crate::kill::UNITS.iter().enumerate() {
        token(&login(writer), &["--create", "--unit", unit, "--role", "REPORTER"]);
    }
    let said = Arc::new(Mutex::new(Vec::new()));
    let mut hall = Hall::new(served.address, tokens.clone(), WRITERS);
    open_periods(&hall);
    let owed = share(&hall, WRITERS);
    let (told, file) = (said.clone(), log.clone());
    hall.journal = Some(Box::new(move |obligation, now| {
        // Whatever made this certain stands in the record by now.
        let length = usize::try_from(std::fs::metadata(&file).unwrap().len()).unwrap();
        told.lock().unwrap().push((length, obligation.to_owned(), now.clone()));
    }));
    std::thread::scope(|scope| {
        for (login, mine) in &owed {
            let hall = &hall;
            scope.spawn(move || hall.write(login, mine));
        }
        let before = hall.answers.load(Ordering::Relaxed);
        let began = Instant::now();
        while hall.answers.load(Ordering::Relaxed) < before + answers {
            assert!(began.elapsed() < Duration::from_secs(300), "the writers are too slow");
            std::thread::sleep(Duration::from_millis(5));
        }
        hall.over.store(true, Ordering::Relaxed);
    });
    served.kill();
    let mut said = std::mem::take(&mut *said.lock().unwrap());
    said.sort_by_key(|(length, _, _)| *length);
    Some(Recorded { record: std::fs::read(&log).unwrap(), root, said, tokens })
}

/// When the power goes: by turns right after something was said, and anywhere between the first word and the last.
fn moments(recorded: &Recorded, cuts: usize, chance: &mut Lcg) -> Vec<usize> {
    let ends = ends(&recorded.record);
    let first = recorded.said[0].0;
    let mut moments: Vec<usize> = (0..cuts)
        .map(|nth| match nth % 2 {
            0 => {
                let said = recorded.said[chance.below(recorded.said.len())].0;
                // The word was read somewhere behind the record that made it true.
                ends[ends.partition_point(|end| *end <= said) - 1]
            }
            _ => loop {
                let end = *chance.pick(&ends);
                if end >= first {
                    break end;
                }
            },
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// A cut: the files that are left, and how much had been said.
struct Cut {
    folder: tempfile::TempDir,
    moment: usize,
    fate: Survives,
}

fn integrity(file: &Path) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.map_err(|e| e.to_string())?;
        let ask = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
        let row = db.query_one_raw(ask).await.map_err(|e| e.to_string())?.ok_or("no answer")?;
        let said: String = row.try_get_by_index(0).map_err(|e| e.to_string())?;
        if said == "ok" { Ok(()) } else { Err(said) }
    })
}

/// Starts the server on what is left; everything that had been said must be there.
fn check(recorded: &Recorded, cut: &Cut, thoroughly: bool) -> Result<usize, String> {
    // With the longest life for tokens, as in the run.
    let mut served = Served::try_start(cut.folder.path(), binary::free_port(), &EXTRA, &[])?;
    let hall = Hall::new(served.address, recorded.tokens.clone(), WRITERS);
    let logins: Vec<String> = (0..WRITERS).map(login).collect();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    // Who is not known any more has lost his session with the rest.
    for login in &logins {
        let name = hall.name(login);
        if name.as_ref().is_none_or(|(status, _)| *status != 200) {
            return Err(format!("{login} is not known any more: {name:?}"));
        }
    }
    let found = hall.found(&logins);
    let mut last: HashMap<&str, &Said> = HashMap::new();
    for (_, obligation, said) in recorded.said.iter().take_while(|(length, _, _)| *length <= cut.moment) {
        last.insert(obligation, said);
    }
    for (obligation, said) in &last {
        let there = found.get(*obligation).map(Vec::as_slice).unwrap_or_default();
        let [one] = there else { return Err(format!("{obligation}: {said:?} was said, {there:?} is there")) };
        // The next change may have become certain before it was said.
        let right = one.report == said.report && (one == *said || one.version == said.version + 1);
        if !right {
            return Err(format!("{obligation}: {said:?} was said, {one:?} is there"));
        }
    }
    served.kill();
    integrity(&cut.folder.path().join("data/taizhang.db"))?;
    if thoroughly {
        let verified = binary::run(cut.folder.path(), &["audit", "verify"]);
        if !verified.status.success() {
            return Err(String::from_utf8_lossy(&verified.stderr).into_owned());
        }
    }
    Ok(last.len())
}

/// Plays so many cuts; what was wrong after each of them.
fn cuts(recorded: &Recorded, cuts: usize, seed: u64, believed: bool) -> Vec<(usize, Survives, String)> {
    let mut chance = Lcg::new(seed);
    let moments = moments(recorded, cuts, &mut chance);
    let (wrong, checked) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let (send, receive) = std::sync::mpsc::sync_channel::<(usize, Cut)>(2);
    let receive = Mutex::new(receive);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Ok((nth, cut)) = receive.lock().unwrap().recv() else { return };
                    match check(recorded, &cut, nth % 10 == 0) {
                        Ok(reports) => checked.fetch_add(reports, Ordering::Relaxed),
                        Err(why) => {
                            wrong.lock().unwrap().push((cut.moment, cut.fate, why));
                            0
                        }
                    };
                }
            });
        }
        let (mut disk, mut played) = (Disk::default(), 0);
        // Until the first word all syncs are believed, so that a place is there to lose something in.
        let first = moments[0].min(recorded.said[0].0);
        for (nth, moment) in moments.into_iter().enumerate() {
            if !believed && !disk.unbelieved {
                let before = ends(&recorded.record).into_iter().rfind(|end| *end <= first).unwrap_or(0);
                disk.play(&recorded.record[..before]);
                (disk.unbelieved, played) = (true, before);
            }
            disk.play(&recorded.record[played..moment]);
            played = moment;
            let (folder, fate) = (tempfile::tempdir().unwrap(), FATES[nth / 2 % FATES.len()]);
            disk.cut(&recorded.root, folder.path(), fate, &mut chance);
            // Whatever stands in shared memory is gone, or was never right.
            if nth % 3 == 0 {
                let garbage: Vec<u8> = (0..32_768).map(|_| chance.below(256) as u8).collect();
                std::fs::write(folder.path().join("data/taizhang.db-shm"), garbage).unwrap();
            }
            send.send((nth, Cut { folder, moment, fate })).unwrap();
        }
        drop(send);
    });
    println!(
        "{cuts} power cuts in a record of {} MiB with {} words, {} reports looked for, {} cuts went wrong, {:?}",
        recorded.record.len() >> 20,
        recorded.said.len(),
        checked.load(Ordering::Relaxed),
        wrong.lock().unwrap().len(),
        began.elapsed(),
    );
    wrong.into_inner().unwrap()
}

fn nothing_is_lost(answers: usize, count: usize) {
    let home = tempfile::tempdir().unwrap();
    let Some(recorded) = recorded(home.path(), answers) else { return };
    let wrong = cuts(&recorded, count, 20_260_701, true);
    assert!(wrong.is_empty(), "{} of {count}: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

#[test]
fn six_cuts() {
    nothing_is_lost(60, 6);
}

/// `cargo test --test it trials::power -- --ignored --nocapture`; TAIZHANG_TRIAL_CUTS for more or fewer.
#[test]
#[ignore = "ten minutes"]
fn three_hundred_cuts() {
    nothing_is_lost(1_500, number("TAIZHANG_TRIAL_CUTS", 300, 10_000) as usize);
}

/// What the trial is worth: when the syncs of the log do nothing, as with `synchronous=NORMAL`, it finds the loss.
#[test]
fn without_a_sync_something_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let Some(recorded) = recorded(home.path(), 60) else { return };
    let wrong = cuts(&recorded, 4, 7, false);
    assert!(!wrong.is_empty(), "nothing was lost: this trial sees nothing");
    println!("{wrong:#?}");
}
