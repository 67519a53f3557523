// Package cases is the page of each case with what is done about it, the pages of its firms, and its papers.
package cases

import (
	"embed"
	"html/template"
	"slices"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are each case, each firm of its list, and the papers about it.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices,
		Funcs:  template.FuncMap{"said": saidOf, "outcome": outcome, "fold": fold},
		Routes: slices.Concat(caseRoutes(), paperRoutes(), packageRoutes())}
}

// notices are what is said on the pages of this folder that have no bar of deeds.
var notices = map[string]string{"shown": deeds["revealed"]}

// caseRoutes are the page of one case, the pages of its firms, and what their forms do.
func caseRoutes() []page.Route {
	return []page.Route{
		page.Get("/cases/{acceptid}", intake.LookCases, casePage),
		page.Get("/cases/{acceptid}/entities/{pos}", intake.LookCases, casesEntityPage),
		page.Post("/cases/{acceptid}/entities/{pos}/reveal", intake.LookCases, revealFromEntity),
		page.Get("/cases/{acceptid}/resent", intake.LookCases, resentPage),
		page.Get("/cases/{acceptid}/compare", intake.LookCases, comparePage),
		page.Post("/cases/{acceptid}/compare", intake.WorkCases, compareFirm),
		page.Post("/cases/{acceptid}/compare/reveal", intake.LookCases, revealToCompare),
		page.Post("/cases/{acceptid}/body", intake.LookCases, takeBody),
		page.Post("/cases/{acceptid}/list", intake.LookCases, exportList),
		page.Post("/cases/{acceptid}/reveal", intake.LookCases, caseForm("revealed", revealNames)),
		page.Post("/cases/{acceptid}/claim", intake.WorkCases, caseForm("claimed", claimCase)),
		page.Post("/cases/{acceptid}/unclaim", intake.WorkCases, caseForm("unclaimed", unclaimCase)),
		page.Post("/cases/{acceptid}/note", intake.WorkCases, caseForm("noted", noteCase)),
		page.Post("/cases/{acceptid}/check", intake.WorkCases, caseForm("checked", checkCase)),
		page.Post("/cases/{acceptid}/reopen", intake.WorkCases, caseForm("reopened", reopenCase)),
		page.Post("/cases/{acceptid}/correctday", intake.WorkCases, caseForm("daycorrected", correctDay)),
		page.Post("/cases/{acceptid}/checkfirms", intake.WorkCases, checkFirms),
		page.Post("/cases/{acceptid}/propose", intake.WorkCases, propose),
		page.Post("/cases/{acceptid}/publish", intake.WorkCases, caseForm("published", publishCase)),
		page.Post("/cases/{acceptid}/unpublish", intake.WorkCases, caseForm("unpublished", unpublishCase)),
	}
}
