-- +goose Up
-- The counts of a case by verdict, and its entities with one verdict, without their wide rows.
CREATE INDEX verdict_kind ON verdict (case_no, verdict, pos);
