-- +goose Up
-- The rows of the snapshots of the market-entity register (主体库) are in files of their own, whose tables a build makes: this
-- number is PostgreSQL's, and both engines number alike.
SELECT 1;
