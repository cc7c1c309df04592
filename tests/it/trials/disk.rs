//! What stays on a disk when the power goes, by the record of power_cut.c.
//!
//! Certain is only what an fsync that was done had found when it began; of every later change some part may be there, in
//! sectors of 512 bytes. A name is certain when its folder was synced, and may be there, or still be there, before.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::support::lcg::Lcg;

const SECTOR: usize = 512;
const HEAD: usize = 40;

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Made(String, usize),
    Gone(String),
    Moved(String, String),
}

/// Changes in their order, some of them already certain.
#[derive(Clone, Debug)]
struct Waiting<T> {
    later: Vec<T>,
    /// How many have become certain so far.
    certain: usize,
    /// How many there had been when a sync began.
    syncs: HashMap<u64, usize>,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self { later: Vec::new(), certain: 0, syncs: HashMap::new() }
    }
}

impl<T> Waiting<T> {
    fn begin(&mut self, number: u64) {
        self.syncs.insert(number, self.certain + self.later.len());
    }

    /// What a sync that is done has made certain.
    fn done(&mut self, number: u64) -> Vec<T> {
        let until = self.syncs.remove(&number).unwrap_or(0).max(self.certain);
        let certain = self.later.drain(..until - self.certain).collect();
        self.certain = until;
        certain
    }
}

#[derive(Clone, Debug, Default)]
struct File {
    content: Vec<u8>,
    waiting: Waiting<Change>,
}

#[derive(Clone, Debug, Default)]
struct Folder {
    names: BTreeMap<String, usize>,
    waiting: Waiting<Naming>,
}

/// A disk while the record is played.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    by_inode: HashMap<u64, usize>,
    folders: HashMap<String, Folder>,
    folder_inodes: HashMap<u64, String>,
    /// The write-ahead logs, and whether their syncs are not believed.
    logs: HashSet<u64>,
    pub unbelieved: bool,
}

/// How much of what is not certain survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    Nothing,
    Everything,
    WholeWrites,
    Sectors,
}

pub const FATES: [Survives; 4] = [Survives::Nothing, Survives::Sectors, Survives::WholeWrites, Survives::Everything];

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, data) => {
            if content.len() < at + data.len() {
                content.resize(at + data.len(), 0);
            }
            content[*at..at + data.len()].copy_from_slice(data);
        }
        Change::Truncate(length) => content.resize(*length, 0),
    }
}

fn rename(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Made(name, file) => {
            names.insert(name.clone(), *file);
        }
        Naming::Gone(name) => {
            names.remove(name);
        }
        Naming::Moved(from, to) => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
    }
}

fn parent(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned())
}

/// Where the records of a text of records end.
pub fn ends(record: &[u8]) -> Vec<usize> {
    let (mut at, mut ends) = (0, Vec::new());
    while let Some(length) = length_of(&record[at..]) {
        at += length;
        ends.push(at);
    }
    ends
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn length_of(record: &[u8]) -> Option<usize> {
    let head = record.get(..HEAD)?;
    let path = u32::from_le_bytes(head[4..8].try_into().unwrap()) as usize;
    let length = HEAD + path + usize::try_from(number(head, 24)).unwrap();
    (record.len() >= length).then_some(length)
}

impl Disk {
    /// Plays the records up to this one.
    pub fn play(&mut self, records: &[u8]) {
        let mut at = 0;
        while let Some(length) = length_of(&records[at..]) {
            self.one(&records[at..at + length]);
            at += length;
        }
        assert_eq!(at, records.len(), "a record that is not whole");
    }

    fn one(&mut self, record: &[u8]) {
        let kind = u32::from_le_bytes(record[..4].try_into().unwrap());
        let path = u32::from_le_bytes(record[4..8].try_into().unwrap()) as usize;
        let (inode, at, sync) = (number(record, 8), usize::try_from(number(record, 16)).unwrap(), number(record, 32));
        let (path, data) = record[HEAD..].split_at(path);
        let path = String::from_utf8(path.to_vec()).unwrap();
        match kind {
            // Opened, and not known: it was there before the record began.
            1 if self.by_inode.contains_key(&inode) => {}
            1 | 2 => {
                if path.ends_with("-wal") {
                    self.logs.insert(inode);
                } else {
                    self.logs.remove(&inode);
                }
                self.files.push(File::default());
                self.by_inode.insert(inode, self.files.len() - 1);
                self.name(&parent(&path), Naming::Made(path, self.files.len() - 1));
            }
            3 => {
                self.folder_inodes.insert(inode, path);
            }
            4 => self.change(inode, Change::Write(at, data.to_vec())),
            5 => self.change(inode, Change::Truncate(at)),
            6 | 7 => self.sync(inode, sync, kind == 7),
            8 => self.name(&parent(&path), Naming::Gone(path)),
            9 => {
                let to = String::from_utf8(data.to_vec()).unwrap();
                assert_eq!(parent(&path), parent(&to), "moved to another folder: not played here");
                self.name(&parent(&path), Naming::Moved(path, to));
            }
            other => panic!("a record of the kind {other}"),
        }
    }

    fn name(&mut self, folder: &str, naming: Naming) {
        self.folders.entry(folder.to_owned()).or_default().waiting.later.push(naming);
    }

    fn change(&mut self, inode: u64, change: Change) {
        self.files[self.by_inode[&inode]].waiting.later.push(change);
    }

    fn sync(&mut self, inode: u64, number: u64, done: bool) {
        if self.unbelieved && self.logs.contains(&inode) {
            return;
        }
        if let Some(path) = self.folder_inodes.get(&inode) {
            let folder = self.folders.entry(path.clone()).or_default();
            if done {
                for naming in folder.waiting.done(number) {
                    rename(&mut folder.names, &naming);
                }
            } else {
                folder.waiting.begin(number);
            }
        } else {
            let file = &mut self.files[self.by_inode[&inode]];
            if done {
                for change in file.waiting.done(number) {
                    apply(&mut file.content, &change);
                }
            } else {
                file.waiting.begin(number);
            }
        }
    }

    /// Writes what is left when the power goes now, with another folder in the place of `root`.
    pub fn cut(&self, root: &str, into: &Path, fate: Survives, chance: &mut Lcg) {
        for folder in self.folders.values() {
            let mut names = folder.names.clone();
            for naming in &folder.waiting.later {
                if survives(fate, chance) {
                    rename(&mut names, naming);
                }
            }
            for (path, file) in names {
                let file = &self.files[file];
                let mut content = file.content.clone();
                for change in &file.waiting.later {
                    damaged(&mut content, change, fate, chance);
                }
                let path = into.join(path.strip_prefix(root).unwrap().trim_start_matches('/'));
                private(path.parent().unwrap());
                std::fs::write(&path, content).unwrap();
                set_mode(&path, 0o600);
            }
        }
    }
}

fn survives(fate: Survives, chance: &mut Lcg) -> bool {
    match fate {
        Survives::Nothing => false,
        Survives::Everything => true,
        Survives::WholeWrites | Survives::Sectors => chance.below(2) == 0,
    }
}

fn damaged(content: &mut Vec<u8>, change: &Change, fate: Survives, chance: &mut Lcg) {
    match (change, fate) {
        (Change::Write(at, data), Survives::Sectors) => {
            let (mut from, end) = (*at, at + data.len());
            while from < end {
                let next = ((from / SECTOR + 1) * SECTOR).min(end);
                if survives(fate, chance) {
                    apply(content, &Change::Write(from, data[from - at..next - at].to_vec()));
                }
                from = next;
            }
        }
        _ if survives(fate, chance) => apply(content, change),
        _ => {}
    }
}

fn private(folder: &Path) {
    if !folder.exists() {
        private(folder.parent().unwrap());
        std::fs::create_dir(folder).unwrap();
        set_mode(folder, 0o700);
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn a_sync_makes_certain_what_it_found() {
    let (mut waiting, all) = (Waiting::default(), |from: i32, to| (from..to).collect::<Vec<i32>>());
    waiting.later.extend(0..3);
    waiting.begin(1);
    waiting.later.extend(3..5);
    waiting.begin(2);
    waiting.later.push(5);
    assert_eq!(waiting.done(2), all(0, 5));
    assert_eq!((waiting.done(1), waiting.later.clone()), (vec![], vec![5]));
}
