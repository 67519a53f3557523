-- +goose NO TRANSACTION
-- +goose Up
-- What an operator did last, whose proposals were refused, and who has opened a case.
CREATE INDEX CONCURRENTLY IF NOT EXISTS case_event_by ON case_event (actor, event_no);
CREATE INDEX CONCURRENTLY IF NOT EXISTS proposal_refused ON proposal (asked_by, proposal_no) WHERE answer = 2;
CREATE TABLE IF NOT EXISTS case_opening (
    case_no   BIGINT PRIMARY KEY,
    opened_by TEXT COLLATE "C" NOT NULL,
    opened_ms BIGINT NOT NULL
);
