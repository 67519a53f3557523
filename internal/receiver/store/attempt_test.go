package store_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

func testAttempts(t *testing.T, s intake.Store) {
	var want []intake.Attempt
	for _, n := range []int{1, 15, 16, 17, 33, 64} { // in one transaction
		var now []intake.Attempt
		for range n {
			i := len(want) + len(now)
			now = append(now, intake.Attempt{At: at(i), AppID: int64(i % 3), Account: "张三", CaseID: fmt.Sprint(i),
				CaseNo: int64(i / 2),
				Outcome: []intake.Outcome{intake.Accepted, intake.Repeated,
					intake.Refused}[i%3], Codes: "14000,14008", Fields: "caseid,penaltylist[3].uniscid",
				Bytes: int64(i) << 30, SHA256: sha256.Sum256([]byte{byte(i)}), RequestID: "r\x01'\"",
				Source: "2001:db8::1"})
		}
		update(t, s, func(tx intake.Tx) error {
			for _, a := range now {
				if err := tx.InsertAttempt(a); err != nil {
					return err
				}
			}
			return nil
		})
		want = append(want, now...)
	}
	for i := range want {
		want[i].No = int64(i + 1)
	}
	list := func(f intake.AttemptFilter) []intake.Attempt {
		return read(t, s, func(tx intake.Tx) ([]intake.Attempt, error) { return tx.Attempts(f) })
	}
	equal(t, "all", list(intake.AttemptFilter{}), want)
	equal(t, "a page", list(intake.AttemptFilter{After: 7, Limit: 5}), want[7:12])
	equal(t, "of an app", list(intake.AttemptFilter{AppID: 2, After: 3, Limit: 2}), []intake.Attempt{want[5], want[8]})
	equal(t, "of no app", len(list(intake.AttemptFilter{AppID: 9})), 0)
}
