-- +goose Up
-- The ends of the folded caseids, from each character on, so that a part of a caseid is found without going through all
-- of them. They are made from the folded caseids, which stand behind the id of their app.
INSERT OR IGNORE INTO entity_key (kind, value, case_no, pos)
WITH RECURSIVE ending (value, case_no) AS (
    SELECT substr(value, instr(value, ':') + 1), case_no FROM entity_key WHERE kind = 4
    UNION ALL
    SELECT substr(value, 2), case_no FROM ending WHERE length(value) > 1
)
SELECT 5, value, case_no, -1 FROM ending WHERE value <> '' ORDER BY value, case_no;
