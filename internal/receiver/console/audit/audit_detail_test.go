package audit

import (
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// A detail that an older version wrote, and that cannot be read, is shown as it is.
func TestAuditDetailsUnread(t *testing.T) {
	for stored, action := range map[string]intake.Action{"name=\"x": "app create", "source=1 else=2": "sign in",
		"accounts=[\"a\" b]": "app create", "": "sign in", "role=x": "case note"} {
		if got := auditDetail(nil, intake.AuditEntry{Action: action, Detail: stored}); got != stored {
			t.Errorf("%s %q: %q", action, stored, got)
		}
	}
}
