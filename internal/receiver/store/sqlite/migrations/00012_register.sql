-- +goose Up
-- The snapshots of the market-entity register (主体库). Their rows are in files of their own; a snapshot never changes.
CREATE TABLE register_snapshot (
    snapshot_id INTEGER PRIMARY KEY,
    as_of       TEXT    NOT NULL, -- the day whose state it has
    row_count   INTEGER NOT NULL,
    base        INTEGER NOT NULL, -- the snapshot to which changes were applied; 0: none
    imported_ms INTEGER NOT NULL,
    imported_by TEXT    NOT NULL,
    report      TEXT    NOT NULL  -- JSON
) STRICT;

-- Derived: the verdict on each entity that was compared with the register, and the firm to which its codes lead.
CREATE TABLE verdict (
    case_no    INTEGER NOT NULL,
    pos        INTEGER NOT NULL,
    verdict    INTEGER NOT NULL,
    rule       INTEGER NOT NULL, -- that decided; 0: none
    fields     INTEGER NOT NULL, -- that differ, a bit each
    others     INTEGER NOT NULL, -- further firms
    snapshot   INTEGER NOT NULL, -- with which it came about
    row_no     INTEGER NOT NULL, -- of the firm there; 0: none
    pripid     TEXT    NOT NULL,
    uniscid    TEXT    NOT NULL,
    regno      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    legal      TEXT    NOT NULL,
    enttype    TEXT    NOT NULL,
    state      INTEGER NOT NULL,
    state_text TEXT    NOT NULL,
    organ      TEXT    NOT NULL,
    founded    TEXT    NOT NULL,
    approved   TEXT    NOT NULL,
    PRIMARY KEY (case_no, pos)
) STRICT, WITHOUT ROWID;

-- With which snapshot the case was last compared (0: never), and when that last made a verdict of it worse (0: never).
ALTER TABLE verification ADD COLUMN snapshot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE verification ADD COLUMN worse_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX verification_snapshot ON verification (snapshot);

UPDATE compatible SET oldest = 12;
