-- +goose Up
-- The unit (单位、部门) of an operator, and when the operator last signed in; 0: never since this column is there.
ALTER TABLE operator ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE operator ADD COLUMN signed_ms BIGINT NOT NULL DEFAULT 0;
