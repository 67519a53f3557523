package console

import (
	"errors"
	"net/http"

	"diaoxiao/internal/receiver/intake"
)

// anybody marks a route that needs no sign-in.
const anybody intake.Right = -1

// route is one page or deed: who may, and what happens.
type route struct {
	pattern string // method and path under the prefix
	right   intake.Right
	serve   func(*request) (answer, error)
}

// routes is every route there is. Whatever is not in it does not exist.
var routes = []route{
	{"GET /setup", anybody, setupCodePage},
	{"POST /setup/open", anybody, setupPage},
	{"POST /setup", anybody, setup},
	{"GET /setup/{token}", anybody, oldSetupLink},
	{"POST /setup/{token}", anybody, oldSetupLink},
	{"GET /login", anybody, loginPage},
	{"POST /login", anybody, login},
	{"POST /logout", intake.OwnVisit, logout},
	{"GET /account", intake.OwnVisit, accountPage},
	{"POST /account/password", intake.OwnVisit, changePassword},
	{"POST /account/visit", intake.OwnVisit, endVisit},
	{"GET /cases", intake.LookCases, casesPage},
	{"POST /cases/columns", intake.LookCases, chooseCaseColumns},
	{"POST /cases/export", intake.LookCases, exportCases},
	{"GET /cases/{acceptid}", intake.LookCases, casePage},
	{"GET /cases/{acceptid}/entities/{pos}", intake.LookCases, casesEntityPage},
	{"POST /cases/{acceptid}/entities/{pos}/reveal", intake.LookCases, revealFromEntity},
	{"POST /cases/{acceptid}/body", intake.LookCases, takeBody},
	{"POST /cases/{acceptid}/list", intake.LookCases, exportList},
	{"POST /cases/{acceptid}/reveal", intake.LookCases, deed("revealed", revealNames)},
	{"POST /cases/{acceptid}/note", intake.WorkCases, deed("noted", noteCase)},
	{"POST /cases/{acceptid}/check", intake.WorkCases, deed("saved", checkCase)},
	{"POST /cases/{acceptid}/reopen", intake.WorkCases, deed("saved", reopenCase)},
	{"POST /cases/{acceptid}/publish", intake.WorkCases, deed("saved", publishCase)},
	{"POST /cases/{acceptid}/unpublish", intake.WorkCases, deed("saved", unpublishCase)},
	{"POST /cases/{acceptid}/ask", intake.WorkCases, deed("asked", askReturn)},
	{"POST /cases/{acceptid}/withdraw", intake.WorkCases, deed("saved", withdrawReturn)},
	{"POST /cases/{acceptid}/decide", intake.ConfirmReturns, decide(returnDecision)},
	{"POST /cases/{acceptid}/askpublish", intake.WorkCases, deed("askedpublish", askPublish)},
	{"POST /cases/{acceptid}/withdrawpublish", intake.WorkCases, deed("saved", withdrawPublish)},
	{"POST /cases/{acceptid}/agree", intake.ConfirmReturns, decide(publishDecision)},
	{"GET /entities", intake.LookCases, entitiesPage},
	{"GET /{$}", intake.OwnVisit, home},
	{"GET /overview", intake.LookCases, overviewPage},
	{"GET /calls", intake.LookCalls, callsPage},
	{"GET /calls/errors", intake.LookCalls, callErrorsPage},
	{"GET /apps", intake.ManageApps, appsPage},
	{"POST /apps", intake.ManageApps, createApp},
	{"GET /apps/new", intake.ManageApps, newAppPage},
	{"GET /apps/{app}", intake.ManageApps, appPage},
	{"POST /apps/{app}/accounts", intake.ManageApps, addAccount},
	{"POST /apps/{app}/account", intake.ManageApps, setAccount},
	{"GET /apps/{app}/secret", intake.ManageApps, secretPage},
	{"POST /apps/{app}/secret", intake.ManageApps, rotateSecret},
	{"POST /apps/{app}/contact", intake.ManageApps, changeApp},
	{"POST /apps/{app}/standing", intake.ManageApps, setApp},
	{"GET /operators", intake.ManageOperators, operatorsPage},
	{"POST /operators", intake.ManageOperators, createOperator},
	{"GET /operators/link", intake.ManageOperators, invitationPage},
	{"GET /operators/new", intake.ManageOperators, newOperatorPage},
	{"POST /operators/reset", intake.ManageOperators, resetOperator},
	{"POST /operators/standing", intake.ManageOperators, setOperator},
	{"GET /operators/edit", intake.ManageOperators, operatorPage},
	{"POST /operators/person", intake.ManageOperators, changePerson},
	{"POST /operators/role", intake.ManageOperators, askRole},
	{"POST /operators/identity", intake.ManageOperators, registerIdentity},
	{"GET /approvals", intake.ApproveOperators, approvalsPage},
	{"POST /approvals/approve", intake.ApproveOperators, approve},
	{"POST /approvals/refuse", intake.ApproveOperators, refuseApproval},
	{"GET /visits", intake.ManagePolicies, visitsPage},
	{"POST /visits/unlock", intake.ManagePolicies, unlock},
	{"GET /policies", intake.ManagePolicies, policiesPage},
	{"POST /policies", intake.ManagePolicies, setPolicies},
	{"GET /audit", intake.LookAudit, auditPage},
	{"POST /audit/verify", intake.LookAudit, verifyAudit},
	{"POST /audit/export", intake.LookAudit, exportAudit},
	{"GET /system", intake.LookSystem, systemPage},
}

func (s *console) handle(r route) {
	method, path, _ := splitPattern(r.pattern)
	s.routes.HandleFunc(method+" "+s.Prefix+path, func(w http.ResponseWriter, req *http.Request) { s.serve(w, req, r) })
}

func splitPattern(p string) (method, path string, ok bool) {
	for i := range p {
		if p[i] == ' ' {
			return p[:i], p[i+1:], true
		}
	}
	return "", p, false
}

// serve finds out who asks and lets the route answer him.
func (s *console) serve(w http.ResponseWriter, r *http.Request, to route) {
	q := s.newRequest(w, r)
	if !q.readable() {
		q.fail(errUnreadable)
		return
	}
	if to.right != anybody {
		switch err := q.identify(); {
		case errors.Is(err, intake.ErrSignedOut):
			q.toLogin()
			return
		case err != nil:
			q.fail(err)
			return
		case !q.who.Role.May(to.right):
			q.fail(intake.ErrForbidden)
			return
		case q.who.Expired && to.right != intake.OwnVisit:
			q.redirect("/account?done=expired")
			return
		}
	}
	a, err := to.serve(q)
	if err != nil {
		q.fail(err)
		return
	}
	if err := a.answer(q); err != nil {
		s.Log.Error("page not shown", "path", r.Pattern, "err", err)
	}
}
