package entities

import (
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// fileData is one entity across all cases.
type fileData struct {
	Title  string
	Alarms []alarmText
	More   bool
}

// alarmText is an alarm in words.
type alarmText struct{ Class, Text string }

// fillEntityFile shows every row that goes with a code, whoever sent it, what differs from the first marked.
func fillEntityFile(q *page.Request, d *entitiesData, kind intake.KeyKind, code string) error {
	f, err := q.Cases.EntityFile(q.Context(), q.Who, kind, code)
	if err != nil || len(f.Hits) == 0 {
		return err
	}
	d.File = &fileData{Title: display.Plain(rules.MaskPersonal(code)), More: f.More}
	for _, a := range f.Alarms {
		d.File.Alarms = append(d.File.Alarms, alarmOf(a))
	}
	hits, pager := page.CutFrom(q, f.Hits)
	d.Pager = q.Counted(pager, len(f.Hits), f.More, "户次")
	for i := range hits {
		d.Rows = append(d.Rows, newHitRow(q, hits[i], &f.Hits[0]))
	}
	return nil
}

func alarmOf(a casework.EntityAlarm) alarmText {
	shown := make([]string, len(a.Others))
	for i, o := range a.Others {
		shown[i] = display.Plain(rules.MaskPersonal(o))
	}
	value, others := display.Plain(rules.MaskPersonal(a.Value)), strings.Join(shown, "、")
	switch a.Kind {
	case casework.CodesOfPripID:
		return alarmText{"severe", fmt.Sprintf("同一身份代码 %s 对应不同的信用代码：%s。"+
			"可能指向不同主体，有误吊销其他市场主体营业执照的风险，请与登记系统核对。", value, others)}
	case casework.PripIDsOfCode:
		return alarmText{"severe", fmt.Sprintf("同一信用代码 %s 对应不同的身份代码：%s。可能是重码或填错了主体，请与登记系统核对。", value, others)}
	case casework.CasesOfCode:
		return alarmText{"warning", fmt.Sprintf("信用代码 %s 见于多件没有退回的案件：%s。请核对是否重复吊销、一案两报。", value, others)}
	}
	return alarmText{"warning", fmt.Sprintf("身份代码 %s 见于多件没有退回的案件：%s。请核对是否重复吊销、一案两报。", value, others)}
}
