//! The whole job with nothing but the program: a user is added, a mailbox on a real Dovecot is connected, the first
//! messages of threads are tracked, and a pass tracks the answers. The corpus, and ten times the corpus.

use crate::running::Running;
use crate::world::{EVA, World};
use connect::testing::{OtherProgram, corpus, fresh_user, rewritten, server};
use domain::envelope::{Envelope, Sensitivity};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_corpus_on_sqlite() {
    tracked_from_dovecot(World::on_sqlite(), 1);
}

#[test]
fn the_corpus_on_postgres() {
    tracked_from_dovecot(World::on_postgres(), 1);
}

#[test]
fn ten_times_the_corpus_on_sqlite() {
    tracked_from_dovecot(World::on_sqlite(), 10);
}

#[test]
fn ten_times_the_corpus_on_postgres() {
    tracked_from_dovecot(World::on_postgres(), 10);
}

/// So many threads are tracked of each time the corpus is there, every second one regarding an account.
const THREADS: usize = 10;

/// All messages of a mailbox in its order, without what nobody may look at before they are tracked.
struct Letters {
    raw: Vec<Vec<u8>>,
    mails: Vec<Envelope>,
}

/// A thread by its first message, and what it shall be regarding.
struct Thread {
    first: String,
    regarding: Option<String>,
}

impl Letters {
    fn of_corpus(times: usize) -> Letters {
        let corpus = corpus();
        let raw: Vec<Vec<u8>> = match times {
            1 => corpus,
            _ => (0..times).flat_map(|round| corpus.iter().map(move |it| rewritten(it, round))).collect(),
        };
        let mails = raw.iter().map(|it| formats::mime::envelope(it, it.len() as u64)).collect();
        Letters { raw, mails }
    }

    /// Those that most others answer, and that answer nothing that is here; the first of them first.
    fn firsts(&self, count: usize) -> Vec<String> {
        let here: BTreeSet<&str> = self.mails.iter().filter_map(|it| it.message_id.as_deref()).collect();
        let mut answers: BTreeMap<&str, usize> = BTreeMap::new();
        for mail in &self.mails {
            for id in mail.ancestors() {
                *answers.entry(id).or_default() += 1;
            }
        }
        let begins = |it: &&Envelope| !it.ancestors().iter().any(|id| here.contains(id));
        let begins = self.mails.iter().filter(begins).filter_map(|it| it.message_id.as_deref());
        let mut begins: Vec<&str> = begins.collect();
        begins.sort_by_key(|it| std::cmp::Reverse(answers.get(it).copied().unwrap_or_default()));
        begins.into_iter().take(count).map(str::to_owned).collect()
    }

    /// What a pass in the order of the mailbox tracks by itself (AU-30): each answer with what it shall be regarding.
    fn answers(&self, threads: &[Thread]) -> BTreeMap<String, Option<String>> {
        let mut tracked: BTreeMap<&str, &Option<String>> =
            threads.iter().map(|it| (it.first.as_str(), &it.regarding)).collect();
        let mut answers = BTreeMap::new();
        for mail in &self.mails {
            let Some(id) = mail.message_id.as_deref() else { continue };
            let private = matches!(mail.sensitivity, Sensitivity::Private | Sensitivity::Confidential);
            let regarding = mail.ancestors().iter().find_map(|it| tracked.get(it).copied());
            if let (Some(regarding), false, false) = (regarding, tracked.contains_key(id), private) {
                tracked.insert(id, regarding);
                answers.insert(id.to_owned(), regarding.clone());
            }
        }
        answers
    }
}

/// An account, made with a token as a script would; its key.
fn account(world: &World) -> String {
    let token = world.run(&["token", "create", "--user", EVA]).expect(0).out;
    let server = Running::start(world.command(&["serve"]));
    let answer = server.post_as(&token, "/records/account", "name=Contoso");
    let place = answer.lines().find_map(|it| it.strip_prefix("location: /records/"));
    place.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Connects the mailbox by TLS.
fn connect(world: &World, login: &str) {
    let server = server();
    let url = format!("imaps://{}:{}", server.host, server.imaps);
    let certificate = server.certificate.to_str().unwrap();
    let add = ["mailbox", "add", "--user", EVA, "--imap", &url, "--login", login, "--password-stdin"];
    world.run_with("secret\n", &[add.as_slice(), &["--ca", certificate]].concat()).expect(0);
}

fn track(world: &World, id: &str, more: &[&str]) -> Value {
    let words = ["track", "--user", EVA, "--message-id", id, "--json"];
    world.run(&[words.as_slice(), more].concat()).expect(0).json()
}

fn tracked_from_dovecot(world: World, times: usize) {
    let world = world.with_eva();
    let account = account(&world);
    let letters = Letters::of_corpus(times);
    let login = fresh_user();
    let mut other = OtherProgram::open(&login);
    other.append("INBOX", &letters.raw);
    connect(&world, &login);

    let firsts = letters.firsts(THREADS * times);
    let regarding = [None, Some(account)].into_iter().cycle();
    let threads: Vec<Thread> =
        firsts.into_iter().zip(regarding).map(|(first, regarding)| Thread { first, regarding }).collect();
    for Thread { first, regarding } in &threads {
        let more = regarding.as_deref().map(|it| ["--regarding", it]);
        let row = track(&world, first, more.as_ref().map_or(&[], |it| it));
        assert_eq!((&row["state"], &row["reason"]), (&json!("tracked"), &json!("asked")), "{row:#}");
        regards(&row, regarding.as_deref());
    }

    let answers = letters.answers(&threads);
    let all = letters.raw.len();
    let pass = || world.run(&["sync", "--once", "--user", EVA]).expect(0).out;
    let (new, left) = (answers.len(), all - answers.len());
    eprintln!("{} first messages are tracked, and {new} of {all} follow", threads.len());
    assert_eq!(pass(), format!("{EVA}: {all} read, {new} tracked, {left} left alone.\n"));
    assert_eq!(pass(), format!("{EVA}: 0 read, 0 tracked, 0 left alone.\n"), "nothing is new");

    let expected = threads.len() + answers.len();
    assert_eq!(world.count("email"), i64::try_from(expected).unwrap(), "each once");
    assert_eq!(other.tracked("INBOX").len(), expected, "another program sees the keyword on each");
    assert!(other.search("SEEN").is_empty(), "nothing is marked as read");
    look_at_some(&world, &letters, &threads, &answers);
}

/// What is said of some of the answers, and of messages that are none of them.
fn look_at_some(
    world: &World,
    letters: &Letters,
    threads: &[Thread],
    answers: &BTreeMap<String, Option<String>>,
) {
    for (id, regarding) in answers.iter().step_by(answers.len().div_ceil(8).max(1)) {
        let row = track(world, id, &[]);
        assert_eq!((&row["state"], &row["reason"]), (&json!("tracked"), &json!("reply_to")), "{row:#}");
        regards(&row, regarding.as_deref());
    }
    let firsts: BTreeSet<&str> = threads.iter().map(|it| it.first.as_str()).collect();
    let ids = letters.mails.iter().filter_map(|it| it.message_id.as_deref());
    let others: Vec<&str> = ids.filter(|it| !firsts.contains(it) && !answers.contains_key(*it)).collect();
    for id in others.iter().step_by(others.len().div_ceil(4).max(1)) {
        let untrack = ["untrack", "--user", EVA, "--message-id", id];
        world.run(&untrack).expect(3).in_one_sentence(&["does not track this message"]);
    }
}

#[track_caller]
fn regards(row: &Value, expected: Option<&str>) {
    let said = &row["regarding"];
    let said = said["id"].as_str().map(|id| format!("{}/{id}", said["type"].as_str().unwrap()));
    assert_eq!(said.as_deref(), expected, "{row:#}");
}
