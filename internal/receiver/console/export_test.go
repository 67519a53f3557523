package console

import "diaoxiao/internal/receiver/intake"

// Anybody marks a route that needs no sign-in.
const Anybody = anybody

// Route is one entry of the route table.
type Route struct {
	Pattern string
	Right   intake.Right
}

// Routes is the route table.
func Routes() (rs []Route) {
	for _, r := range routes {
		rs = append(rs, Route{r.pattern, r.right})
	}
	return rs
}

// AuditDetail is what an auditor reads for the detail of an entry.
var AuditDetail = auditDetail
