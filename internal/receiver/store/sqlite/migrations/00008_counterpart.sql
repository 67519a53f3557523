-- +goose Up
-- Derived: the row at pos says by rule what it has in common with an earlier row, of its own list or of another case; -1: the case itself.
CREATE TABLE counterpart (
    case_no   INTEGER NOT NULL,
    pos       INTEGER NOT NULL,
    rule      INTEGER NOT NULL,
    other_no  INTEGER NOT NULL,
    other_pos INTEGER NOT NULL,
    PRIMARY KEY (case_no, pos, rule, other_no, other_pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX counterpart_other ON counterpart (other_no, other_pos);

-- Derived: how many of those a case has of each earlier case, by severity.
CREATE TABLE counterpart_case (
    other_no INTEGER NOT NULL,
    case_no  INTEGER NOT NULL,
    severe   INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    PRIMARY KEY (other_no, case_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX counterpart_case_of ON counterpart_case (case_no);

-- What a check knew of what later cases say: the newest of them, and how much up to it.
ALTER TABLE case_work ADD COLUMN seen_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN seen_severe INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN seen_doubts INTEGER NOT NULL DEFAULT 0;

-- A publication without a check that waits for the second person; 0: none does.
ALTER TABLE case_work ADD COLUMN publish_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN publish_by TEXT NOT NULL DEFAULT '';
ALTER TABLE case_work ADD COLUMN publish_day TEXT NOT NULL DEFAULT '';
ALTER TABLE case_work ADD COLUMN publish_reason TEXT NOT NULL DEFAULT '';
