-- +goose Up
-- The same as on SQLite.
-- Derived: the row at pos says by rule what it has in common with an earlier row, of its own list or of another case; -1: the case itself.
CREATE TABLE counterpart (
    case_no   BIGINT NOT NULL,
    pos       BIGINT NOT NULL,
    rule      BIGINT NOT NULL,
    other_no  BIGINT NOT NULL,
    other_pos BIGINT NOT NULL,
    PRIMARY KEY (case_no, pos, rule, other_no, other_pos)
);
CREATE INDEX counterpart_other ON counterpart (other_no, other_pos);

-- Derived: how many of those a case has of each earlier case, by severity.
CREATE TABLE counterpart_case (
    other_no BIGINT NOT NULL,
    case_no  BIGINT NOT NULL,
    severe   BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    PRIMARY KEY (other_no, case_no)
);
CREATE INDEX counterpart_case_of ON counterpart_case (case_no);

-- What a check knew of what later cases say: the newest of them, and how much up to it.
ALTER TABLE case_work ADD COLUMN seen_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN seen_severe BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN seen_doubts BIGINT NOT NULL DEFAULT 0;

-- A publication without a check that waits for the second person; 0: none does.
ALTER TABLE case_work ADD COLUMN publish_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN publish_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE case_work ADD COLUMN publish_day TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE case_work ADD COLUMN publish_reason TEXT COLLATE "C" NOT NULL DEFAULT '';
