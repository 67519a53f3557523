-- +goose Up
-- Time-stamps (RFC 3161) of checkpoints. Each covers all before it, so they are never renewed and never change.
CREATE TABLE evidence_stamp (
    stamp_no BIGINT PRIMARY KEY,
    log_no   BIGINT NOT NULL,
    size     BIGINT NOT NULL, -- of the checkpoint
    made_ms  BIGINT NOT NULL, -- by the authority
    token    BYTEA  NOT NULL, -- the TimeStampToken, in DER
    FOREIGN KEY (log_no, size) REFERENCES evidence_checkpoint
);
