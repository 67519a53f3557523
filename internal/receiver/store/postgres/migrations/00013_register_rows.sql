-- +goose Up
-- The rows of the snapshots of the market-entity register (主体库): of each snapshot all or none, put in one transaction. They are
-- brought back by an import, so no backup has them.
CREATE TABLE register_rows (
    snapshot  BIGINT PRIMARY KEY,
    row_count BIGINT NOT NULL, -- of register_firm
    last_row  BIGINT NOT NULL  -- the highest row_no that was ever used
);

CREATE TABLE register_firm (
    snapshot   BIGINT NOT NULL,
    row_no     BIGINT NOT NULL,
    pripid     TEXT COLLATE "C" NOT NULL, -- folded, as the other codes
    uniscid    TEXT COLLATE "C" NOT NULL,
    regno      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    legal      TEXT COLLATE "C" NOT NULL,
    legal_key  TEXT COLLATE "C" NOT NULL, -- legal, folded
    enttype    TEXT COLLATE "C" NOT NULL,
    state      BIGINT NOT NULL,
    state_text TEXT COLLATE "C" NOT NULL,
    organ      TEXT COLLATE "C" NOT NULL,
    founded    TEXT COLLATE "C" NOT NULL,
    approved   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (snapshot, row_no)
);
-- row_no is in each, so that no search for the first rows of a value walks through the primary key.
CREATE INDEX register_firm_pripid ON register_firm (snapshot, pripid, row_no) WHERE pripid <> '';
CREATE INDEX register_firm_uniscid ON register_firm (snapshot, uniscid, row_no) WHERE uniscid <> '';
CREATE INDEX register_firm_regno ON register_firm (snapshot, regno, row_no) WHERE regno <> '';
CREATE INDEX register_firm_legal ON register_firm (snapshot, legal_key, row_no) WHERE legal_key <> '';
CREATE INDEX register_firm_organisation ON register_firm (snapshot, substr(uniscid, 9, 9), row_no) WHERE length(uniscid) = 18;

-- In which rows of a part of a snapshot two characters follow each other in the name. A row has the lists of several pairs, from
-- gram on; a part has its first row_no for a name.
CREATE TABLE register_gram (
    snapshot BIGINT NOT NULL,
    part     BIGINT NOT NULL,
    gram     BIGINT NOT NULL,
    lists    BYTEA NOT NULL,
    PRIMARY KEY (snapshot, part, gram)
);
ALTER TABLE register_gram ALTER COLUMN lists SET STORAGE EXTERNAL;
