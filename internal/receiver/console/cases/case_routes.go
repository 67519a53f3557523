package cases

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// notices are what is said on the pages of this folder that have no bar of deeds.
var notices = map[string]string{"shown": deeds["revealed"]}

// caseRoutes are the page of one case, the pages of its firms, and what their forms do.
func caseRoutes() []page.Route {
	return []page.Route{
		page.Get("/cases/{acceptid}", intake.LookCases, casePage),
		page.Get("/cases/{acceptid}/entities/{pos}", intake.LookCases, casesEntityPage),
		page.Post("/cases/{acceptid}/entities/{pos}/reveal", intake.LookCases, revealFromEntity),
		page.Post("/cases/{acceptid}/body", intake.LookCases, takeBody),
		page.Post("/cases/{acceptid}/list", intake.LookCases, exportList),
		page.Post("/cases/{acceptid}/reveal", intake.LookCases, caseForm("revealed", revealNames)),
		page.Post("/cases/{acceptid}/note", intake.WorkCases, caseForm("noted", noteCase)),
		page.Post("/cases/{acceptid}/check", intake.WorkCases, caseForm("checked", checkCase)),
		page.Post("/cases/{acceptid}/reopen", intake.WorkCases, caseForm("reopened", reopenCase)),
		page.Post("/cases/{acceptid}/publish", intake.WorkCases, caseForm("published", publishCase)),
		page.Post("/cases/{acceptid}/unpublish", intake.WorkCases, caseForm("unpublished", unpublishCase)),
		page.Post("/cases/{acceptid}/ask", intake.WorkCases, caseForm("asked", askReturn)),
		page.Post("/cases/{acceptid}/withdraw", intake.WorkCases, caseForm("withdrawn", withdraw)),
		page.Post("/cases/{acceptid}/decide", intake.ConfirmReturns, decide),
		page.Post("/cases/{acceptid}/release", intake.WorkCases, caseForm("askedrelease", askRelease)),
	}
}
