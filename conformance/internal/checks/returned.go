package checks

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// returnMembers are those by which queryCaseinfo tells why a case was returned. A target need not have them.
var returnMembers = []string{"returnedAt", "returnReason", "returnRowCount", "returnRows"}

// mostReturned is how many returned cases of the target are looked at.
const mostReturned = 3

// returns holds what queryCaseinfo tells of returns: nothing of a case that was not returned; of those that the
// target's list has as returned what can be relied on, or nothing.
func returns(t *trial.Trial) {
	id := t.Send(t.NewCase()).Accepted()
	a := queryCase(t, "acceptid", id).Succeeds()
	if a.Text("state") != api.StateReturned {
		a.Unless("没有退回的案件，没有退回的理由和条目", saysReturned(a))
	}
	if !t.Known("list", func() bool { return t.Call(api.List, "{}").Offered() }) {
		return
	}
	var returned []string
	turnPages(t, sample.Object{}, func(p page) {
		for _, e := range p {
			if e.is("state", api.StateReturned) && len(returned) < mostReturned {
				returned = append(returned, e.text("acceptid"))
			}
		}
	})
	for _, id := range returned {
		a := t.Call(api.Query, sample.Object{}.With("acceptid", id).With("returnDetails", api.AskReturnDetails)).
			Succeeds()
		a.Unless("退回的理由和条目或者没有，或者写法正确", wrongReturn(a))
	}
}

func saysReturned(a *trial.Answer) string {
	for _, name := range returnMembers {
		if _, there := a.Members[name]; there {
			return "有 " + name
		}
	}
	return ""
}

// wrongReturn is what is wrong about the members of a return, "" where nothing is, or there are none.
func wrongReturn(a *trial.Answer) string {
	if saysReturned(a) == "" {
		return ""
	}
	var count, items int
	var rows []struct{ Position int }
	_, err := time.Parse(time.RFC3339, a.Text("returnedAt"))
	_, told := a.Members["items"]
	switch {
	case strings.TrimSpace(a.Text("returnReason")) == "":
		return "returnReason 不是文字，或者是空的"
	case err != nil:
		return "returnedAt 不是时间"
	case json.Unmarshal(a.Members["returnRowCount"], &count) != nil || count < 0:
		return "returnRowCount 不是从 0 起的整数"
	case json.Unmarshal(a.Members["returnRows"], &rows) != nil || rows == nil:
		return "returnRows 不是数组，各项有 position"
	case len(rows) > api.MaxReturnedRows || len(rows) > count:
		return fmt.Sprintf("returnRows 有 %d 条，至多 %d 条，且不多于 returnRowCount", len(rows), api.MaxReturnedRows)
	case json.Unmarshal(a.Members["items"], &items) != nil && told:
		return "items 不是整数"
	}
	last := 0
	for _, r := range rows {
		if r.Position <= last || told && r.Position > items {
			return fmt.Sprintf("returnRows 的 position %d：应从 1 数起，由小到大，不超过户数", r.Position)
		}
		last = r.Position
	}
	return ""
}
