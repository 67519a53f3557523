-- +goose NO TRANSACTION
-- +goose Up
-- Lists of cases: by length and by severe findings, what an operator has done, and on which cases somebody works.
CREATE INDEX CONCURRENTLY IF NOT EXISTS verification_items ON verification (items, case_no);
CREATE INDEX CONCURRENTLY IF NOT EXISTS verification_severe ON verification (severe, case_no);
CREATE INDEX CONCURRENTLY IF NOT EXISTS case_event_actor ON case_event (actor, case_no);
CREATE TABLE IF NOT EXISTS case_claim (
    case_no    BIGINT PRIMARY KEY,
    claimed_by TEXT COLLATE "C" NOT NULL,
    claimed_ms BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS case_claim_by ON case_claim (claimed_by, case_no);
