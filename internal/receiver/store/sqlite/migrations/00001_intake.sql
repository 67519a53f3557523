-- +goose Up
-- Times are UTC milliseconds. Case rows, packs, parts and attempts are written once and never changed.

CREATE TABLE app (
    app_id     INTEGER PRIMARY KEY,
    app_key    TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL UNIQUE,
    contact    TEXT    NOT NULL,
    phone      TEXT    NOT NULL,
    dialect    TEXT    NOT NULL,
    disabled   INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE app_secret (
    secret_id  INTEGER PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    hash       BLOB    NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL -- 0: never
) STRICT;
CREATE INDEX app_secret_app ON app_secret (app_id);

CREATE TABLE account (
    account_id INTEGER PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    name       TEXT    NOT NULL,
    disabled   INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (app_id, name)
) STRICT;

CREATE TABLE session (
    token_hash BLOB    PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    account_id INTEGER NOT NULL REFERENCES account,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    ended_ms   INTEGER NOT NULL -- 0: not ended
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    case_no     INTEGER PRIMARY KEY,
    acceptid    TEXT    NOT NULL,
    app_id      INTEGER NOT NULL REFERENCES app,
    account     TEXT    NOT NULL,
    caseid      TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    supersedes  TEXT    NOT NULL, -- acceptid of the returned case before it
    casename    TEXT    NOT NULL,
    penaltydate TEXT    NOT NULL,
    penaltyorg  TEXT    NOT NULL,
    items       INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    bytes       INTEGER NOT NULL, -- of the body as sent
    sha256      BLOB    NOT NULL, -- of the body as sent
    digest      BLOB    NOT NULL, -- of its values
    charset     TEXT    NOT NULL,
    pack_no     INTEGER NOT NULL, -- 0: the body is in body_part
    pack_offset INTEGER NOT NULL,
    UNIQUE (app_id, caseid, revision)
) STRICT;

-- The bodies of the small cases of one commit, one after the other, compressed together (zstd).
CREATE TABLE pack (
    pack_no   INTEGER PRIMARY KEY,
    raw_bytes INTEGER NOT NULL,
    data      BLOB    NOT NULL
) STRICT;

-- The body of one large case, compressed (zstd) and cut into parts.
CREATE TABLE body_part (
    case_no INTEGER NOT NULL,
    part_no INTEGER NOT NULL,
    data    BLOB    NOT NULL,
    PRIMARY KEY (case_no, part_no)
) STRICT;

CREATE TABLE case_return (
    case_no     INTEGER PRIMARY KEY REFERENCES cases,
    returned_ms INTEGER NOT NULL,
    returned_by TEXT    NOT NULL,
    reason      TEXT    NOT NULL
) STRICT;

CREATE TABLE attempt (
    attempt_no INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    app_id     INTEGER NOT NULL,
    account    TEXT    NOT NULL,
    caseid     TEXT    NOT NULL,
    case_no    INTEGER NOT NULL, -- 0: refused
    outcome    TEXT    NOT NULL,
    codes      TEXT    NOT NULL,
    fields     TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    sha256     BLOB    NOT NULL,
    request_id TEXT    NOT NULL,
    source     TEXT    NOT NULL
) STRICT;

CREATE TABLE audit (
    audit_no INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    detail   TEXT    NOT NULL
) STRICT;

-- Case numbers that may have been given out before a restore and are never given out again.
CREATE TABLE gap (
    from_no INTEGER PRIMARY KEY,
    to_no   INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    why     TEXT    NOT NULL
) STRICT;

-- A row: this database is the target of a copy that was not done to its end, and nobody may use it until it is.
CREATE TABLE copying (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    source   BLOB    NOT NULL, -- what the source held when the copy began, digested
    begun_ms INTEGER NOT NULL
) STRICT;

-- Derived from the bodies; can be emptied and rebuilt.

CREATE TABLE entity (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL, -- zero-based index in penaltylist
    pripid  TEXT    NOT NULL,
    uniscid TEXT    NOT NULL,
    legal   TEXT    NOT NULL,
    enttype TEXT    NOT NULL,
    PRIMARY KEY (case_no, pos)
) STRICT, WITHOUT ROWID;

-- The search index over uniscid (1), pripid (2) and legal (3), by folded value. A table of its own so that it can be
-- filled in sorted order.
CREATE TABLE entity_key (
    kind    INTEGER NOT NULL,
    value   TEXT    NOT NULL,
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL,
    PRIMARY KEY (kind, value, case_no, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL, -- -1: the case itself
    rule    INTEGER NOT NULL,
    field   TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    PRIMARY KEY (case_no, pos, rule, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE verification (
    case_no     INTEGER PRIMARY KEY,
    epoch       INTEGER NOT NULL,
    verified_ms INTEGER NOT NULL,
    rules       INTEGER NOT NULL,
    items       INTEGER NOT NULL,
    severe      INTEGER NOT NULL,
    warnings    INTEGER NOT NULL,
    notices     INTEGER NOT NULL
) STRICT;

-- What must be verified again: everything verified in an earlier epoch.
CREATE TABLE epoch (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO epoch (id, value) VALUES (1, 0);

-- The oldest schema whose programs may still work on this one. Migrations only add; one that such a program would break, or break
-- on, says so here.
CREATE TABLE compatible (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    oldest INTEGER NOT NULL
) STRICT;
INSERT INTO compatible (id, oldest) VALUES (1, 1);
