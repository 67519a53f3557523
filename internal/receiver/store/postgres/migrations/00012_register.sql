-- +goose Up
-- The snapshots of the market-entity register (主体库). Their rows are in tables of their own; a snapshot never changes.
CREATE TABLE register_snapshot (
    snapshot_id BIGINT PRIMARY KEY,
    as_of       TEXT COLLATE "C" NOT NULL, -- the day whose state it has
    row_count   BIGINT NOT NULL,
    base        BIGINT NOT NULL, -- the snapshot to which changes were applied; 0: none
    imported_ms BIGINT NOT NULL,
    imported_by TEXT COLLATE "C" NOT NULL,
    report      TEXT COLLATE "C" NOT NULL  -- JSON
);

-- Derived: the verdict on each entity that was compared with the register, and the firm to which its codes lead.
CREATE TABLE verdict (
    case_no    BIGINT NOT NULL,
    pos        BIGINT NOT NULL,
    verdict    BIGINT NOT NULL,
    rule       BIGINT NOT NULL, -- that decided; 0: none
    fields     BIGINT NOT NULL, -- that differ, a bit each
    others     BIGINT NOT NULL, -- further firms
    snapshot   BIGINT NOT NULL, -- with which it came about
    row_no     BIGINT NOT NULL, -- of the firm there; 0: none
    pripid     TEXT COLLATE "C" NOT NULL,
    uniscid    TEXT COLLATE "C" NOT NULL,
    regno      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    legal      TEXT COLLATE "C" NOT NULL,
    enttype    TEXT COLLATE "C" NOT NULL,
    state      BIGINT NOT NULL,
    state_text TEXT COLLATE "C" NOT NULL,
    organ      TEXT COLLATE "C" NOT NULL,
    founded    TEXT COLLATE "C" NOT NULL,
    approved   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_no, pos)
);

-- With which snapshot the case was last compared (0: never), and when that last made a verdict of it worse (0: never).
ALTER TABLE verification ADD COLUMN snapshot BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification ADD COLUMN worse_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX verification_snapshot ON verification (snapshot);

UPDATE compatible SET oldest = 12;
