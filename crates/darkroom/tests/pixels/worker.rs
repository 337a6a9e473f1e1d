//! The worker process: answers, faults told apart, limits, and the keeper that replaces what dies.

use std::fs::File;
use std::io::{Seek, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use darkroom::worker::{Answer, Developing, Durability, Inspecting, Keeper, Request, Worker, WorkerFault};
use darkroom::{Encoding, Limits, Recipe, Set};

use super::made::{field, fixture, jpeg, oriented};

const PROGRAM: &str = env!("CARGO_BIN_EXE_darkroom-worker");
const PATIENCE: Duration = Duration::from_secs(60);

fn worker(limits: &Limits) -> Worker {
    Worker::spawn::<&str>(Path::new(PROGRAM), &[], limits).unwrap()
}

fn keeper(limits: Limits, count: usize) -> Keeper {
    Keeper::new(PROGRAM.into(), Vec::new(), limits, NonZeroUsize::new(count).unwrap())
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn inspect() -> Request {
    Request::Inspect(Inspecting { languages: vec!["en".to_owned()] })
}

fn develop(folder: &Path) -> Request {
    developing(folder, vec![Recipe::default()])
}

fn developing(folder: &Path, recipes: Vec<Recipe>) -> Request {
    Request::Develop(Developing {
        recipes,
        folder: folder.to_owned(),
        stem: "new".to_owned(),
        durability: Durability::LeftToCaller,
    })
}

#[test]
fn inspecting_answers_with_size_and_facts_and_leaves_the_file_where_it_was() {
    let mut source = file(&oriented(&fixture("baseline-420.jpg"), 6));
    source.seek(std::io::SeekFrom::Start(11)).unwrap();
    let mut worker = worker(&Limits::default());
    let Answer::Inspected(photo) = worker.ask(&inspect(), &source, None, PATIENCE).unwrap() else {
        panic!("another answer")
    };
    assert_eq!((photo.header.width, photo.header.height), (83, 61));
    assert_eq!(photo.upright, (61, 83));
    assert_eq!(source.stream_position().unwrap(), 11);
}

#[test]
fn a_sidecar_is_read_beside_the_photo() {
    let packet = br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="The Desk"/></rdf:RDF></x:xmpmeta>"#;
    let (source, sidecar) = (file(&fixture("grey.jpg")), file(packet));
    let mut worker = worker(&Limits::default());
    let answer = worker.ask(&inspect(), &source, Some(&sidecar), PATIENCE).unwrap();
    let Answer::Inspected(photo) = answer else { panic!("another answer") };
    let credit = photo.reading.facts.credit_line.map(|fact| fact.value);
    assert_eq!(credit.as_deref(), Some("The Desk"));
}

#[test]
fn developing_writes_the_renditions_into_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let source = fixture("progressive-420.jpg");
    let mut worker = worker(&Limits::default());
    let answer = worker.ask(&develop(folder.path()), &file(&source), None, PATIENCE).unwrap();
    let Answer::Developed(photo) = answer else { panic!("another answer") };
    let alone =
        darkroom::develop(&source, &[Recipe::default()], &Limits::default(), &mut darkroom::Scratch::new())
            .unwrap();
    assert_eq!((photo.upright, &photo.colour), (alone.upright, &alone.colour));
    assert_eq!(photo.sets[0].len(), alone.sets[0].len());
    for (written, made) in photo.sets[0].iter().zip(&alone.sets[0]) {
        assert_eq!(written.name, format!("new-0-{}x{}.jpg", made.width, made.height));
        assert_eq!(std::fs::read(folder.path().join(&written.name)).unwrap(), made.bytes);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), photo.sets[0].len());
}

#[test]
fn a_refused_photo_leaves_the_worker_at_work() {
    let mut worker = worker(&Limits::default());
    let source = fixture("baseline-420.jpg");
    let cut = file(&source[..source.len() / 2]);
    let folder = tempfile::tempdir().unwrap();
    let fault = worker.ask(&develop(folder.path()), &cut, None, PATIENCE).unwrap_err();
    assert!(matches!(&fault, WorkerFault::Input(input) if input.code() == "truncated"), "{fault}");
    assert!(fault.leaves_worker());
    assert!(worker.ask(&inspect(), &file(&source), None, PATIENCE).is_ok());
}

#[test]
fn a_folder_that_is_not_there_is_a_fault_of_files() {
    let mut worker = worker(&Limits::default());
    let source = file(&fixture("grey.jpg"));
    let fault = worker.ask(&develop(Path::new("/nowhere/at/all")), &source, None, PATIENCE).unwrap_err();
    assert!(matches!(fault, WorkerFault::Files { no_space: false, .. }), "{fault:?}");
    assert!(worker.ask(&inspect(), &source, None, PATIENCE).is_ok());
}

#[test]
fn a_rendition_that_cannot_be_written_takes_the_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    // The second of the two sizes is taken already.
    File::create(folder.path().join("new-0-320x80.jpg")).unwrap();
    let source = file(&jpeg((400, 100), field((400, 100))));
    let fault = worker(&Limits::default()).ask(&develop(folder.path()), &source, None, PATIENCE).unwrap_err();
    assert!(matches!(fault, WorkerFault::Files { .. }), "{fault:?}");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["new-0-320x80.jpg"]);
}

#[test]
fn memory_that_cannot_be_had_is_told_apart() {
    // The budget is smaller than the file, so that reading it is already too much.
    let limits = Limits { memory: 1_000_000, ..Limits::default() };
    let source = tempfile::tempfile().unwrap();
    source.set_len(190_000_000).unwrap();
    let keeper = keeper(limits, 1);
    let fault = keeper.ask(&inspect(), &source, None, PATIENCE).unwrap_err();
    assert!(matches!(fault, WorkerFault::OutOfMemory), "{fault:?}");
    assert!(!fault.leaves_worker());
    // The next worker answers, if only that this picture, too, is too dear for it.
    let fault = keeper.ask(&inspect(), &file(&fixture("grey.jpg")), None, PATIENCE).unwrap_err();
    assert!(matches!(&fault, WorkerFault::Input(input) if input.code() == "too_much_memory"));
}

#[test]
fn an_answer_that_takes_too_long_is_not_waited_for() {
    let keeper = keeper(Limits::default(), 1);
    let size = (4000, 3000);
    let source = file(&jpeg(size, field(size)));
    let folder = tempfile::tempdir().unwrap();
    let short = Duration::from_millis(1);
    let fault = keeper.ask(&develop(folder.path()), &source, None, short).unwrap_err();
    assert!(matches!(fault, WorkerFault::OutOfTime(deadline) if deadline == short), "{fault:?}");
    assert!(keeper.ask(&inspect(), &source, None, PATIENCE).is_ok());
}

#[test]
fn a_worker_that_dies_says_of_what() {
    let mut worker = worker(&Limits::default());
    let source = file(&fixture("grey.jpg"));
    worker.ask(&inspect(), &source, None, PATIENCE).unwrap();
    let id = rustix::process::Pid::from_raw(worker.id() as i32).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let fault = worker.ask(&inspect(), &source, None, PATIENCE).unwrap_err();
    assert!(matches!(fault, WorkerFault::Died { signal: Some(15), .. }), "{fault:?}");
}

#[test]
fn a_program_that_is_no_worker_is_told_by_its_exit() {
    let mut worker =
        Worker::spawn(Path::new("/bin/sh"), &["-c", "echo oh no >&2; exit 7"], &Limits::default()).unwrap();
    let fault = worker.ask(&inspect(), &file(&fixture("grey.jpg")), None, PATIENCE).unwrap_err();
    let WorkerFault::Died { exit: Some(7), stderr, .. } = fault else { panic!("{fault:?}") };
    assert_eq!(stderr, "oh no\n");
    let absent = Worker::spawn::<&str>(Path::new("/no/such/program"), &[], &Limits::default());
    assert!(absent.is_err());
}

#[test]
fn the_child_has_no_environment_but_its_allocators_no_other_descriptors_and_its_own_limits() {
    let mut worker = worker(&Limits::default());
    worker.ask(&inspect(), &file(&fixture("grey.jpg")), None, PATIENCE).unwrap();
    let process = format!("/proc/{}", worker.id());
    let environment = std::fs::read_to_string(format!("{process}/environ")).unwrap();
    let strange: Vec<_> =
        environment.split_terminator('\0').filter(|one| !one.starts_with("MALLOC_")).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let mut open: Vec<_> = std::fs::read_dir(format!("{process}/fd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    open.sort();
    assert_eq!(open, ["0", "1", "2"]);
    let limits = std::fs::read_to_string(format!("{process}/limits")).unwrap();
    let hard = |name: &str| -> u64 {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[26..].split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert_eq!(hard("Max core file size"), 0);
    assert_eq!(hard("Max open files"), 32);
    assert!(hard("Max data size") < 530_000_000);
    assert!(hard("Max address space") < 1_500_000_000);
}

#[test]
fn a_photo_of_24_megapixels_takes_less_than_192_megabytes() {
    let size = (6000, 4000);
    let source = file(&jpeg(size, grainy(size)));
    // Room for one encoder of AVIF, not for two side by side.
    let limits = Limits { memory: ONE_ENCODER, ..Limits::default() };
    for recipes in [vec![Recipe::default()], everything()] {
        let folder = tempfile::tempdir().unwrap();
        let mut worker = worker(&limits);
        worker.ask(&developing(folder.path(), recipes.clone()), &source, None, PATIENCE).unwrap();
        let kilobytes = peak(&worker);
        println!("{} recipes: {kilobytes} kB at the peak", recipes.len());
        assert!(kilobytes < 192_000, "{} recipes: {kilobytes} kB", recipes.len());
    }
}

/// Bytes within which a photo of 24 megapixels is made with one encoder at a time.
const ONE_ENCODER: u64 = 192_000_000;

/// All that is ever made of a photo.
fn everything() -> Vec<Recipe> {
    let sets = [Set::Ladder, Set::Cards, Set::Social];
    let both = |set| [Encoding::JPEG, Encoding::AVIF].map(|encoding| Recipe::new(set, encoding));
    sets.into_iter().flat_map(both).collect()
}

/// The field with grain, which encoders find hard.
fn grainy(size: (u32, u32)) -> Vec<u8> {
    let mut samples = field(size);
    for (at, sample) in samples.iter_mut().enumerate() {
        let grain = (at as u32).wrapping_mul(2_654_435_761) >> 28;
        *sample = sample.saturating_add(grain as u8);
    }
    samples
}

/// The most memory that the worker has had, in kilobytes.
fn peak(worker: &Worker) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", worker.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_keeper_serves_more_threads_than_it_has_workers() {
    let keeper = keeper(Limits::default(), 2);
    let bytes = fixture("baseline-420.jpg");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let source = file(&bytes);
                assert!(keeper.ask(&inspect(), &source, None, PATIENCE).is_ok());
            });
        }
    });
}
