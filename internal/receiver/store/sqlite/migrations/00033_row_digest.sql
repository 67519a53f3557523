-- +goose Up
-- Rows that change in place have no history: the digest of each state that a step of the program gave them stands here.
CREATE TABLE row_digest (
    digest_no INTEGER PRIMARY KEY,
    at_ms     INTEGER NOT NULL,
    tbl       TEXT    NOT NULL, -- operator, app …
    row_key   TEXT    NOT NULL,
    digest    BLOB    NOT NULL
) STRICT;
CREATE INDEX row_digest_row ON row_digest (tbl, row_key, digest_no);
