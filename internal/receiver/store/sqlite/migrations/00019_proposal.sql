-- +goose Up
-- Requests that wait become proposals. Nothing is known of what those who asked were shown: there is no digest.
INSERT INTO proposal (case_no, kind, row_nos, row_count, held, day, reason, digest, asked_ms, asked_by, answer,
    answered_ms, answered_by, reply)
SELECT w.case_no, 3, w.row_nos, c.items, 0, '', w.reason, zeroblob(32), w.asked_ms, w.asked_by, 0, 0, '', ''
FROM case_work w JOIN cases c ON c.case_no = w.case_no
WHERE w.asked_ms > 0 AND NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = w.case_no) ORDER BY w.asked_ms;

-- A publication without a check was asked for all firms of a case: they are released and published on that day.
INSERT INTO proposal (case_no, kind, row_nos, row_count, held, day, reason, digest, asked_ms, asked_by, answer,
    answered_ms, answered_by, reply)
SELECT w.case_no, 1, CASE WHEN c.items = 1 THEN '1' ELSE '1-' || CAST(c.items AS TEXT) END, c.items, c.items,
    w.publish_day, w.publish_reason, zeroblob(32), w.publish_ms, w.publish_by, 0, 0, '', ''
FROM case_work w JOIN cases c ON c.case_no = w.case_no
WHERE w.publish_ms > 0 AND c.items > 0 AND NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = w.case_no)
ORDER BY w.publish_ms;

UPDATE case_work SET asked_ms = 0, asked_by = '', reason = '', row_nos = '', publish_ms = 0, publish_by = '',
    publish_day = '', publish_reason = '';
UPDATE docket SET kind = 3 WHERE kind = 5;
UPDATE compatible SET oldest = 19;
