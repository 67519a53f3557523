-- +goose Up
-- What the operator's console needs. Times are UTC milliseconds.

-- Those who sign in at the console (操作员).
CREATE TABLE operator (
    operator_id INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE, -- to sign in with
    person      TEXT    NOT NULL,        -- who it is
    phone       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    password    TEXT    NOT NULL, -- argon2id; '': none yet
    totp        BLOB    NOT NULL, -- sealed with the password
    totp_step   INTEGER NOT NULL, -- the last one used
    password_ms INTEGER NOT NULL, -- when it was set
    failures    INTEGER NOT NULL, -- in a row
    locked_ms   INTEGER NOT NULL, -- until then; 0: not
    disabled    INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL
) STRICT;

-- One-time links, to set a password and the second factor with.
CREATE TABLE invitation (
    token_hash  BLOB    PRIMARY KEY,
    operator_id INTEGER NOT NULL, -- 0: whoever comes becomes the first administrator
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE visit (
    token_hash  BLOB    PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operator,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    ended_ms    INTEGER NOT NULL, -- 0: not ended
    source      TEXT    NOT NULL,
    agent       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_operator ON visit (operator_id);

-- For which case, until when, a visit may see the names of a whole list.
CREATE TABLE reveal (
    token_hash BLOB    NOT NULL,
    case_no    INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL,
    PRIMARY KEY (token_hash, case_no)
) STRICT, WITHOUT ROWID;

-- What an operator has set up for himself, such as the columns of a list.
CREATE TABLE preference (
    operator_id INTEGER NOT NULL REFERENCES operator,
    kind        INTEGER NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (operator_id, kind)
) STRICT, WITHOUT ROWID;

-- Policies that differ from their defaults.
CREATE TABLE policy (
    kind  INTEGER PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- What operators did with a case, in order; written once and never changed.
CREATE TABLE case_event (
    event_no INTEGER PRIMARY KEY,
    case_no  INTEGER NOT NULL REFERENCES cases,
    at_ms    INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    detail   TEXT    NOT NULL
) STRICT;
CREATE INDEX case_event_case ON case_event (case_no);

-- Where the work on a case stands, as its events have left it.
CREATE TABLE case_work (
    case_no    INTEGER PRIMARY KEY REFERENCES cases,
    checked_ms INTEGER NOT NULL, -- 0: not compared with the registry
    published  TEXT    NOT NULL, -- the day; '': not published
    asked_ms   INTEGER NOT NULL, -- a return waits for the second person; 0: none
    asked_by   TEXT    NOT NULL,
    reason     TEXT    NOT NULL
) STRICT;

-- Derived: the cases somebody must look at, by kind of work and, where it has one, the day it is counted from.
CREATE TABLE docket (
    kind    INTEGER NOT NULL,
    since   TEXT    NOT NULL,
    case_no INTEGER NOT NULL,
    PRIMARY KEY (kind, since, case_no)
) STRICT, WITHOUT ROWID;

-- Every call, for those who help senders. Written after the answer, a group at a time; what must not be lost is in attempt.
CREATE TABLE call (
    call_no    INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    name       TEXT    NOT NULL, -- login, receiveCaseinfo …
    app_id     INTEGER NOT NULL, -- 0: not known
    app_key    TEXT    NOT NULL, -- as given
    account    TEXT    NOT NULL,
    caseid     TEXT    NOT NULL,
    acceptid   TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    failed     INTEGER NOT NULL,
    codes      TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    items      INTEGER NOT NULL,
    took_us    INTEGER NOT NULL,
    request_id TEXT    NOT NULL,
    source     TEXT    NOT NULL
) STRICT;
CREATE INDEX call_at ON call (at_ms);
CREATE INDEX call_app ON call (app_id, at_ms);
CREATE INDEX call_failed ON call (at_ms) WHERE failed = 1;

-- Ties an entry of the audit to all before it; empty where an older program wrote it.
ALTER TABLE audit ADD COLUMN chain BLOB NOT NULL DEFAULT x'';
