-- +goose Up
-- The evidence log: its names and salts, its signed checkpoints, and the tiles of its trees, which are derived.
CREATE TABLE evidence_log (
    log_no    BIGINT PRIMARY KEY,
    origin    TEXT COLLATE "C" NOT NULL UNIQUE,
    salt      BYTEA  NOT NULL,
    begun_ms  BIGINT NOT NULL,
    statement BYTEA  NOT NULL -- signed, of the log before; empty: the first log
);
CREATE TABLE evidence_checkpoint (
    log_no BIGINT NOT NULL REFERENCES evidence_log,
    size   BIGINT NOT NULL, -- leaves
    cases  BIGINT NOT NULL, -- the last case in the log
    events BIGINT NOT NULL, -- the last event in the log
    note   BYTEA  NOT NULL, -- as signed
    PRIMARY KEY (log_no, size)
);
CREATE INDEX evidence_checkpoint_cases ON evidence_checkpoint (log_no, cases);
CREATE INDEX evidence_checkpoint_events ON evidence_checkpoint (log_no, events);
CREATE TABLE evidence_tile (
    log_no  BIGINT NOT NULL,
    level   BIGINT NOT NULL,
    tile_no BIGINT NOT NULL,
    data    BYTEA  NOT NULL, -- up to 256 pairs of hashes: SHA-256, SM3
    PRIMARY KEY (log_no, level, tile_no)
);
