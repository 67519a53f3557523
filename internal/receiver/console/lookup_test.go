package console_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// A firm that is compared is one press away from its page in the registration system, if the console knows where that
// is. A code that may be a personal ID number is in no address.
func TestRegistryIsLookedUp(t *testing.T) {
	for registry, want := range map[string]string{
		"":                                     "",
		"https://dj.example/q?code={uniscid}":  `href="https://dj.example/q?code=91150104MA0N967166"`,
		"https://dj.example/{pripid}?a=1&b=2":  `href="https://dj.example/150104000022017071732290?a=1&amp;b=2"`,
		"http://dj.example/{pripid}/{uniscid}": `href="http://dj.example/150104000022017071732290/91150104MA0N967166"`,
	} {
		h := openHouse(t, func(c *console.Config) { c.Registry = registry })
		id := h.admit("甲局").send(aCase("1号", aCase("").PenaltyList[0],
			api.Entity{PripID: "1", UniscID: "11010519491231002X", Legal: "人", EntType: "1151"}))
		h.verify()
		clerk := h.enter(intake.Clerk, "clerk")
		p := clerk.see("/cases/" + id + "/compare?at=1")
		if want == "" && strings.Contains(p, "查登记") || !strings.Contains(p, want) {
			t.Errorf("%s: the page lacks %s", registry, want)
		}
		p = clerk.see("/cases/" + id + "/compare?at=2")
		if strings.Contains(p, "11010519491231002X") {
			t.Errorf("%s: the number is whole", registry)
		}
	}
}
