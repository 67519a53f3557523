-- +goose Up
-- Lists of the console by day, and the attempts of a case.
CREATE INDEX cases_received ON cases (received_ms, case_no);
CREATE INDEX cases_penaltydate ON cases (penaltydate, case_no);
CREATE INDEX attempt_case ON attempt (case_no) WHERE case_no > 0;
CREATE INDEX attempt_refused ON attempt (app_id, caseid) WHERE case_no = 0;
