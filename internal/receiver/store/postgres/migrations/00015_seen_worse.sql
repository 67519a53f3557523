-- +goose Up
-- How far the person who last decided on a case had seen its verdicts become worse: the verification's worse_ms then.
ALTER TABLE case_work ADD COLUMN seen_worse_ms BIGINT NOT NULL DEFAULT 0;
