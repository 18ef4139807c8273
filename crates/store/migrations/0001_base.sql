-- The tables that are the same in every organization. Tables of records come from their definitions.
-- Type words are PostgreSQL's; SQLite gets INTEGER and BLOB instead, and STRICT behind each table.
-- A statement under `-- only: ENGINE` runs on that engine alone.

CREATE TABLE share (            -- SE-06: rights on one record, given to a user or a team
    principalid BYTEA NOT NULL,
    recordid BYTEA NOT NULL,
    entity TEXT NOT NULL,
    rights BIGINT NOT NULL,     -- the sum of Action::bit
    createdon BIGINT NOT NULL,  -- the record's, as is the sort key: lists walk shared records in their order
    sortkey TEXT NOT NULL,
    PRIMARY KEY (principalid, entity, recordid)
);
CREATE INDEX share_record ON share (recordid);
CREATE INDEX share_createdon ON share (principalid, entity, createdon, recordid);
CREATE INDEX share_sortkey ON share (principalid, entity, sortkey, recordid);

CREATE TABLE userrole (
    userid BYTEA NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (userid, role)
);

CREATE TABLE teammember (
    teamid BYTEA NOT NULL,
    userid BYTEA NOT NULL,
    PRIMARY KEY (userid, teamid)
);

CREATE TABLE credential (
    userid BYTEA NOT NULL PRIMARY KEY,
    password TEXT NOT NULL      -- PHC string, argon2id
);

CREATE TABLE session (
    sessionid BYTEA NOT NULL PRIMARY KEY,
    tokenhash BYTEA NOT NULL UNIQUE,   -- SHA-256 of what the browser holds
    userid BYTEA NOT NULL,
    csrf TEXT NOT NULL,
    device TEXT NOT NULL,
    remembered BOOLEAN NOT NULL,
    createdon BIGINT NOT NULL,
    seenon BIGINT NOT NULL,
    expireson BIGINT NOT NULL
);
CREATE INDEX session_userid ON session (userid);

CREATE TABLE token (            -- for scripts and add-ins
    tokenid BYTEA NOT NULL PRIMARY KEY,
    tokenhash BYTEA NOT NULL UNIQUE,
    userid BYTEA NOT NULL,
    name TEXT NOT NULL,
    createdon BIGINT NOT NULL
);

CREATE TABLE mailbox (
    mailboxid BYTEA NOT NULL PRIMARY KEY,
    userid BYTEA NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,         -- maildir or imap
    settings TEXT NOT NULL,     -- JSON without secrets
    secret BYTEA,               -- encrypted password; NULL: a maildir needs none
    trouble TEXT,               -- NULL: all is well; else the name of what is wrong
    createdon BIGINT NOT NULL
);
CREATE INDEX mailbox_user ON mailbox (userid);

CREATE TABLE mailcursor (       -- how far synchronization has read each folder
    mailboxid BYTEA NOT NULL,
    folder TEXT NOT NULL,
    uidvalidity BIGINT NOT NULL,
    lastuid BIGINT NOT NULL,
    PRIMARY KEY (mailboxid, folder)
);

CREATE TABLE tracking (         -- tracked = there is a row (decision 13)
    emailid BYTEA NOT NULL,
    userid BYTEA NOT NULL,
    trackedon BIGINT NOT NULL,
    because TEXT NOT NULL,      -- JSON of tracking::Reason
    mailboxid BYTEA,            -- NULL: not from a mailbox we know
    folder TEXT,
    uid BIGINT,
    uidvalidity BIGINT,
    PRIMARY KEY (emailid, userid)
);
CREATE INDEX tracking_user ON tracking (userid, trackedon);

CREATE TABLE regardinguse (     -- newest and most used first, in Set Regarding
    userid BYTEA NOT NULL,
    recordid BYTEA NOT NULL,
    entity TEXT NOT NULL,
    uses BIGINT NOT NULL,
    lastused BIGINT NOT NULL,
    PRIMARY KEY (userid, recordid)
);

CREATE TABLE job (
    jobid BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,     -- the record it is about
    work TEXT NOT NULL,         -- JSON: identities only, never content
    runon BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    leasedto BIGINT NOT NULL,   -- 0: free; else when the lease ends
    fence BIGINT NOT NULL,      -- grows with each lease; a stale worker's commit fails
    trouble TEXT                -- NULL: not tried, or tried without trouble
);
CREATE INDEX job_due ON job (runon);
CREATE INDEX job_subject ON job (subject);

CREATE TABLE change (           -- the one change log: who, when, what; no content
    changeid BYTEA NOT NULL PRIMARY KEY,
    number BIGINT,              -- commit order; NULL until numbered (decision 4)
    entity TEXT NOT NULL,
    recordid BYTEA NOT NULL,
    operation TEXT NOT NULL,
    userid BYTEA NOT NULL,
    changedon BIGINT NOT NULL,
    columns TEXT NOT NULL       -- JSON: column names with small old values
);
CREATE UNIQUE INDEX change_number ON change (number);
CREATE INDEX change_record ON change (recordid, changedon);

CREATE TABLE blob (             -- content lives here and nowhere else (decision 2)
    ownerid BYTEA NOT NULL,     -- the e-mail
    part BIGINT NOT NULL,       -- 0 raw MIME, 1 body, 2 and up attachments by number
    chunk BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (ownerid, part, chunk)
);

CREATE TABLE beginning (        -- the first words of a stored message, for lists
    recordid BYTEA NOT NULL PRIMARY KEY,
    words TEXT NOT NULL
);

CREATE TABLE word (             -- quick find: each searchable word of each record, folded
    word TEXT NOT NULL,
    entity TEXT NOT NULL,
    recordid BYTEA NOT NULL,
    PRIMARY KEY (entity, word, recordid)
);
CREATE INDEX word_record ON word (recordid, entity, word);

CREATE TABLE emailsearch (      -- every address of every record (AU-66)
    address TEXT NOT NULL,      -- folded
    entity TEXT NOT NULL,
    recordid BYTEA NOT NULL,
    col TEXT NOT NULL,
    PRIMARY KEY (address, entity, recordid, col)
);
CREATE INDEX emailsearch_record ON emailsearch (recordid);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- only: sqlite
CREATE TABLE document (docid INTEGER PRIMARY KEY AUTOINCREMENT, recordid BLOB NOT NULL UNIQUE) STRICT;
-- Not contentless: of such an index a deleted word stays on disk, behind a tombstone.
-- only: sqlite
CREATE VIRTUAL TABLE fulltext USING fts5(words, tokenize="unicode61 remove_diacritics 0");
-- only: sqlite
INSERT INTO fulltext(fulltext, rank) VALUES ('secure-delete', 1);
-- only: postgres
CREATE TABLE document (recordid BYTEA NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL);
-- only: postgres
CREATE INDEX document_words ON document USING GIN (words);
