package operators

import (
	"net/url"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// invitation is shown this once.
type invitation struct {
	Name, Person string
	Link         string
	Until        time.Time
	Reset        bool
	Approver     string // who approves; "": nobody need
	Renewal      bool   // the reset itself is approved before the link opens
}

// handedLink is what the page of a one-time link is handed.
type handedLink struct {
	Name, Person, Token string
	Reset               bool
	Until               time.Time
}

func linkPath(name string) string { return "/operators/link?name=" + url.QueryEscape(name) }

func handLink(q *page.Request, l handedLink) (page.Answer, error) {
	l.Until = q.Clock().Add(staff.InvitationLife)
	return q.Hand(linkPath(l.Name), l)
}

// invitationPage shows a one-time link, once.
func invitationPage(q *page.Request) (page.Answer, error) {
	var l handedLink
	if !q.Take(linkPath(q.Field("name")), &l) {
		return q.ShownBefore(page.ShownOnce{What: "一次性链接", Next: "/operators", NextTitle: "回到操作员列表",
			How: "请在操作员列表中重置，即得到新的链接，原链接随之作废。"}), nil
	}
	scheme := "http"
	if q.Secure(q.Request) {
		scheme = "https"
	}
	link := scheme + "://" + q.Host + q.Link("/setup#"+l.Token)
	d := invitation{Name: l.Name, Person: l.Person, Link: link, Until: l.Until, Reset: l.Reset}
	os, err := q.Staff.Operators(q.Context(), q.Who)
	for _, o := range os {
		if o.Name == l.Name && o.Waits.Kind != "" {
			d.Approver, d.Renewal = o.Approver(), o.Waits.Kind == intake.ChangeRenew
		}
	}
	return page.View{Template: "invitation_show", Title: "一次性链接", Data: d}, err
}
