-- +goose Up
-- The ends of the folded caseids, from each character on, so that a part of a caseid is found without going through all
-- of them. They are made from the folded caseids, which stand behind the id of their app.
INSERT INTO entity_key (kind, value, case_no, pos)
SELECT 5, substr(k.folded, n.at), k.case_no, -1
FROM (SELECT substr(value, position(':' IN value) + 1) AS folded, case_no FROM entity_key WHERE kind = 4) k
CROSS JOIN LATERAL generate_series(1, length(k.folded)::integer) AS n (at)
ON CONFLICT DO NOTHING;
