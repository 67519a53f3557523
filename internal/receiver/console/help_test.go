package console_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// helpLink is a link to what help says of a code or a rule.
var helpLink = regexp.MustCompile(`href="/console/help/(?:codes|rules)#((?:code|rule)-\d+)"`)

// Every link to an error code or a rule leads to a place that help has, from wherever one is shown.
func TestCodesAndRulesLeadToHelp(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	c, _ := flaggedCase("1号", 10, 5)
	id := s.send(c)
	s.login()
	s.wait(time.Second)
	s.call(api.Receive, "?access_token="+s.token, `{"caseid":"9号","penaltydate":"2026年3月5日"}`)
	h.verify()
	h.recordCalls()
	clerk, admin := h.enter(intake.Clerk, "clerk"), h.enter(intake.SystemAdmin, "admin")
	places := clerk.see("/help/codes") + clerk.see("/help/rules")
	for name, p := range map[string]string{"calls": clerk.see("/calls"), "call": clerk.firstCall("/calls"),
		"errors": admin.see("/calls/errors"), "case": clerk.see("/cases/" + id)} {
		links := helpLink.FindAllStringSubmatch(p, -1)
		if len(links) == 0 {
			t.Errorf("%s: no link to help: %s", name, text(p))
		}
		for _, m := range links {
			if !strings.Contains(places, `id="`+m[1]+`"`) {
				t.Errorf("%s: help has no %s", name, m[1])
			}
		}
	}
}
