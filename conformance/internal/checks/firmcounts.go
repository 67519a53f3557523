package checks

import (
	"encoding/json"
	"fmt"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// firmCounts holds that queryCaseinfo, where it tells the firms by state, tells each firm of the list once. A target
// need not have the member.
func firmCounts(t *trial.Trial) {
	needQuery(t)
	id := t.Send(t.NewCase().With("penaltylist", sample.Items(t.Seed(), 3))).Accepted()
	a := t.Call(api.Query, sample.Object{}.With("acceptid", id).With("firmCounts", api.AskFirmCounts)).Succeeds()
	a.Unless("各状态的户数或者没有，或者加起来是报送的户数", wrongCounts(a, 3))
}

// wrongCounts is what is wrong about the firms by state, "" where nothing is, or they are not told.
func wrongCounts(a *trial.Answer, items int) string {
	raw, told := a.Members["firmCounts"]
	if !told {
		return ""
	}
	var n map[string]json.Number
	if json.Unmarshal(raw, &n) != nil || n == nil {
		return "firmCounts 不是对象，成员为整数"
	}
	sum := 0
	for _, name := range []string{"pending", "ready", "held", "released", "withheld", "returned"} {
		count, err := n[name].Int64()
		if err != nil || count < 0 {
			return "firmCounts 的 " + name + " 不是从 0 起的整数"
		}
		sum += int(count)
	}
	published, err := n["published"].Int64()
	released, _ := n["released"].Int64()
	switch {
	case err != nil || published < 0 || published > released:
		return "firmCounts 的 published 不是 released 以内的整数"
	case sum != items:
		return fmt.Sprintf("firmCounts 的六个状态加起来是 %d，报送的是 %d 户", sum, items)
	}
	return ""
}
