-- +goose Up
-- The rows of the list that the reason of a return names, as 19,22,700-716, counted from one; '': none.
ALTER TABLE case_return ADD COLUMN row_nos TEXT NOT NULL DEFAULT '';
ALTER TABLE case_work ADD COLUMN row_nos TEXT NOT NULL DEFAULT '';
