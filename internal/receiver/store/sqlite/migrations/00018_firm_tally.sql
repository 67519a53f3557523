-- +goose Up
ALTER TABLE firm_tally ADD COLUMN to_check INTEGER NOT NULL DEFAULT 0; -- with doubts that no person settled
ALTER TABLE firm_tally ADD COLUMN alarms INTEGER NOT NULL DEFAULT 0; -- of those: released and alarmed
ALTER TABLE firm_tally ADD COLUMN case_severe INTEGER NOT NULL DEFAULT 0; -- 1: a severe finding on the case itself
ALTER TABLE firm_tally ADD COLUMN case_doubt INTEGER NOT NULL DEFAULT 0; -- 1: a severe one or a warning

-- The firms of these cases are not counted yet.
INSERT INTO firm_tally (case_no, clear, ready, held, released, withheld, published, alarmed, flagged, checked)
SELECT case_no, -1, 0, 0, 0, 0, 0, 0, 0, 0 FROM verification;
CREATE INDEX firm_tally_uncounted ON firm_tally (case_no) WHERE clear < 0;

-- The days of a publication run while a firm is undecided, or released and not published.
UPDATE docket SET kind = 7 WHERE kind = 2;
