--| table goose_db_version goose_db_version
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
--| table app app
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
--| table app_secret app_secret
CREATE TABLE app_secret (
    secret_id  INTEGER PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    hash       BLOB    NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL -- 0: never
) STRICT;
--| index app_secret app_secret_app
CREATE INDEX app_secret_app ON app_secret (app_id);
--| table account account
CREATE TABLE account (
    account_id INTEGER PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    name       TEXT    NOT NULL,
    disabled   INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (app_id, name)
) STRICT;
--| table session session
CREATE TABLE session (
    token_hash BLOB    PRIMARY KEY,
    app_id     INTEGER NOT NULL REFERENCES app,
    account_id INTEGER NOT NULL REFERENCES account,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    ended_ms   INTEGER NOT NULL -- 0: not ended
) STRICT, WITHOUT ROWID;
--| table cases cases
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
--| table pack pack
CREATE TABLE pack (
    pack_no   INTEGER PRIMARY KEY,
    raw_bytes INTEGER NOT NULL,
    data      BLOB    NOT NULL
) STRICT;
--| table body_part body_part
CREATE TABLE body_part (
    case_no INTEGER NOT NULL,
    part_no INTEGER NOT NULL,
    data    BLOB    NOT NULL,
    PRIMARY KEY (case_no, part_no)
) STRICT;
--| table case_return case_return
CREATE TABLE case_return (
    case_no     INTEGER PRIMARY KEY REFERENCES cases,
    returned_ms INTEGER NOT NULL,
    returned_by TEXT    NOT NULL,
    reason      TEXT    NOT NULL
, row_nos TEXT NOT NULL DEFAULT '') STRICT;
--| table attempt attempt
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
--| table audit audit
CREATE TABLE audit (
    audit_no INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    detail   TEXT    NOT NULL
, chain BLOB NOT NULL DEFAULT x'') STRICT;
--| table gap gap
CREATE TABLE gap (
    from_no INTEGER PRIMARY KEY,
    to_no   INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    why     TEXT    NOT NULL
) STRICT;
--| table copying copying
CREATE TABLE copying (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    source   BLOB    NOT NULL, -- what the source held when the copy began, digested
    begun_ms INTEGER NOT NULL
) STRICT;
--| table entity entity
CREATE TABLE entity (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL, -- zero-based index in penaltylist
    pripid  TEXT    NOT NULL,
    uniscid TEXT    NOT NULL,
    legal   TEXT    NOT NULL,
    enttype TEXT    NOT NULL,
    PRIMARY KEY (case_no, pos)
) STRICT, WITHOUT ROWID;
--| table entity_key entity_key
CREATE TABLE entity_key (
    kind    INTEGER NOT NULL,
    value   TEXT    NOT NULL,
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL,
    PRIMARY KEY (kind, value, case_no, pos)
) STRICT, WITHOUT ROWID;
--| table finding finding
CREATE TABLE finding (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL, -- -1: the case itself
    rule    INTEGER NOT NULL,
    field   TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    PRIMARY KEY (case_no, pos, rule, field)
) STRICT, WITHOUT ROWID;
--| table verification verification
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
--| table epoch epoch
CREATE TABLE epoch (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
--| table compatible compatible
CREATE TABLE compatible (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    oldest INTEGER NOT NULL
) STRICT;
--| index cases cases_of_app
CREATE INDEX cases_of_app ON cases (app_id, case_no, received_ms);
--| table operator operator
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
, identity BLOB NOT NULL DEFAULT x'', waits TEXT NOT NULL DEFAULT '', asked_ms INTEGER NOT NULL DEFAULT 0, asked_by TEXT NOT NULL DEFAULT '', to_role TEXT NOT NULL DEFAULT '', to_identity BLOB NOT NULL DEFAULT x'', renewed TEXT NOT NULL DEFAULT '', renewed_ms INTEGER NOT NULL DEFAULT 0, renewed_by TEXT NOT NULL DEFAULT '', set_up_from TEXT NOT NULL DEFAULT '', founder TEXT NOT NULL DEFAULT '', founded_ms INTEGER NOT NULL DEFAULT 0) STRICT;
--| table invitation invitation
CREATE TABLE invitation (
    token_hash  BLOB    PRIMARY KEY,
    operator_id INTEGER NOT NULL, -- 0: whoever comes becomes the first administrator
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
--| table visit visit
CREATE TABLE visit (
    token_hash  BLOB    PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operator,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    ended_ms    INTEGER NOT NULL, -- 0: not ended
    source      TEXT    NOT NULL,
    agent       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
--| index visit visit_operator
CREATE INDEX visit_operator ON visit (operator_id);
--| table reveal reveal
CREATE TABLE reveal (
    token_hash BLOB    NOT NULL,
    case_no    INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL,
    PRIMARY KEY (token_hash, case_no)
) STRICT, WITHOUT ROWID;
--| table preference preference
CREATE TABLE preference (
    operator_id INTEGER NOT NULL REFERENCES operator,
    kind        INTEGER NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (operator_id, kind)
) STRICT, WITHOUT ROWID;
--| table policy policy
CREATE TABLE policy (
    kind  INTEGER PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
--| table case_event case_event
CREATE TABLE case_event (
    event_no INTEGER PRIMARY KEY,
    case_no  INTEGER NOT NULL REFERENCES cases,
    at_ms    INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    detail   TEXT    NOT NULL
) STRICT;
--| index case_event case_event_case
CREATE INDEX case_event_case ON case_event (case_no);
--| table case_work case_work
CREATE TABLE case_work (
    case_no    INTEGER PRIMARY KEY REFERENCES cases,
    checked_ms INTEGER NOT NULL, -- 0: not compared with the registry
    published  TEXT    NOT NULL, -- the day; '': not published
    asked_ms   INTEGER NOT NULL, -- a return waits for the second person; 0: none
    asked_by   TEXT    NOT NULL,
    reason     TEXT    NOT NULL
, severe INTEGER NOT NULL DEFAULT 0, doubts INTEGER NOT NULL DEFAULT 0, seen_no INTEGER NOT NULL DEFAULT 0, seen_severe INTEGER NOT NULL DEFAULT 0, seen_doubts INTEGER NOT NULL DEFAULT 0, publish_ms INTEGER NOT NULL DEFAULT 0, publish_by TEXT NOT NULL DEFAULT '', publish_day TEXT NOT NULL DEFAULT '', publish_reason TEXT NOT NULL DEFAULT '', row_nos TEXT NOT NULL DEFAULT '') STRICT;
--| table docket docket
CREATE TABLE docket (
    kind    INTEGER NOT NULL,
    since   TEXT    NOT NULL,
    case_no INTEGER NOT NULL,
    PRIMARY KEY (kind, since, case_no)
) STRICT, WITHOUT ROWID;
--| table call call
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
--| index call call_at
CREATE INDEX call_at ON call (at_ms);
--| index call call_app
CREATE INDEX call_app ON call (app_id, at_ms);
--| index call call_failed
CREATE INDEX call_failed ON call (at_ms) WHERE failed = 1;
--| index cases cases_received
CREATE INDEX cases_received ON cases (received_ms, case_no);
--| index cases cases_penaltydate
CREATE INDEX cases_penaltydate ON cases (penaltydate, case_no);
--| index attempt attempt_case
CREATE INDEX attempt_case ON attempt (case_no) WHERE case_no > 0;
--| index attempt attempt_refused
CREATE INDEX attempt_refused ON attempt (app_id, caseid) WHERE case_no = 0;
--| table identity_salt identity_salt
CREATE TABLE identity_salt (
    id   INTEGER PRIMARY KEY,
    salt BLOB NOT NULL
) STRICT;
--| table device device
CREATE TABLE device (
    token_hash  BLOB NOT NULL,
    operator_id INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL, -- the last sign-in
    agent       TEXT NOT NULL,
    PRIMARY KEY (token_hash, operator_id)
) STRICT, WITHOUT ROWID;
--| index device device_operator
CREATE INDEX device_operator ON device (operator_id);
--| table guess guess
CREATE TABLE guess (
    operator_id INTEGER NOT NULL,
    place       TEXT NOT NULL,
    failures    INTEGER NOT NULL,
    locked_ms   INTEGER NOT NULL, -- until then; 0: not
    at_ms       INTEGER NOT NULL, -- the last one
    PRIMARY KEY (operator_id, place)
) STRICT, WITHOUT ROWID;
--| table name_view name_view
CREATE TABLE name_view (
    operator_id INTEGER NOT NULL,
    case_no     INTEGER NOT NULL,
    pos         INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    PRIMARY KEY (operator_id, case_no, pos)
) STRICT, WITHOUT ROWID;
--| table name_sum name_sum
CREATE TABLE name_sum (
    operator_id INTEGER NOT NULL,
    case_no     INTEGER NOT NULL,
    began_ms    INTEGER NOT NULL, -- of the span that is summed up
    views       INTEGER NOT NULL,
    PRIMARY KEY (operator_id, case_no)
) STRICT, WITHOUT ROWID;
--| table counterpart counterpart
CREATE TABLE counterpart (
    case_no   INTEGER NOT NULL,
    pos       INTEGER NOT NULL,
    rule      INTEGER NOT NULL,
    other_no  INTEGER NOT NULL,
    other_pos INTEGER NOT NULL,
    PRIMARY KEY (case_no, pos, rule, other_no, other_pos)
) STRICT, WITHOUT ROWID;
--| index counterpart counterpart_other
CREATE INDEX counterpart_other ON counterpart (other_no, other_pos);
--| table counterpart_case counterpart_case
CREATE TABLE counterpart_case (
    other_no INTEGER NOT NULL,
    case_no  INTEGER NOT NULL,
    severe   INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    PRIMARY KEY (other_no, case_no)
) STRICT, WITHOUT ROWID;
--| index counterpart_case counterpart_case_of
CREATE INDEX counterpart_case_of ON counterpart_case (case_no);
--| table origin origin
CREATE TABLE origin (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    unchained INTEGER NOT NULL, -- entries of the audit up to here may be without a chain value
    unordered INTEGER NOT NULL  -- cases up to here may have come in by a clock set back that the audit does not tell of
) STRICT;
--| table run run
CREATE TABLE run (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    name BLOB NOT NULL
) STRICT;
--| index verification verification_rules
CREATE INDEX verification_rules ON verification (rules);
--| rows goose_db_version
INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (11, 1);
--| rows epoch
INSERT INTO epoch (id, value) VALUES (1, 0);
--| rows compatible
INSERT INTO compatible (id, oldest) VALUES (1, 10);
--| rows origin
INSERT INTO origin (id, unchained, unordered) VALUES (1, 0, 0);
