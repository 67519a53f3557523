package receivertest

import (
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
)

// Verified waits until nothing waits for verification.
func Verified(t *testing.T, desk *intake.Desk) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		n, err := verify.NewExaminer(desk).Backlog(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
	t.Fatal("not verified")
}
