-- +goose Up
-- Cases that an older program verified are looked for by the version of its rules. Older programs must keep away: what they wrote
-- would lack what is derived since, and they do not know what has been added to keep them from it.
CREATE INDEX verification_rules ON verification (rules);
UPDATE compatible SET oldest = 10;
