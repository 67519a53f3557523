// Package receipts is the page of a receipt (受理回执): what the evidence log proves of a case or of one firm, to be
// printed, with codes from which it can be verified.
package receipts

import (
	"embed"
	"encoding/hex"
	"html/template"
	"time"

	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the receipt of a case or of one of its firms, and its file.
func Pages() page.Group {
	return page.Group{Templates: templates,
		Funcs: template.FuncMap{"deed": evidence.DeedName,
			"milli":  func(ms int64) string { return page.Clock(time.UnixMilli(ms)) },
			"digits": func(h evidence.Hex) string { return hex.EncodeToString(h[:]) },
			"root":   func(c evidence.Checkpoint, suite int) string { return hex.EncodeToString(c.Roots[suite][:]) },
			"place":  func(index int64) string { return display.Count(index + 1) },
			"time1":  func(revision int) int { return revision + 1 }},
		Routes: []page.Route{
			page.Get("/cases/{acceptid}/receipt", intake.LookCases, show),
			page.Post("/cases/{acceptid}/receipt", intake.LookCases, take),
		}}
}
