-- +goose Up
-- How often cases were sent once more, by the time.
CREATE INDEX attempt_repeated ON attempt (at_ms) WHERE outcome = 'repeated';
