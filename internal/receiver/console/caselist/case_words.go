package caselist

import (
	"cmp"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// caseFields are what selects cases and in which order, for the audit.
var caseFields = [][2]string{{"q", "受理号、案件编号或案件名称"},
	{"app", "应用"}, {"handler", "办理人"}, {"caseid", "案件编号"}, {"acceptid", "受理号"}, {"account", "账户"},
	{"name", "案件名称"}, {"org", "处罚决定机关"},
	{"from", "受理时间起"}, {"to", "受理时间止"}, {"decidedfrom", "处罚决定日期起"}, {"decidedto", "处罚决定日期止"}, {"state", "状态"},
	{"rule", "核验提示"},
	{"sort", "排序"}}

// describeQuery says in words what a query selects.
func describeQuery(q *page.Request) (string, error) {
	apps, err := q.Desk.Apps(q.Context(), q.Who)
	var said []string
	v := q.Selection()
	for _, f := range caseFields {
		if value := v.Get(f[0]); value != "" {
			said = append(said, f[1]+"="+fieldWords(apps, f[0], value))
		}
	}
	if said == nil {
		return "全部", err
	}
	return strings.Join(said, "；"), err
}

// fieldWords is the value of a field as the page shows it.
func fieldWords(apps []intake.AppDetail, field, value string) string {
	switch field {
	case "app":
		for _, a := range apps {
			if strconv.FormatInt(a.ID, 10) == value {
				return a.Name
			}
		}
	case "rule":
		if no, err := strconv.Atoi(value); err == nil {
			return ruleTitle(no)
		}
	case "state":
		return cmp.Or(page.StateTitle(intake.CaseState(value)), value)
	case "sort":
		for _, c := range caseColumns {
			if c.sort == value {
				return c.title
			}
		}
	}
	return value
}
