-- +goose Up
-- What an operator did last, whose proposals were refused, and who has opened a case.
CREATE INDEX case_event_by ON case_event (actor, event_no);
CREATE INDEX proposal_refused ON proposal (asked_by, proposal_no) WHERE answer = 2;
CREATE TABLE case_opening (
    case_no   INTEGER PRIMARY KEY,
    opened_by TEXT    NOT NULL,
    opened_ms INTEGER NOT NULL
) STRICT;
