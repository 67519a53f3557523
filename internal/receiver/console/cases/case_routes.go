package cases

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// notices are what is said after a form was taken.
var notices = map[string]string{
	"noted":        "备注已添加。",
	"asked":        "已申请退回，等待复核员确认。",
	"askedpublish": "已申请不经核对登记公示，等待复核员决定。",
	"agreed":       "已同意公示，公示日期已登记。",
	"returned":     "已同意退回，报送单位可以用原案件编号重新报送。",
	"revealed":     "本案清单中的姓名在您的这次登录中暂时显示，查看目的已记入审计。",
}

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
		page.Post("/cases/{acceptid}/check", intake.WorkCases, caseForm("saved", checkCase)),
		page.Post("/cases/{acceptid}/reopen", intake.WorkCases, caseForm("saved", reopenCase)),
		page.Post("/cases/{acceptid}/publish", intake.WorkCases, caseForm("saved", publishCase)),
		page.Post("/cases/{acceptid}/unpublish", intake.WorkCases, caseForm("saved", unpublishCase)),
		page.Post("/cases/{acceptid}/ask", intake.WorkCases, caseForm("asked", askReturn)),
		page.Post("/cases/{acceptid}/withdraw", intake.WorkCases, caseForm("saved", withdrawReturn)),
		page.Post("/cases/{acceptid}/decide", intake.ConfirmReturns, decide(returnDecision)),
		page.Post("/cases/{acceptid}/askpublish", intake.WorkCases, caseForm("askedpublish", askPublish)),
		page.Post("/cases/{acceptid}/withdrawpublish", intake.WorkCases, caseForm("saved", withdrawPublish)),
		page.Post("/cases/{acceptid}/agree", intake.ConfirmReturns, decide(publishDecision)),
	}
}
