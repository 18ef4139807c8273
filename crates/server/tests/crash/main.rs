//! The real program, killed at any moment of tracking or synchronizing: afterwards each message is there once or not
//! yet, never twice and never half, and what was promised is kept.

#![expect(clippy::unwrap_used, reason = "A test that cannot go on shall stop there")]

mod whole;
mod world;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use whole::{Letters, Stored};
use world::{Chance, EVA, Engine, World};

/// How often the program is killed.
const KILLS: usize = 15;
/// Messages in the mailbox.
const MANY: usize = 200;
/// How many more arrive before each pass.
const PORTION: usize = 13;

#[test]
fn a_server_killed_while_people_track_on_sqlite() {
    killed_while_people_track(Engine::Sqlite);
}

#[test]
fn a_server_killed_while_people_track_on_postgres() {
    killed_while_people_track(Engine::Postgres);
}

#[test]
fn a_pass_killed_while_it_stores_on_sqlite() {
    killed_while_it_stores(Engine::Sqlite);
}

#[test]
fn a_pass_killed_while_it_stores_on_postgres() {
    killed_while_it_stores(Engine::Postgres);
}

/// What people have asked for.
struct Asked {
    /// UIDs that nobody got an answer for yet.
    waiting: Mutex<Vec<u32>>,
    /// Clicks that were answered: these must never be lost.
    answered: Mutex<BTreeSet<u32>>,
}

impl Asked {
    /// Clicks one message after the other until the server is gone. A click without an answer is made again later.
    fn click(&self, world: &World, address: &str, over: &AtomicBool) {
        while !over.load(Ordering::SeqCst) {
            let Some(uid) = self.waiting.lock().unwrap().pop() else { return };
            if world.track(address, uid).is_ok() {
                self.answered.lock().unwrap().insert(uid);
            } else {
                // Some are clicked again at once, others after all the rest.
                let mut waiting = self.waiting.lock().unwrap();
                let at = if uid.is_multiple_of(2) { waiting.len() } else { 0 };
                waiting.insert(at, uid);
            }
        }
    }

    fn is_done(&self) -> bool {
        self.waiting.lock().unwrap().is_empty()
    }
}

fn killed_while_people_track(engine: Engine) {
    let letters = Letters::unrelated(MANY);
    let world = World::new(engine);
    world.deliver(&letters, 0..MANY);
    let mut chance = Chance::new();
    let uids = (1..=u32::try_from(MANY).unwrap()).rev().collect();
    let asked = Asked { waiting: Mutex::new(uids), answered: Mutex::default() };
    let mut halfway = 0;
    for kill in 0..KILLS {
        let mut server = world.serve();
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| asked.click(&world, &server.address, &over));
            }
            thread::sleep(Duration::from_millis(chance.below(400)));
            server.child.kill().unwrap();
            over.store(true, Ordering::SeqCst);
        });
        server.child.wait().unwrap();
        let stored = world.whole(&letters);
        halfway += stored.pending;
        let answered = asked.answered.lock().unwrap().len();
        assert!(
            stored.emails() >= answered,
            "kill {kill}: an answered click was lost: {stored:?}, {answered}"
        );
    }
    assert!(world.whole(&letters).emails() > 0, "no server lived long enough");
    eprintln!("{engine:?}: {halfway} copies were pending after a kill");

    let server = world.serve();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| asked.click(&world, &server.address, &over));
        }
    });
    drop(server);
    assert!(asked.is_done());
    world.finished(&letters, MANY);
}

fn killed_while_it_stores(engine: Engine) {
    let letters = Letters::answers(MANY);
    let world = World::new(engine);
    world.deliver(&letters, 0..1);
    let mut chance = Chance::new();
    world.run(&["track", "--user", EVA, "--message-id", &Letters::first_id()]);
    let mut done = Vec::new();
    for kill in 0..KILLS {
        // There is something to store each time.
        world.deliver(&letters, 1 + kill * PORTION..1 + (kill + 1) * PORTION);
        let mut pass = world.command(&["sync", "--once"]).spawn().unwrap();
        let until = Instant::now() + Duration::from_millis(chance.below(700));
        while Instant::now() < until && pass.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        pass.kill().unwrap();
        pass.wait().unwrap();
        let stored = world.whole(&letters);
        assert_eq!(stored.pending, 0, "a pass stores what it stores at once");
        assert!(done.last().is_none_or(|it| *it <= stored.complete), "something stored was lost");
        done.push(stored.complete);
    }
    eprintln!("{engine:?}: stored after each kill {done:?}");
    world.deliver(&letters, 1 + KILLS * PORTION..MANY);
    world.finished(&letters, MANY);
    let said = world.run(&["sync", "--once"]);
    assert!(said.contains(" 0 read, 0 tracked"), "{said}");
    assert_eq!(world.whole(&letters), Stored { complete: MANY, pending: 0 });
}
