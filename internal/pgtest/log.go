package pgtest

import (
	"os"
	"strings"
	"testing"
)

// logLines is how much of a log is shown.
const logLines = 40

// tellLog shows at the end of a test that failed what the server has logged in its time.
func (s *Server) tellLog(t testing.TB) {
	from := int64(0)
	if info, err := os.Stat(s.folder.log()); err == nil && s.shared {
		from = info.Size()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("PostgreSQL on port %d logged:\n%s", s.port, s.logSince(from))
		}
	})
}

// logSince is the end of what was logged after an offset.
func (s *Server) logSince(offset int64) string {
	text, err := os.ReadFile(s.folder.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.SplitAfter(string(text[min(offset, int64(len(text))):]), "\n")
	return strings.Join(lines[max(0, len(lines)-logLines):], "")
}
