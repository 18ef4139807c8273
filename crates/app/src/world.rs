//! What every operation needs: the database, the definitions, the clock, new keys, the open mailboxes.

use anyhow::{Context, Result};
use domain::entity::Catalog;
use domain::id::Guid;
use domain::privilege::Role;
use domain::time::Timestamp;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};
use store::definition::Stored;
use store::{Db, Stamp};
use tokio::sync::Notify;

/// Where the data is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Holds the key that encrypts mailbox passwords, and the SQLite file unless `database` says otherwise.
    pub data: PathBuf,
    /// `postgres://…`, or `None` for `regarding.sqlite` in `data`.
    pub database: Option<String>,
}

/// The world, with the definitions of its types as they were when this value was made: an operation sees the same ones
/// from its beginning to its end. Cheap to clone, and a clone sees the definitions as they are now: each request and each
/// piece of work begins with one.
pub struct App {
    world: Arc<World>,
    pub catalog: Catalog,
    pub roles: Arc<Vec<Role>>,
}

impl Clone for App {
    fn clone(&self) -> App {
        let Known { catalog, roles, .. } =
            self.world.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        App { world: Arc::clone(&self.world), catalog, roles }
    }
}

/// The definitions of one version, and what roles may do with the types that there are then.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    version: i64,
    catalog: Catalog,
    roles: Arc<Vec<Role>>,
}

impl Known {
    pub fn of(stored: &Stored) -> Result<Known> {
        Ok(Known {
            version: stored.version,
            catalog: stored.definitions.catalog()?,
            roles: Arc::new(stored.definitions.roles(Role::standard()?)),
        })
    }
}

pub struct World {
    pub db: Db,
    /// What the next clone sees.
    known: RwLock<Known>,
    pub data: PathBuf,
    pub(crate) secrets: crate::secret::SecretKey,
    pub(crate) mailboxes: crate::mailboxes::Pool,
    pub(crate) guesses: crate::guesses::Guesses,
    pub(crate) bearers: crate::sign_in::Bearers,
    /// Rings when a job was put down, so that nobody waits for the next poll.
    pub(crate) work: Notify,
}

impl std::ops::Deref for App {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl App {
    /// Opens the data directory and the database, and brings its tables up to date.
    pub async fn open(settings: &Settings) -> Result<App> {
        std::fs::create_dir_all(&settings.data)
            .with_context(|| format!("Making the data directory {}", settings.data.display()))?;
        let file = settings.data.join("regarding.sqlite");
        let url = settings.database.clone().unwrap_or_else(|| file.to_string_lossy().into_owned());
        let db = Db::open(&url).await.context("Opening the database")?;
        let (stored, _) =
            store::migrate::migrate_all(&db).await.context("Bringing the database up to date")?;
        let known = Known::of(&stored)?;
        let (catalog, roles) = (known.catalog.clone(), Arc::clone(&known.roles));
        let world = Arc::new(World {
            db,
            known: RwLock::new(known),
            secrets: crate::secret::SecretKey::of(&settings.data)?,
            data: settings.data.clone(),
            mailboxes: crate::mailboxes::Pool::default(),
            guesses: crate::guesses::Guesses::default(),
            bearers: crate::sign_in::Bearers::default(),
            work: Notify::new(),
        });
        let app = App { world, catalog, roles };
        crate::ready::make_ready(&app).await?;
        crate::views::make_ready(&app).await?;
        Ok(app)
    }

    /// From now on every clone sees these definitions, unless it knows newer ones already.
    pub(crate) fn define(&self, known: Known) {
        let mut now = self.world.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.version > now.version {
            *now = known;
        }
    }

    /// Of the definitions that the next clone sees.
    pub(crate) fn version(&self) -> i64 {
        self.world.known.read().unwrap_or_else(PoisonError::into_inner).version
    }

    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    pub fn new_id(&self) -> Guid {
        let random: [u8; 10] = random();
        Guid::v7(u64::try_from(self.now().0 / 1000).unwrap_or_default(), random)
    }

    pub fn stamp(&self, by: Guid) -> Stamp {
        Stamp { by, at: self.now() }
    }
}

/// Bytes nobody can guess. The operating system always has them; a machine where it does not cannot go on.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "Without randomness no key and no session is safe.")]
    getrandom::fill(&mut bytes).expect("The operating system gives random bytes");
    bytes
}
