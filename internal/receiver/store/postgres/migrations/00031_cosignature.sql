-- +goose Up
-- What witnesses signed of the evidence log, and what its keys signed about the keys that came after them.
CREATE TABLE evidence_cosignature (
    log_no  BIGINT NOT NULL,
    size    BIGINT NOT NULL, -- of the checkpoint
    key_hash BIGINT NOT NULL, -- of the witness
    witness TEXT COLLATE "C" NOT NULL, -- its name and the hash of its key
    at_ms   BIGINT NOT NULL,
    line    TEXT COLLATE "C" NOT NULL, -- the signature as the note has it
    PRIMARY KEY (log_no, size, key_hash),
    FOREIGN KEY (log_no, size) REFERENCES evidence_checkpoint (log_no, size)
);
CREATE INDEX evidence_cosignature_witness ON evidence_cosignature (log_no, witness, size);
CREATE TABLE evidence_rotation (
    log_no      BIGINT NOT NULL REFERENCES evidence_log,
    rotation_no BIGINT NOT NULL, -- from 1
    at_ms       BIGINT NOT NULL,
    statement   BYTEA  NOT NULL, -- signed by the keys that were replaced
    PRIMARY KEY (log_no, rotation_no)
);
