package calls

import (
	"fmt"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
)

// sayTo is what an operator passes on to the sender of a call, in plain text. It holds what the sender was told, and
// never what the sender must not learn.
func sayTo(c callRow) string {
	lines := []string{
		"批量吊销接口调用情况",
		"时间：" + page.Clock(c.At) + "（北京时间）",
		"接口：" + display.Plain(c.Title+"（"+c.Name+"）"),
		"请求编号：" + c.RequestID,
	}
	lines = appendFact(lines, "应用", c.AppName)
	lines = appendFact(lines, "案件编号", c.CaseID)
	lines = appendFact(lines, "受理号", c.AcceptID)
	lines = append(lines, "结果："+c.Ended)
	lines = append(lines, errorLines(c)...)
	return strings.Join(lines, "\n") + "\n"
}

func appendFact(lines []string, title, value string) []string {
	if value == "" {
		return lines
	}
	return append(lines, title+"："+display.Plain(value))
}

// errorLines are the errors as they were told, each remedy once, behind the last error of its code.
func errorLines(c callRow) (lines []string) {
	if len(c.Told) == 0 {
		for _, info := range c.Codes {
			lines = append(lines, fmt.Sprintf("错误：%s %s", info.Code, info.Message), remedyLine(info))
		}
		return lines
	}
	for i, e := range c.Told {
		line := fmt.Sprintf("错误%d：%s %s", i+1, e.Code, display.Plain(e.Message))
		if e.Field != "" {
			line += "（字段 " + display.Plain(e.Field) + "）"
		}
		if lines = append(lines, line); i+1 == len(c.Told) || c.Told[i+1].Code != e.Code {
			lines = append(lines, remedyLine(e.Info))
		}
	}
	if c.More > 0 {
		lines = append(lines, fmt.Sprintf("另有%d处错误，见应答原文；请一并改正后以原案件编号重新报送。", c.More))
	}
	return lines
}

func remedyLine(i api.CodeInfo) string { return "处理：" + i.Advice }
