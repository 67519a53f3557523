-- +goose Up
-- The evidence log: its names and salts, its signed checkpoints, and the tiles of its trees, which are derived.
CREATE TABLE evidence_log (
    log_no    INTEGER PRIMARY KEY,
    origin    TEXT    NOT NULL UNIQUE,
    salt      BLOB    NOT NULL,
    begun_ms  INTEGER NOT NULL,
    statement BLOB    NOT NULL -- signed, of the log before; empty: the first log
) STRICT;
CREATE TABLE evidence_checkpoint (
    log_no INTEGER NOT NULL REFERENCES evidence_log,
    size   INTEGER NOT NULL, -- leaves
    cases  INTEGER NOT NULL, -- the last case in the log
    events INTEGER NOT NULL, -- the last event in the log
    note   BLOB    NOT NULL, -- as signed
    PRIMARY KEY (log_no, size)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_checkpoint_cases ON evidence_checkpoint (log_no, cases);
CREATE INDEX evidence_checkpoint_events ON evidence_checkpoint (log_no, events);
CREATE TABLE evidence_tile (
    log_no  INTEGER NOT NULL,
    level   INTEGER NOT NULL,
    tile_no INTEGER NOT NULL,
    data    BLOB    NOT NULL, -- up to 256 pairs of hashes: SHA-256, SM3
    PRIMARY KEY (log_no, level, tile_no)
) STRICT;
