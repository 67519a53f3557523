-- +goose Up
-- The same as on SQLite.

-- Browsers in which an operator has signed in (已知浏览器). Who guesses elsewhere does not lock their owner out of them.
CREATE TABLE device (
    token_hash  BYTEA NOT NULL,
    operator_id BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL,
    seen_ms     BIGINT NOT NULL, -- the last sign-in
    agent       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (token_hash, operator_id)
);
CREATE INDEX device_operator ON device (operator_id);

-- Sign-ins for an operator that failed in a row from one place: a known browser, or a network.
CREATE TABLE guess (
    operator_id BIGINT NOT NULL,
    place       TEXT COLLATE "C" NOT NULL,
    failures    BIGINT NOT NULL,
    locked_ms   BIGINT NOT NULL, -- until then; 0: not
    at_ms       BIGINT NOT NULL, -- the last one
    PRIMARY KEY (operator_id, place)
);

-- Entities of which an operator has lately seen the whole name, one by one.
CREATE TABLE name_view (
    operator_id BIGINT NOT NULL,
    case_no     BIGINT NOT NULL,
    pos         BIGINT NOT NULL,
    at_ms       BIGINT NOT NULL,
    PRIMARY KEY (operator_id, case_no, pos)
);

-- The same in sums, until they are written into the audit.
CREATE TABLE name_sum (
    operator_id BIGINT NOT NULL,
    case_no     BIGINT NOT NULL,
    began_ms    BIGINT NOT NULL, -- of the span that is summed up
    views       BIGINT NOT NULL,
    PRIMARY KEY (operator_id, case_no)
);
