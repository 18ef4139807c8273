//! A real mail server: the whole corpus over encrypted ways, another mail program on the same mailbox, lines that are
//! cut, a password that is not taken.

use crate::torture::crlf;
use crate::trouble::{forget_content, make_due, put_fetch_job};
use crate::world::{World, mail, told, told_at_length};
use app::Error;
use app::mail::{Item, Mark};
use app::sync::{Counts, Limits};
use connect::{Account, Secret, Security, Trouble};
use domain::id::{Guid, MessageKey};
use domain::tracking::Filter;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

/// Where the server is, from `REGARDING_TEST_IMAP`: `127.0.0.1:IMAP,IMAPS,LMTP,CERTPEM`.
struct Server {
    host: String,
    imap: u16,
    imaps: u16,
    certificate: PathBuf,
}

fn server() -> Server {
    let Ok(text) = std::env::var("REGARDING_TEST_IMAP") else {
        panic!("REGARDING_TEST_IMAP is not set: run `cargo xtask test`, which starts a real Dovecot");
    };
    let parts: Vec<&str> = text.splitn(4, ',').collect();
    let [address, imaps, _, certificate] = parts[..] else {
        panic!("REGARDING_TEST_IMAP is not HOST:IMAP,IMAPS,LMTP,CERTPEM");
    };
    let (host, imap) = address.split_once(':').unwrap();
    Server {
        host: host.to_owned(),
        imap: imap.parse().unwrap(),
        imaps: imaps.parse().unwrap(),
        certificate: certificate.into(),
    }
}

/// A user of the mail server that nobody had before.
fn fresh_user() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    format!("app{now}-{}@example.test", COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn account(login: &str, security: Security, port: u16) -> Account {
    let Server { host, certificate, .. } = server();
    Account::Imap {
        host,
        port,
        security,
        login: login.to_owned(),
        password: Secret::new("secret"),
        extra_root: Some(certificate),
    }
}

/// Another mail program of the same user.
struct OtherProgram {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl OtherProgram {
    fn open(login: &str) -> OtherProgram {
        let server = server();
        let stream = TcpStream::connect((server.host.as_str(), server.imap)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        let mut program = OtherProgram { stream, reader };
        assert!(program.hear().starts_with("* OK"));
        program.run(&format!("LOGIN {login} secret"));
        program
    }

    fn hear(&mut self) -> String {
        let mut line = Vec::new();
        assert!(self.reader.by_ref().read_until(b'\n', &mut line).unwrap() > 0, "the server hung up");
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Everything the server says to a command.
    fn run(&mut self, command: &str) -> String {
        write!(self.stream, "zz9 {command}\r\n").unwrap();
        let mut said = String::new();
        loop {
            let line = self.hear();
            if line.starts_with("zz9 ") {
                assert!(line.starts_with("zz9 OK"), "{command}: {line}");
                return said;
            }
            said.push_str(&line);
        }
    }

    /// Puts messages into a folder, many in one go.
    fn append(&mut self, folder: &str, mails: &[Vec<u8>]) {
        for some in mails.chunks(25) {
            let mut all = Vec::new();
            for mail in some {
                write!(all, "a APPEND \"{folder}\" {{{}+}}\r\n", mail.len()).unwrap();
                all.extend_from_slice(mail);
                all.extend_from_slice(b"\r\n");
            }
            self.stream.write_all(&all).unwrap();
            for _ in some {
                while !self.hear().starts_with("a OK") {}
            }
        }
    }

    /// The UIDs that a search gives, in the folder that is selected.
    fn search(&mut self, what: &str) -> Vec<u32> {
        let said = self.run(&format!("UID SEARCH {what}"));
        let numbers = said.lines().find_map(|it| it.strip_prefix("* SEARCH")).unwrap_or_default();
        numbers.split_whitespace().map(|it| it.parse().unwrap()).collect()
    }

    fn tracked(&mut self, folder: &str) -> Vec<u32> {
        self.run(&format!("SELECT \"{folder}\""));
        self.search("KEYWORD Tracked")
    }
}

/// What the way to the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    Cut,
    /// It breaks after so many bytes of what the server says.
    BreaksAfter(usize),
    /// Somebody else answers and takes no password: the server itself makes everybody wait longer after each wrong one.
    Refuses,
    /// Somebody is there and says nothing.
    Silent,
}

/// A way to the server on which things go wrong. A change ends all connections there are.
struct Line {
    port: u16,
    way: Arc<watch::Sender<Way>>,
}

impl Line {
    async fn new() -> Line {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let way = Arc::new(watch::Sender::new(Way::Open));
        let ways = Arc::clone(&way);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let mut changes = ways.subscribe();
                let now = *changes.borrow_and_update();
                tokio::spawn(async move {
                    tokio::select! {
                        () = connected(near, now) => {}
                        _ = changes.changed() => {}
                    }
                });
            }
        });
        Line { port, way }
    }

    async fn is(&self, way: Way) {
        self.way.send_replace(way);
        // The connections there were have ended when this is over.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn connected(near: tokio::net::TcpStream, way: Way) {
    let server = server();
    let far = match way {
        Way::Cut => return,
        Way::Refuses => return refused(near).await,
        Way::Silent => return std::future::pending().await,
        Way::Open | Way::BreaksAfter(_) => {
            tokio::net::TcpStream::connect((server.host.as_str(), server.imap)).await.unwrap()
        }
    };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let said = async {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = near_in.read(&mut piece).await {
            if far_out.write_all(&piece[..length]).await.is_err() {
                break;
            }
        }
    };
    let heard = async {
        let (mut piece, mut left) =
            ([0; 4096], if let Way::BreaksAfter(bytes) = way { bytes } else { usize::MAX });
        while let Ok(length @ 1..) = far_in.read(&mut piece).await {
            if near_out.write_all(&piece[..length.min(left)]).await.is_err() || length >= left {
                break;
            }
            left -= length;
        }
    };
    tokio::select! { () = said => {}, () = heard => {} }
}

async fn refused(mut near: tokio::net::TcpStream) {
    let mut answer = "* OK ready\r\n".to_owned();
    let mut piece = [0; 4096];
    while near.write_all(answer.as_bytes()).await.is_ok() {
        let Ok(length @ 1..) = near.read(&mut piece).await else { return };
        let command = String::from_utf8_lossy(&piece[..length]);
        let tag = command.split(' ').next().unwrap_or_default();
        answer = if command.contains("CAPABILITY") {
            format!("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK that is all\r\n")
        } else {
            format!("{tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n")
        };
    }
}

/// The corpus of others where it is, or else our own; as a mail server hands it out.
fn corpus() -> Vec<Vec<u8>> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/mail");
    let theirs = std::env::var("REGARDING_TEST_SHARED").map(|it| Path::new(&it).join("corpus/mail"));
    let folder = theirs.ok().filter(|it| it.is_dir()).unwrap_or_else(|| {
        eprintln!("corpus/mail is absent: the messages of testdata are tried alone");
        ours
    });
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files.iter().map(|it| crlf(&fs::read(it).unwrap())).collect()
}

fn letter(id: &str, size: usize) -> Vec<u8> {
    let mut text = format!(
        "From: goran@contoso.example\r\nTo: eva@adventure.example\r\nSubject: Hej\r\nMessage-ID: <{id}>\r\n\r\n"
    );
    while text.len() < size {
        let _ = write!(text, "The canary sings in {id}.\r\n");
    }
    text.into_bytes()
}

/// Eva's mailbox on the server, with these messages in its inbox.
struct Post {
    mailbox: Guid,
    login: String,
    items: Vec<Item>,
}

async fn post(it: &World, security: Security, port: u16, mails: &[Vec<u8>]) -> Post {
    let login = fresh_user();
    OtherProgram::open(&login).append("INBOX", mails);
    connected_to(it, login, security, port, mails.len()).await
}

async fn connected_to(it: &World, login: String, security: Security, port: u16, mails: usize) -> Post {
    let mailbox = app::mailboxes::add(&it.app, it.eva.user(), account(&login, security, port)).await.unwrap();
    let uids = 1..=u32::try_from(mails).unwrap();
    let items = uids.map(|uid| Item::new(mailbox, "INBOX", uid)).collect();
    Post { mailbox, login, items }
}

async fn mark(it: &World, email: Guid) -> Mark {
    app::email::read(&it.app, &it.eva, email).await.unwrap().mark
}

/// A pass over this mailbox of eva's.
async fn pass(it: &World, mailbox: Guid) -> app::Result<Counts> {
    let outcome = app::sync::once(&it.app, Some(it.eva.user()), |_| {}).await.unwrap();
    outcome.mailboxes.into_iter().find(|it| it.id == mailbox).unwrap().counts
}

async fn trouble(it: &World, mailbox: Guid) -> Option<String> {
    let rows = app::mailboxes::all(&it.app).await.unwrap();
    rows.into_iter().find(|it| it.id == mailbox).unwrap().trouble
}

#[tokio::test]
async fn real_mail_is_tracked_over_encrypted_ways_and_stays_as_it_was() {
    let mails: Vec<Vec<u8>> = corpus().into_iter().take(30).collect();
    let server = server();
    for (security, port) in [(Security::Tls, server.imaps), (Security::StartTls, server.imap)] {
        told_at_length(|it| {
            let mails = &mails;
            async move {
                let post = post(&it, security, port, mails).await;
                let mut other = OtherProgram::open(&post.login);
                other.run("EXAMINE INBOX");
                let before = other.run("UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])");
                let mut emails = Vec::new();
                for (item, raw) in post.items.iter().zip(mails) {
                    let email = app::track::track(&it.app, &it.eva, item, Some(&it.contoso)).await.unwrap();
                    it.work().await;
                    assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == *raw);
                    assert!(
                        app::email::read(&it.app, &it.mia, email).await.is_ok(),
                        "the colleague reads it"
                    );
                    assert!(app::email::read(&it.app, &it.ulf, email).await.is_err());
                    emails.push(email);
                }
                assert_eq!(it.count("email").await, i64::try_from(mails.len()).unwrap());
                let uids: Vec<u32> = post.items.iter().map(|it| it.uid).collect();
                assert_eq!(other.tracked("INBOX"), uids, "another program sees the keyword");
                assert_eq!(other.search("SEEN"), Vec::<u32>::new(), "nothing is marked as read");

                for email in emails {
                    app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
                }
                make_due(&it).await;
                it.nothing_is_left().await;
                assert!(other.tracked("INBOX").is_empty());
                assert!(other.search("SEEN").is_empty());
                let after = other.run("UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])");
                assert!(before == after, "the mailbox holds what it held");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_password_that_is_not_taken_is_a_sentence_and_heals() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;

        line.is(Way::Refuses).await;
        let refused = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap_err();
        assert!(matches!(refused, Error::Mailbox(Trouble::LoginRefused)), "{refused:?}");
        it.work().await;
        // Seldom, for nobody but the user can mend it.
        let late = it.app.now().plus_seconds(1700);
        let mark_now = mark(&it, email).await;
        assert!(matches!(mark_now, Mark::Failed { next_try: Some(next) } if next > late), "{mark_now:?}");
        pass(&it, post.mailbox).await.unwrap_err();
        assert_eq!(
            trouble(&it, post.mailbox).await.as_deref(),
            Some(Trouble::LoginRefused.to_string().as_str())
        );
        let secret = Secret::new("secret");
        let refused =
            app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, secret.clone()).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::LoginRefused))));

        line.is(Way::Open).await;
        let wrong = Secret::new("wrong");
        let refused = app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, wrong).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::LoginRefused))), "tried before it is kept");
        app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, secret).await.unwrap();
        assert_eq!(trouble(&it, post.mailbox).await, None);
        it.nothing_is_left().await;
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        let theirs =
            app::mailboxes::set_password(&it.app, it.bo.user(), post.mailbox, Secret::new("x")).await;
        assert!(matches!(theirs, Err(Error::NotFound)), "nobody changes another's");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_down_is_waited_for() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;

        line.is(Way::Cut).await;
        let refused = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap_err();
        assert!(matches!(refused, Error::Mailbox(Trouble::Unreachable { .. })), "{refused:?}");
        it.work().await;
        assert!(matches!(mark(&it, email).await, Mark::Failed { next_try: Some(_) }));
        pass(&it, post.mailbox).await.unwrap_err();
        assert!(trouble(&it, post.mailbox).await.unwrap().ends_with("does not answer."));
        assert_eq!(it.count("email").await, 1);

        line.is(Way::Open).await;
        // The next pass finds it well again: nobody waits for the end of a back-off.
        pass(&it, post.mailbox).await.unwrap();
        assert_eq!(trouble(&it, post.mailbox).await, None);
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn a_silent_server_holds_up_no_other_work() {
    told_at_length(|it| async move {
        let line = Line::new().await;
        let post = post(&it, Security::Plaintext, line.port, &[letter("a@contoso.example", 0)]).await;
        let waits = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, waits).await;
        put_fetch_job(&it, waits).await;
        line.is(Way::Silent).await;
        let workers = tokio::spawn(app::work::run(it.app.clone()));
        tokio::time::sleep(Duration::from_millis(200)).await;

        // A pass and a job wait for the server now.
        let item = it.deliver(&it.bo, "INBOX", &mail("b@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.bo, &item, None).await.unwrap();
        app::untrack::untrack(&it.app, &it.bo, email).await.unwrap();
        make_due(&it).await;
        let soon = tokio::time::Instant::now() + Duration::from_secs(4);
        while it.count("email").await > 1 && tokio::time::Instant::now() < soon {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(it.count("email").await, 1, "bo's copy is destroyed in time on {}", it.engine);
        workers.abort();
    })
    .await;
}

#[tokio::test]
async fn a_line_that_breaks_in_the_middle_of_a_message_leaves_no_half_of_it() {
    told(|it| async move {
        let line = Line::new().await;
        let long = letter("long@contoso.example", 3_000_000);
        let post = post(&it, Security::Plaintext, line.port, std::slice::from_ref(&long)).await;
        line.is(Way::BreaksAfter(1_000_000)).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        assert!(matches!(mark(&it, email).await, Mark::Failed { next_try: Some(_) } | Mark::Pending));
        assert_eq!((it.count("blob").await, it.count("email").await), (0, 1));

        line.is(Way::Open).await;
        make_due(&it).await;
        it.nothing_is_left().await;
        assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == long);
        assert_eq!(OtherProgram::open(&post.login).tracked("INBOX"), [1]);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_another_program_moves_meanwhile_is_found() {
    told(|it| async move {
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, server().imap, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        // As after a crash between the click and the fetching.
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;
        let mut other = OtherProgram::open(&post.login);
        other.run("CREATE \"Kunder 2026\"");
        other.run("SELECT INBOX");
        other.run("UID MOVE 1 \"Kunder 2026\"");
        it.nothing_is_left().await;
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == mails[0]);
        assert_eq!(other.tracked("Kunder 2026"), [1], "the keyword went along");
        // Tracked again where it lies now, and untracked there.
        let item = Item::new(post.mailbox, "Kunder 2026", 1);
        assert_eq!(app::track::track(&it.app, &it.eva, &item, None).await.unwrap(), email);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert!(other.tracked("Kunder 2026").is_empty());
        // Moved between tracking and untracking.
        let email = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap();
        other.run("SELECT INBOX");
        other.run("UID MOVE 2 \"Kunder 2026\"");
        assert_eq!(other.tracked("Kunder 2026"), [2]);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert!(other.tracked("Kunder 2026").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_keyword_tells_the_truth_after_an_outage() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let mut emails = Vec::new();
        for item in &post.items {
            emails.push(app::track::track(&it.app, &it.eva, item, None).await.unwrap());
        }
        let mut other = OtherProgram::open(&post.login);
        assert_eq!(other.tracked("INBOX"), [1, 2]);

        // Untracked while the server is away, one of them for good; the other is tracked again later.
        line.is(Way::Cut).await;
        app::untrack::untrack(&it.app, &it.eva, emails[0]).await.unwrap();
        app::untrack::untrack(&it.app, &it.eva, emails[1]).await.unwrap();
        make_due(&it).await;
        it.work().await;
        assert_eq!(it.count("email").await, 0, "destroyed, although the server is away");
        line.is(Way::Open).await;
        let again = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap();
        assert_ne!(again, emails[1]);
        make_due(&it).await;
        it.nothing_is_left().await;
        assert_eq!(other.tracked("INBOX"), [2]);
    })
    .await;
}

/// The message with other ids, its own and those it answers: threads stay, and nothing is known already.
fn rewritten(raw: &[u8], round: usize) -> Vec<u8> {
    let (mut out, mut inside, mut body) = (Vec::with_capacity(raw.len() + 100), false, false);
    for line in raw.split_inclusive(|it| *it == b'\n') {
        body |= matches!(line, b"\r\n" | b"\n");
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|it| *it == b':').next().unwrap_or_default().to_ascii_lowercase();
            inside = matches!(name.as_slice(), b"message-id" | b"in-reply-to" | b"references");
        }
        for byte in line {
            if inside && !body && *byte == b'>' {
                out.extend_from_slice(format!(".{round}").as_bytes());
            }
            out.push(*byte);
        }
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_the_corpus_is_stored_once_each() {
    let corpus = corpus();
    let mails: Vec<Vec<u8>> =
        (0..10).flat_map(|round| corpus.iter().map(move |it| rewritten(it, round))).collect();
    let keys: BTreeSet<MessageKey> = mails
        .iter()
        .map(|raw| formats::mime::envelope(raw, 0).key().unwrap_or_else(|| MessageKey::of_raw(raw)))
        .collect();
    assert!(keys.len() > corpus.len() * 9, "the ids were not rewritten");
    let login = fresh_user();
    OtherProgram::open(&login).append("INBOX", &mails);
    told_at_length(|it| {
        let (mails, keys, login) = (&mails, &keys, login.clone());
        async move {
            let post = connected_to(&it, login, Security::Tls, server().imaps, mails.len()).await;
            let rows = app::mailboxes::of(&it.app, it.eva.user()).await.unwrap();
            let row = rows.into_iter().find(|it| it.id == post.mailbox).unwrap();
            let everything =
                || app::sync::folder(&it.app, &row, "INBOX", Filter::Everything, Limits::default(), &|_| {});
            let counts = everything().await.unwrap();
            assert_eq!(counts.read, mails.len() as u64);
            let emails = it.app.db.rows("SELECT messagekey FROM email", &[]).await.unwrap();
            let stored: Vec<MessageKey> = emails.iter().map(|row| row.key(0).unwrap()).collect();
            assert_eq!(stored.len(), keys.len(), "each once on {}", it.engine);
            assert!(stored.iter().collect::<BTreeSet<_>>() == keys.iter().collect());
            for table in ["tracking", "activitypointer", "beginning", "document"] {
                assert_eq!(it.count(table).await, i64::try_from(keys.len()).unwrap(), "{table}");
            }

            // Nothing is new; and when the server numbers its messages anew, nothing is stored twice either.
            assert_eq!(everything().await.unwrap(), Counts::default());
            let forget = store::testing::raw([("DELETE FROM mailcursor", vec![], store::Expect::Any)]);
            it.app.db.commit(forget).await.unwrap();
            let counts = everything().await.unwrap();
            assert_eq!(counts.read, mails.len() as u64);
            assert_eq!(it.count("email").await, i64::try_from(keys.len()).unwrap());
            it.nothing_is_left().await;
            let mut other = OtherProgram::open(&post.login);
            assert_eq!(other.tracked("INBOX").len(), keys.len());
            assert!(other.search("SEEN").is_empty());
        }
    })
    .await;
}
