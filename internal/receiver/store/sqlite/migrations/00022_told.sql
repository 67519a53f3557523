-- +goose Up
-- What the answer to a failed call said: its first errors, as JSON, '' where none is recorded.
ALTER TABLE call ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN told TEXT NOT NULL DEFAULT '';
-- Why a caller was not let in, in words of the program, which the answer did not say.
ALTER TABLE call ADD COLUMN cause TEXT NOT NULL DEFAULT '';
-- The caseid in the form that is searched; '' where an older program wrote the row.
ALTER TABLE call ADD COLUMN case_fold TEXT NOT NULL DEFAULT '';
