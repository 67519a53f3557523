-- +goose Up
-- What witnesses signed of the evidence log, and what its keys signed about the keys that came after them.
CREATE TABLE evidence_cosignature (
    log_no  INTEGER NOT NULL,
    size    INTEGER NOT NULL, -- of the checkpoint
    key_hash INTEGER NOT NULL, -- of the witness
    witness TEXT    NOT NULL, -- its name and the hash of its key
    at_ms   INTEGER NOT NULL,
    line    TEXT    NOT NULL, -- the signature as the note has it
    PRIMARY KEY (log_no, size, key_hash),
    FOREIGN KEY (log_no, size) REFERENCES evidence_checkpoint (log_no, size)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_cosignature_witness ON evidence_cosignature (log_no, witness, size);
CREATE TABLE evidence_rotation (
    log_no      INTEGER NOT NULL REFERENCES evidence_log,
    rotation_no INTEGER NOT NULL, -- from 1
    at_ms       INTEGER NOT NULL,
    statement   BLOB    NOT NULL, -- signed by the keys that were replaced
    PRIMARY KEY (log_no, rotation_no)
) STRICT, WITHOUT ROWID;
