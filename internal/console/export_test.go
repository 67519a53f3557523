package console

import "diaoxiao/internal/intake"

// AuditActions are all actions that have Chinese words.
func AuditActions() (all []string) {
	for _, g := range auditGroups {
		for _, a := range g.Actions {
			all = append(all, a.Value)
		}
	}
	return all
}

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

// AuditTitle and AuditDetail are what an auditor reads of an entry.
var AuditTitle, AuditDetail = auditTitle, auditDetail
