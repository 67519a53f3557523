-- +goose NO TRANSACTION
-- +goose Up
-- How often cases were sent once more, by the time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS attempt_repeated ON attempt (at_ms) WHERE outcome = 'repeated';
