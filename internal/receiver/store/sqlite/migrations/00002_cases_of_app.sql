-- +goose Up
-- An app's own cases in order, for listCaseinfo: the days are sought in the index alone.
CREATE INDEX cases_of_app ON cases (app_id, case_no, received_ms);
