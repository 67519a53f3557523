-- +goose Up
-- Lists of cases: by length and by severe findings, what an operator has done, and on which cases somebody works.
CREATE INDEX verification_items ON verification (items, case_no);
CREATE INDEX verification_severe ON verification (severe, case_no);
CREATE INDEX case_event_actor ON case_event (actor, case_no);
CREATE TABLE case_claim (
    case_no    INTEGER PRIMARY KEY,
    claimed_by TEXT    NOT NULL,
    claimed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_claim_by ON case_claim (claimed_by, case_no);
