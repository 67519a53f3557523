-- +goose Up
-- The same as on SQLite.
-- One administrator is not everybody: what waits for the approval of a second person, and of which person an account is. An older
-- program would let in an operator whose account waits: it must not start on this database.
ALTER TABLE operator ADD COLUMN identity BYTEA NOT NULL DEFAULT ''::bytea; -- of the person, hashed; empty: not registered
ALTER TABLE operator ADD COLUMN waits TEXT NOT NULL DEFAULT ''; -- create, reset, enable, role, identity, renew; '': nothing
ALTER TABLE operator ADD COLUMN asked_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE operator ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN to_role TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN to_identity BYTEA NOT NULL DEFAULT ''::bytea;
ALTER TABLE operator ADD COLUMN renewed TEXT NOT NULL DEFAULT ''; -- the last of these that was done with it, when and by whom
ALTER TABLE operator ADD COLUMN renewed_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE operator ADD COLUMN renewed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN set_up_from TEXT NOT NULL DEFAULT ''; -- the address from which the one-time link was used
ALTER TABLE operator ADD COLUMN founder TEXT NOT NULL DEFAULT ''; -- the role of which it was the first, active without approval
ALTER TABLE operator ADD COLUMN founded_ms BIGINT NOT NULL DEFAULT 0; -- when it was set up; 0: not yet

-- A role that somebody has had already has no first one any more.
UPDATE operator SET founder = role, founded_ms = created_ms WHERE password <> '' AND role IN ('system-admin', 'security-admin', 'auditor');

-- The salt over which the identifiers of persons are hashed, of this database alone.
CREATE TABLE identity_salt (
    id   BIGINT PRIMARY KEY,
    salt BYTEA NOT NULL
);

UPDATE compatible SET oldest = 6 WHERE oldest < 6;
