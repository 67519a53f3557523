-- +goose NO TRANSACTION
-- +goose Up
-- Lists of the console by day, and the attempts of a case.
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_received ON cases (received_ms, case_no);
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_penaltydate ON cases (penaltydate, case_no);
CREATE INDEX CONCURRENTLY IF NOT EXISTS attempt_case ON attempt (case_no) WHERE case_no > 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS attempt_refused ON attempt (app_id, caseid) WHERE case_no = 0;
