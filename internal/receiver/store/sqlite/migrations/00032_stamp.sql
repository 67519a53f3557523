-- +goose Up
-- Time-stamps (RFC 3161) of checkpoints. Each covers all before it, so they are never renewed and never change.
CREATE TABLE evidence_stamp (
    stamp_no INTEGER PRIMARY KEY,
    log_no   INTEGER NOT NULL,
    size     INTEGER NOT NULL, -- of the checkpoint
    made_ms  INTEGER NOT NULL, -- by the authority
    token    BLOB    NOT NULL, -- the TimeStampToken, in DER
    FOREIGN KEY (log_no, size) REFERENCES evidence_checkpoint
) STRICT;
