//! A small company on a real database with real mailboxes: eva sells, bo sells beside her, mia manages their unit,
//! ulf sells in another one. It fails by itself when work is left over.

use app::mail::Item;
use app::mailboxes::MailboxRow;
use app::users::NewUser;
use app::{App, Settings};
use connect::{Account, Flags, Mailbox};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::Values;
use std::future::Future;
use store::testing::World as Database;
use tempfile::TempDir;

pub struct World {
    pub app: App,
    pub engine: &'static str,
    pub eva: Actor,
    pub bo: Actor,
    pub mia: Actor,
    pub ulf: Actor,
    /// Administers.
    pub admin: Actor,
    /// Eva's customer, with the contact below.
    pub contoso: RecordRef,
    pub goran: RecordRef,
    /// The whole address of the database, for a second server on it.
    pub url: String,
    pub data: TempDir,
    _database: Database,
}

/// Tells the story on SQLite, on PostgreSQL, and on PostgreSQL at SERIALIZABLE.
pub async fn told<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    tell(store::testing::worlds().await, story).await;
}

/// Tells a story of much mail, on SQLite and on PostgreSQL: what the strictest isolation level adds is in the others.
pub async fn told_at_length<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    tell(vec![store::testing::sqlite().await, store::testing::postgres().await], story).await;
}

async fn tell<F: Future<Output = ()>>(databases: Vec<Database>, story: impl Fn(World) -> F) {
    for database in databases {
        let world = World::new(database).await;
        eprintln!("on {}", world.engine);
        story(world).await;
    }
}

impl World {
    async fn new(database: Database) -> World {
        let data = TempDir::new().unwrap();
        let url = database.url.clone();
        let settings = Settings { data: data.path().to_owned(), database: Some(url.clone()) };
        let app = App::open(&settings).await.unwrap();
        let first = add(&app, "eva", "salesperson", None).await;
        let eva = app::users::actor(&app, first).await.unwrap().unwrap();
        let bo = person(&app, "bo", "salesperson", None).await;
        let mia = person(&app, "mia", "manager", None).await;
        let admin = person(&app, "admin", "administrator", None).await;
        let other = make(&app, &admin, "businessunit", &[("name", "Göteborg")]).await.id;
        let ulf = person(&app, "ulf", "salesperson", Some(other)).await;
        for who in [&eva, &bo] {
            add_mailbox(&app, &data, who).await;
        }
        let contoso = make(&app, &eva, "account", &[("name", "Contoso Sverige AB")]).await;
        let goran = make(
            &app,
            &eva,
            "contact",
            &[("firstname", "Göran"), ("lastname", "Sjöberg"), ("emailaddress1", "goran@contoso.example")],
        )
        .await;
        let engine = database.name;
        World { app, engine, eva, bo, mia, ulf, admin, contoso, goran, url, data, _database: database }
    }

    pub async fn mailbox(&self, who: &Actor) -> MailboxRow {
        app::mailboxes::of(&self.app, who.user()).await.unwrap().remove(0)
    }

    /// Puts a message into somebody's folder, as a delivery would.
    pub async fn deliver(&self, who: &Actor, folder: &str, raw: &str) -> Item {
        let row = self.mailbox(who).await;
        let mut mailbox = Mailbox::open(&row.account).await.unwrap();
        mailbox.append(folder, raw.replace('\n', "\r\n").as_bytes(), &Flags::default()).await.unwrap();
        let uid = mailbox.status(folder).await.unwrap().uid_next - 1;
        Item::new(row.id, folder, uid)
    }

    /// The keywords on a message, as any mail program sees them.
    pub async fn keywords(&self, who: &Actor, item: &Item) -> Vec<String> {
        let row = self.mailbox(who).await;
        let mut mailbox = Mailbox::open(&row.account).await.unwrap();
        let heads = mailbox.heads(&item.folder, connect::Which::Uids(vec![item.uid])).await.unwrap();
        heads[0].keywords.clone()
    }

    /// All rows of e-mails, also hidden ones, as an administrator with the database open would count them.
    pub async fn count(&self, table: &str) -> i64 {
        let rows = self.app.db.rows(&format!("SELECT COUNT(*) FROM {table}"), &[]).await.unwrap();
        rows[0].int(0).unwrap()
    }

    pub async fn work(&self) {
        app::work::run_due(&self.app).await.unwrap();
    }

    pub async fn sync(&self, who: &Actor) -> app::sync::Counts {
        let outcome = app::sync::once(&self.app, Some(who.user()), |_| {}).await.unwrap();
        outcome.mailboxes.into_iter().next().unwrap().counts.unwrap()
    }

    /// Call at the end of a story in which nothing may be left to do.
    pub async fn nothing_is_left(&self) {
        self.work().await;
        assert_eq!(self.count("job").await, 0, "work is left on {}", self.engine);
    }

    pub fn maildir(&self, who: &Actor) -> std::path::PathBuf {
        self.data.path().join(format!("mail-{}", who.user()))
    }
}

async fn add(app: &App, name: &str, role: &str, unit: Option<Guid>) -> Guid {
    let user = NewUser {
        email: format!("{name}@adventure.example"),
        name: format!("{name} Ek"),
        role: role.to_owned(),
        password: "long enough".to_owned(),
        unit,
    };
    app::users::add(app, &user).await.unwrap()
}

async fn person(app: &App, name: &str, role: &str, unit: Option<Guid>) -> Actor {
    let id = add(app, name, role, unit).await;
    app::users::actor(app, id).await.unwrap().unwrap()
}

async fn add_mailbox(app: &App, data: &TempDir, who: &Actor) {
    let path = data.path().join(format!("mail-{}", who.user()));
    connect::create_maildir(&path).unwrap();
    let account = Account::Maildir { path };
    let mut mailbox = Mailbox::open(&account).await.unwrap();
    mailbox.make_folder("Sent").await.unwrap();
    app::mailboxes::add(app, who.user(), account).await.unwrap();
}

pub async fn make(app: &App, actor: &Actor, entity: &str, values: &[(&str, &str)]) -> RecordRef {
    let values: Values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let id = app::records::create(app, actor, entity, values).await.unwrap();
    RecordRef::new(entity, id)
}

/// A message from Göran to eva and bo.
pub fn mail(id: &str, subject: &str, extra: &str) -> String {
    format!(
        "Message-ID: <{id}>\nDate: Mon, 23 Nov 2026 10:41:00 +0100\nFrom: Göran Sjöberg <goran@contoso.example>\n\
         To: eva@adventure.example, Somebody <nobody@nowhere.example>\nCc: bo@adventure.example\n\
         Subject: {subject}\n{extra}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\
         The canary sings in {id}.\n"
    )
}
