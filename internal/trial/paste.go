package trial

import (
	"os"
	"path/filepath"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/sandbox"
)

// pasteBegin and pasteEnd are the lines before and after the lines to paste.
const (
	pasteBegin = "──── 以下各行可以粘贴到 bash ────"
	pasteEnd   = "──── 以上 ────"
)

// paste prints curl lines that work against the running server.
func (d *demonstration) paste() error {
	file := filepath.Join(d.dir, "case.json")
	c := sandbox.Batch(pasteSeed, 3)
	if err := os.WriteFile(file, append(sandbox.CaseBody(c), '\n'), 0o600); err != nil {
		return err
	}
	d.heading("8 自己试一试", "服务继续运行，此后每个请求显示一行。另开一个终端：")
	if err := d.say("\n%s\n%s\n%s", pasteBegin, d.script(file, c), pasteEnd); err != nil {
		return err
	}
	return d.say("\n再粘贴一次，受理号不变。按 Ctrl-C 结束并删除数据目录。\n")
}

// script is the curl lines: login, receive, query, logout. A proxy in the environment would not reach this machine.
func (d *demonstration) script(file string, c api.Case) string {
	const post = `curl -sS --noproxy '*' -H 'Content-Type: application/json'`
	return strings.Join([]string{
		"API=" + d.base + "/security",
		"KEY=" + d.app.AppKey,
		"SECRET=" + d.app.AppSecret,
		"CASE=" + display.ShellQuoteFor("linux", file),
		`LOGIN=$(` + post + ` "$API/login" \`,
		`  -d '{"appKey":"'$KEY'","appSecret":"'$SECRET'","account":"` + demoAccount + `"}'); echo "$LOGIN"`,
		`TOKEN=$(echo "$LOGIN" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')`,
		post + ` \`,
		`  "$API/receiveCaseinfo?access_token=$TOKEN" --data-binary @"$CASE"; echo`,
		post + ` \`,
		`  "$API/queryCaseinfo?access_token=$TOKEN" -d '{"caseid":"` + c.CaseID + `"}'; echo`,
		post + ` \`,
		`  "$API/logout?access_token=$TOKEN" -d '{}'; echo`,
	}, "\n")
}
