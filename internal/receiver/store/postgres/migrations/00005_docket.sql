-- +goose Up
-- The same as on SQLite.
-- What a check knew of: severe findings, and warnings with them. A case that has more is to be checked again.
ALTER TABLE case_work ADD COLUMN severe BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_work ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0;

-- The docket of cases that were verified before there was one; nobody had worked on them.
INSERT INTO docket (kind, since, case_no)
SELECT 1, '', v.case_no FROM verification v
WHERE v.severe + v.warnings > 0 AND NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = v.case_no);
INSERT INTO docket (kind, since, case_no)
SELECT 2, c.penaltydate, c.case_no FROM cases c JOIN verification v ON v.case_no = c.case_no
WHERE NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = c.case_no);
