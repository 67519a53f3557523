-- +goose Up
-- From where on this database keeps what an older program did not; written once, here.
CREATE TABLE origin (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    unchained INTEGER NOT NULL, -- entries of the audit up to here may be without a chain value
    unordered INTEGER NOT NULL  -- cases up to here may have come in by a clock set back that the audit does not tell of
) STRICT;
INSERT INTO origin (id, unchained, unordered)
SELECT 1, COALESCE((SELECT MIN(audit_no) - 1 FROM audit WHERE length(chain) > 0), (SELECT MAX(audit_no) FROM audit), 0),
    COALESCE((SELECT MAX(case_no) FROM cases), 0);

-- The server that last used this database, by the name that it also keeps beside it; empty: what the database was before was acknowledged.
CREATE TABLE run (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    name BLOB NOT NULL
) STRICT;
