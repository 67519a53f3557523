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
UPDATE compatible SET oldest = 24;
