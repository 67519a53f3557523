-- +goose Up
-- What 00019 emptied: requests are proposals.
ALTER TABLE case_work DROP COLUMN asked_ms;
ALTER TABLE case_work DROP COLUMN asked_by;
ALTER TABLE case_work DROP COLUMN reason;
ALTER TABLE case_work DROP COLUMN row_nos;
ALTER TABLE case_work DROP COLUMN publish_ms;
ALTER TABLE case_work DROP COLUMN publish_by;
ALTER TABLE case_work DROP COLUMN publish_day;
ALTER TABLE case_work DROP COLUMN publish_reason;

-- Published cases that no verifier had come to yet were not left to be counted.
INSERT INTO firm_tally (case_no, clear, ready, held, released, withheld, published, alarmed, flagged, checked)
SELECT DISTINCT s.case_no, -1, 0, 0, 0, 0, 0, 0, 0, 0 FROM firm_span s
WHERE NOT EXISTS (SELECT 1 FROM firm_tally t WHERE t.case_no = s.case_no);

UPDATE compatible SET oldest = 24;
