//! Import: fetch, parse, decide, store, index and match every message of a real mailbox, beside the bare limit: fetch
//! and parse the same messages and insert the same rows, and nothing else.

mod limit;
mod mailbox;
mod rows;

use crate::corpus;
use crate::options::Options;
use crate::place::{Engine, Fresh};
use crate::results::{self, Table, median, percent, rate};
use anyhow::{Context, Result, ensure};
use app::mailboxes::MailboxRow;
use app::sync::{Counts, Limits};
use app::users::NewUser;
use app::{App, Settings};
use connect::Account;
use domain::id::RecordRef;
use domain::privilege::Action;
use domain::record::Record;
use domain::tracking::Filter;
use limit::{Indexes, Parts};
use mailbox::Filled;
use rows::Rows;
use std::time::{Duration, Instant};
use store::Commit;

/// Each side is measured so often, in turns; the one in the middle counts.
const ROUNDS: usize = 3;
/// Records to be matched with the people on the messages.
const CONTACTS: usize = 2000;
/// The part of the limit that is to be reached.
const TARGETS: [(Engine, f64); 2] = [(Engine::Sqlite, 0.5), (Engine::Postgres, 0.4)];

pub async fn run(options: &Options) -> Result<()> {
    let corpus = corpus::load(options)?;
    let filled = mailbox::fill(&corpus).await?;
    let mut table = Table::new(&["", "SQLite", "PostgreSQL"]);
    let mut measured = Vec::new();
    let rows = rows_of_an_import(&filled).await?;
    for engine in Engine::ALL {
        measured.push(Measured::new(engine, &filled, &rows).await?);
    }
    let [sqlite, postgres] = measured.as_slice() else { return Ok(()) };
    let count = filled.uids.len();
    let both = |text: &str, of: &dyn Fn(&Measured) -> String| [text.to_owned(), of(sqlite), of(postgres)];
    table.row(both("bare limit, messages/s", &|it| rate(count, it.limit.total())));
    table.row(both("· its fetch alone", &|it| rate(count, it.limit.fetch)));
    table.row(both("· its parse alone", &|it| rate(count, it.limit.parse)));
    table.row(both("· its inserts alone", &|it| rate(count, it.limit.insert)));
    table.row(both("Regarding, messages/s", &|it| rate(count, it.own)));
    table.row(both("**ratio**", &|it| format!("**{}**", percent(it.ratio()))));
    table.row(both("target", &|it| percent(it.target())));
    table.row(both("limit without secondary indexes, messages/s", &|it| rate(count, it.poor.total())));
    table.row(both("setting the keyword afterwards, messages/s", &|it| rate(count, it.marks)));
    let mut sentences = vec![
        format!(
            "{} in a Maildir of Dovecot, read over IMAP; {CONTACTS} contacts to match; the filter is *everything*.",
            corpus.name
        ),
        format!(
            "Per message {} rows in {} tables, one of them full text.",
            rows.per_message(),
            rows.tables()
        ),
        format!(
            "The median of {ROUNDS} rounds, in turns. The limit fetches, parses and inserts one after the other, 100 \
                 messages at a time, into the same tables with the same indexes, by rusqlite and tokio-postgres alone."
        ),
    ];
    sentences.extend(measured.iter().map(Measured::sentence));
    results::record(options, "import", &table, &sentences)
}

struct Measured {
    engine: Engine,
    limit: Parts,
    /// The limit on tables that have only their keys and the full text.
    poor: Parts,
    own: Duration,
    marks: Duration,
}

impl Measured {
    async fn new(engine: Engine, filled: &Filled, rows: &Rows) -> Result<Measured> {
        let (mut limits, mut own, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            limits.push(limit::measure(engine, Indexes::All, filled, rows).await?);
            let turn = Turn::new(engine, filled).await?;
            own.push(turn.import(filled).await?);
            marks.push(turn.mark(filled).await?);
            turn.remove().await?;
            println!(
                "{} {round}: limit {}/s, own {}/s, {}/s marked",
                engine.name(),
                rate(filled.uids.len(), limits[round].total()),
                rate(filled.uids.len(), own[round]),
                rate(filled.uids.len(), marks[round]),
            );
        }
        limits.sort_unstable_by_key(Parts::total);
        Ok(Measured {
            engine,
            limit: limits.swap_remove(ROUNDS / 2),
            poor: limit::measure(engine, Indexes::KeysAlone, filled, rows).await?,
            own: median(&mut own),
            marks: median(&mut marks),
        })
    }

    fn ratio(&self) -> f64 {
        self.limit.total().as_secs_f64() / self.own.as_secs_f64()
    }

    fn target(&self) -> f64 {
        TARGETS.iter().find(|it| it.0 == self.engine).map_or(0.0, |it| it.1)
    }

    fn sentence(&self) -> String {
        let word = if self.ratio() >= self.target() { "reached" } else { "**missed**" };
        format!("{}: the target is {word}.", self.engine.name())
    }
}

/// Regarding on a fresh database, with a user, the mailbox and contacts.
struct Turn {
    app: App,
    row: MailboxRow,
    fresh: Fresh,
}

impl Turn {
    async fn new(engine: Engine, filled: &Filled) -> Result<Turn> {
        let fresh = Fresh::new(engine).await?;
        let settings = Settings { data: fresh.folder.path().to_owned(), database: Some(fresh.url.clone()) };
        let app = App::open(&settings).await?;
        let row = furnish(&app, &filled.account, &filled.senders).await?;
        Ok(Turn { app, row, fresh })
    }

    async fn import(&self, filled: &Filled) -> Result<Duration> {
        let started = Instant::now();
        let read =
            app::sync::folder(&self.app, &self.row, "INBOX", Filter::Everything, Limits::default(), &|_| {});
        let counts: Counts = read.await?;
        let time = started.elapsed();
        let expected = filled.uids.len() as u64;
        ensure!(counts.read == expected, "{} messages of {expected} were read", counts.read);
        ensure!(counts.tracked * 100 >= expected * 95, "Only {} of {expected} were tracked", counts.tracked);
        Ok(time)
    }

    /// Sets the keyword on all messages that were tracked, and takes it away again for the next round.
    async fn mark(&self, filled: &Filled) -> Result<Duration> {
        let started = Instant::now();
        app::work::run_due(&self.app).await?;
        let time = started.elapsed();
        filled.unmark().await?;
        Ok(time)
    }

    async fn remove(self) -> Result<()> {
        let Turn { app, row: _, fresh } = self;
        drop(app);
        fresh.remove().await
    }
}

/// A user who may do all, with the mailbox and contacts; the senders of the corpus are among them.
async fn furnish(app: &App, account: &Account, senders: &[String]) -> Result<MailboxRow> {
    let user = NewUser {
        email: "eva@adventure.example".into(),
        name: "Eva Ek".into(),
        role: "administrator".into(),
        password: "long enough".into(),
        unit: None,
    };
    let user = app::users::add(app, &user).await?;
    let actor = app::users::actor(app, user).await?.context("Nobody was added")?;
    let invented = (0..).map(|it| format!("person{it}@contoso.example"));
    let addresses = senders.iter().take(CONTACTS / 2).cloned().chain(invented).take(CONTACTS);
    let scope = actor.scope(Action::Create, "contact");
    let mut commit = Commit::new();
    for (number, address) in addresses.enumerate() {
        let contact = Record::new("contact", app.new_id())
            .with("fullname", format!("Person {number}"))
            .with("lastname", format!("{number}"))
            .with("emailaddress1", address)
            .with("owningbusinessunit", RecordRef::new("businessunit", actor.unit()));
        store::records::create(&mut commit, &app.catalog, &contact, &scope, app.stamp(user))?;
    }
    app.db.commit(commit).await?;
    app::mailboxes::add(app, user, account.clone()).await?;
    app::mailboxes::of(app, user).await?.into_iter().next().context("The mailbox was not added")
}

/// Imports once, also to warm up, and takes the rows that were written.
async fn rows_of_an_import(filled: &Filled) -> Result<Rows> {
    let turn = Turn::new(Engine::Sqlite, filled).await?;
    turn.import(filled).await?;
    let rows = Rows::read(&turn.app.db, filled.uids.len()).await?;
    turn.remove().await?;
    Ok(rows)
}
