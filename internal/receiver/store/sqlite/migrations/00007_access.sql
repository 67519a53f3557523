-- +goose Up
-- Browsers in which an operator has signed in (已知浏览器). Who guesses elsewhere does not lock their owner out of them.
CREATE TABLE device (
    token_hash  BLOB NOT NULL,
    operator_id INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL, -- the last sign-in
    agent       TEXT NOT NULL,
    PRIMARY KEY (token_hash, operator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_operator ON device (operator_id);

-- Sign-ins for an operator that failed in a row from one place: a known browser, or a network.
CREATE TABLE guess (
    operator_id INTEGER NOT NULL,
    place       TEXT NOT NULL,
    failures    INTEGER NOT NULL,
    locked_ms   INTEGER NOT NULL, -- until then; 0: not
    at_ms       INTEGER NOT NULL, -- the last one
    PRIMARY KEY (operator_id, place)
) STRICT, WITHOUT ROWID;

-- Entities of which an operator has lately seen the whole name, one by one.
CREATE TABLE name_view (
    operator_id INTEGER NOT NULL,
    case_no     INTEGER NOT NULL,
    pos         INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    PRIMARY KEY (operator_id, case_no, pos)
) STRICT, WITHOUT ROWID;

-- The same in sums, until they are written into the audit.
CREATE TABLE name_sum (
    operator_id INTEGER NOT NULL,
    case_no     INTEGER NOT NULL,
    began_ms    INTEGER NOT NULL, -- of the span that is summed up
    views       INTEGER NOT NULL,
    PRIMARY KEY (operator_id, case_no)
) STRICT, WITHOUT ROWID;
