//! What both engines promise to everything above them.

use store::testing::{World, raw, serializable, sqlite, worlds};
use store::{Cell, Commit, Db, Expect, Failure};

const ANY: Expect = Expect::Any;
const ONE: Expect = Expect::Exactly(1);

/// A small table, as each engine spells it.
async fn with_table() -> Vec<World> {
    let worlds = worlds().await;
    for world in &worlds {
        make_table(world).await;
    }
    worlds
}

async fn make_table(world: &World) {
    let sql = match world.name {
        "sqlite" => {
            "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, name TEXT UNIQUE, yes INTEGER, bytes BLOB) STRICT"
        }
        _ => {
            "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT UNIQUE, yes BOOLEAN, bytes BYTEA)"
        }
    };
    world.db.commit(raw([(sql, vec![], ANY)])).await.unwrap();
}

const INSERT: &str = "INSERT INTO thing (id, name) VALUES ($1, $2)";

fn insert(id: i64, name: &str) -> (&'static str, Vec<Cell>, Expect) {
    (INSERT, vec![id.into(), name.into()], ONE)
}

async fn names(db: &Db) -> Vec<String> {
    let rows = db.rows("SELECT name FROM thing ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

#[track_caller]
fn changed(result: Result<(), Failure>) {
    assert!(matches!(result, Err(Failure::Changed)), "{result:?}");
}

#[tokio::test]
async fn the_number_of_a_parameter_counts_and_not_its_place() {
    for world in worlds().await {
        let sql = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), '$1'";
        let row = world.db.row(sql, &["first".into(), "second".into()]).await.unwrap().unwrap();
        assert_eq!(
            (row.text(0).unwrap(), row.text(1).unwrap(), row.text(2).unwrap()),
            ("second", "first", "$1")
        );
    }
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_went_in() {
    for World { db, .. } in &with_table().await {
        let sql = "INSERT INTO thing (id, name, yes, bytes) VALUES ($1, $2, $3, $4)";
        let all = vec![i64::MIN.into(), "Åsa 🚲".into(), true.into(), vec![0_u8, 255].into()];
        db.commit(raw([
            (sql, all, ONE),
            (sql, vec![i64::MAX.into(), Cell::Null, Cell::Null, Cell::Null], ONE),
        ]))
        .await
        .unwrap();
        let rows = db.rows("SELECT id, name, yes, bytes FROM thing ORDER BY id", &[]).await.unwrap();
        assert_eq!((rows[0].int(0).unwrap(), rows[0].text(1).unwrap()), (i64::MIN, "Åsa 🚲"));
        assert_eq!((rows[0].bool(2).unwrap(), rows[0].bytes(3).unwrap()), (true, [0, 255].as_slice()));
        assert_eq!(rows[1].int(0).unwrap(), i64::MAX);
        assert!((1..4).all(|at| rows[1].is_null(at)));
        let found =
            db.rows("SELECT id FROM thing WHERE yes = TRUE AND yes = $1", &[true.into()]).await.unwrap();
        assert_eq!(found.len(), 1);
    }
}

#[tokio::test]
async fn nul_is_scrubbed_from_texts_and_kept_in_bytes() {
    for World { db, .. } in &with_table().await {
        let sql = "INSERT INTO thing (id, name, bytes) VALUES ($1, $2, $3)";
        db.commit(raw([(sql, vec![1_i64.into(), "a\0b".into(), b"a\0b".to_vec().into()], ONE)]))
            .await
            .unwrap();
        let row =
            db.row("SELECT name, bytes FROM thing WHERE name = $1", &["\0ab".into()]).await.unwrap().unwrap();
        assert_eq!((row.text(0).unwrap(), row.bytes(1).unwrap()), ("ab", b"a\0b".as_slice()));
    }
}

#[tokio::test]
async fn a_list_is_written_whole_or_not_at_all() {
    for World { db, .. } in &with_table().await {
        let missing = ("UPDATE thing SET name = $2 WHERE id = $1", vec![7_i64.into(), "x".into()], ONE);
        changed(db.commit(raw([insert(1, "a"), missing, insert(2, "b")])).await);
        let broken = ("INSERT INTO nowhere (id) VALUES ($1)", vec![1_i64.into()], ANY);
        let result = db.commit(raw([insert(1, "a"), broken])).await;
        assert!(matches!(result, Err(Failure::Broken(_))), "{result:?}");
        assert_eq!(names(db).await, [""; 0]);
        db.commit(raw([insert(1, "a"), insert(2, "b")])).await.unwrap();
        assert_eq!(names(db).await, ["a", "b"]);
    }
}

#[tokio::test]
async fn too_many_rows_are_as_wrong_as_too_few() {
    for World { db, .. } in &with_table().await {
        db.commit(raw([insert(1, "a"), insert(2, "b")])).await.unwrap();
        changed(db.commit(raw([("DELETE FROM thing WHERE id > $1", vec![0_i64.into()], ONE)])).await);
        assert_eq!(names(db).await, ["a", "b"]);
        let both = Expect::Exactly(2);
        db.commit(raw([("DELETE FROM thing WHERE id > $1", vec![0_i64.into()], both)])).await.unwrap();
    }
}

#[tokio::test]
async fn what_must_be_new_and_is_not_means_somebody_was_faster() {
    for World { db, .. } in &with_table().await {
        db.commit(raw([insert(1, "a")])).await.unwrap();
        changed(db.commit(raw([insert(1, "b")])).await);
        changed(db.commit(raw([insert(2, "a")])).await);
        let ignored = "INSERT INTO thing (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        let row = |id: i64, expect| (ignored, vec![id.into(), "a".into()], expect);
        db.commit(raw([row(3, ANY), row(4, ANY)])).await.unwrap();
        changed(db.commit(raw([insert(5, "e"), row(6, ONE)])).await);
        assert_eq!(names(db).await, ["a"]);
    }
}

#[tokio::test]
async fn a_long_list_of_inserts_keeps_its_meaning() {
    for World { db, .. } in &with_table().await {
        let mut commit = Commit::new();
        for id in 0..1_200 {
            commit.append(raw([insert(id, &format!("{id:04}"))]));
            let twice = "INSERT INTO thing (id, name) VALUES ($1, UPPER($2)) ON CONFLICT DO NOTHING";
            commit.append(raw([(twice, vec![id.into(), "x".into()], ANY)]));
        }
        db.commit(commit.clone()).await.unwrap();
        assert_eq!(names(db).await.len(), 1_200);
        commit = raw([("DELETE FROM thing", vec![], ANY)]);
        commit.append(raw([insert(1, "a"), insert(2, "b"), insert(1, "c")]));
        changed(db.commit(commit).await);
        assert_eq!(names(db).await.len(), 1_200);
    }
}

/// Reads a number, adds one, and writes it back under the condition that it is still the number read.
async fn add_one(db: &Db) {
    loop {
        let before = db.row("SELECT id FROM thing", &[]).await.unwrap().unwrap().int(0).unwrap();
        let sql = "UPDATE thing SET id = $2 WHERE id = $1";
        match db.commit(raw([(sql, vec![before.into(), (before + 1).into()], ONE)])).await {
            Ok(()) => return,
            Err(Failure::Changed) => tokio::task::yield_now().await,
            Err(Failure::Broken(error)) => panic!("{error:#}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_who_count_at_once_lose_nothing() {
    for world in &with_table().await {
        world.db.commit(raw([insert(0, "count")])).await.unwrap();
        let counting = |db: Db| async move {
            for _ in 0..20 {
                add_one(&db).await;
            }
        };
        let all: Vec<_> = (0..10).map(|_| tokio::spawn(counting(world.db.clone()))).collect();
        for one in all {
            one.await.unwrap();
        }
        let count = world.db.row("SELECT id FROM thing", &[]).await.unwrap().unwrap();
        assert_eq!(count.int(0).unwrap(), 200, "{}", world.name);
    }
}

/// Each insists that the sum of the other's row is what it is: run at the same moment, one of them must be run again.
#[tokio::test(flavor = "multi_thread")]
async fn a_serialization_conflict_is_tried_again_until_it_holds() {
    let world = serializable().await;
    make_table(&world).await;
    world.db.commit(raw([insert(0, "a"), insert(1_000_000, "b")])).await.unwrap();
    let crossing = |from: &'static str, to: &'static str| {
        // Without a retry, error 40001 of these write skews would reach us as a failure.
        let sql = "UPDATE thing SET id = id + (SELECT COUNT(*) FROM thing WHERE name = $1) WHERE name = $2";
        raw([(sql, vec![from.into(), to.into()], ONE), (sql, vec![from.into(), to.into()], ONE)])
    };
    let mut all = Vec::new();
    for number in 0..60 {
        let (db, commit) =
            (world.db.clone(), if number % 2 == 0 { crossing("a", "b") } else { crossing("b", "a") });
        all.push(tokio::spawn(async move {
            while let Err(failure) = db.commit(commit.clone()).await {
                assert!(matches!(failure, Failure::Changed), "{failure:#}");
            }
        }));
    }
    for one in all {
        one.await.unwrap();
    }
    let rows = world.db.rows("SELECT id FROM thing ORDER BY id", &[]).await.unwrap();
    assert_eq!((rows[0].int(0).unwrap(), rows[1].int(0).unwrap()), (60, 1_000_060));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_abandoned_half_way_leaves_nothing_open() {
    for World { db, name, .. } in &with_table().await {
        for id in 0..40 {
            let commit = raw([insert(id, &format!("{id}")), insert(id + 100, &format!("{}", id + 100))]);
            let patience = std::time::Duration::from_micros(u64::try_from(id).unwrap() * 20);
            let _ = tokio::time::timeout(patience, db.commit(commit)).await;
        }
        // SQLite may still be writing what was handed over: a commit behind it waits for it.
        db.commit(raw([insert(1_000, "last")])).await.unwrap();
        let halves = "SELECT a.id FROM thing a WHERE a.id < 1000 AND NOT EXISTS
            (SELECT 1 FROM thing b WHERE b.id = a.id + 100 OR b.id = a.id - 100)";
        assert_eq!(db.rows(halves, &[]).await.unwrap().len(), 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_that_share_a_transaction_do_not_share_a_failure() {
    for World { db, .. } in &with_table().await {
        let all: Vec<_> = (0..100)
            .map(|id| {
                let db = db.clone();
                tokio::spawn(async move { db.commit(raw([insert(id / 2, &format!("{id}"))])).await })
            })
            .collect();
        let mut written = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(()) => written += 1,
                failed => changed(failed),
            }
        }
        assert_eq!((written, names(db).await.len()), (50, 50));
    }
}

#[tokio::test]
async fn each_question_and_each_commit_counts_as_one_round_trip() {
    for World { db, .. } in &with_table().await {
        let before = db.round_trips();
        db.commit(raw([insert(1, "a"), insert(2, "b")])).await.unwrap();
        names(db).await;
        db.commit(Commit::new()).await.unwrap();
        assert_eq!(db.round_trips() - before, 2);
    }
}

#[tokio::test]
async fn erased_content_is_nowhere_in_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = sqlite().await;
    make_table(&world).await;
    let secret = "this was said in confidence ".repeat(300);
    world.db.commit(raw([insert(1, &secret)])).await.unwrap();
    world.db.commit(raw([("DELETE FROM thing WHERE id = $1", vec![1_i64.into()], ONE)])).await.unwrap();
    world.db.checkpoint().await.unwrap();
    for suffix in ["", "-wal"] {
        let file = format!("{}{suffix}", world.url);
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(20).any(|it| it == &secret.as_bytes()[..20]), "It is still in {file}");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_says_where_and_keeps_the_password() {
    let refused = |url: &'static str| async move {
        let error = Db::open(url).await.err().map(|it| format!("{it:#}")).unwrap();
        assert!(!error.contains("hunter2"), "{error}");
        error
    };
    assert!(refused("postgres://eva:hunter2@127.0.0.1:1/crm").await.contains("127.0.0.1:1"));
    assert!(refused("postgres://eva:hunter2@127.0.0.1:1/crm?surprise=1").await.contains("PostgreSQL"));
    assert!(refused("/nowhere/at/all.sqlite").await.contains("/nowhere/at/all.sqlite"));
}
