package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"diaoxiao/api"
)

func jsonOf(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// caseOf is a case without problems.
func caseOf(caseID string) api.Case {
	return api.Case{
		CaseID:           caseID,
		CaseName:         "某公司长期停业未经营案",
		CaseIntroduction: "长期停业未经营",
		Illegality:       "成立后无正当理由超过六个月未开业",
		Penalty:          "吊销营业执照",
		PenaltyDate:      "2024-05-20",
		PenaltyOrg:       "内蒙古自治区市场监督管理局",
		PenaltyList: []api.Entity{{
			PripID:  "150203000022016020258191",
			UniscID: "91150203MA0N00024Y",
			Legal:   "乌云其木格",
			EntType: "1130",
		}},
	}
}

func bodyOf(caseID string) string { return jsonOf(caseOf(caseID)) }

// without is the body of a case without one member.
func without(caseID, member string) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(bodyOf(caseID)), &m); err != nil {
		panic(err)
	}
	delete(m, member)
	return jsonOf(m)
}

// padded is the body of a case of at least n bytes, by an unknown member that does not compress well.
func padded(caseID string, n int) string {
	var b strings.Builder
	b.WriteString(`{"x":[""`)
	noise := rand.New(rand.NewPCG(1, uint64(n)))
	for b.Len() < n {
		fmt.Fprintf(&b, ",%d", noise.Uint64())
	}
	return b.String() + "]," + bodyOf(caseID)[1:]
}

// wide is the body of a case with so many entities.
func wide(caseID string, entities int) string {
	c := caseOf(caseID)
	for i := range entities - 1 {
		e := c.PenaltyList[0]
		e.PripID = fmt.Sprintf("15020300002201602%07d", i)
		c.PenaltyList = append(c.PenaltyList, e)
	}
	return jsonOf(c)
}
