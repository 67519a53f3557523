package page

import (
	"strings"

	"diaoxiao/internal/display"
)

// agentMark is how a program or a system is known by what a browser calls itself: the first mark that is in it counts,
// because browsers also claim to be those before them.
type agentMark struct{ mark, name string }

var browsers = []agentMark{{"Edg/", "Edge"}, {"360SE", "360浏览器"}, {"QIHU", "360浏览器"}, {"QQBrowser/", "QQ浏览器"},
	{"MetaSr", "搜狗浏览器"}, {"UOS", "统信浏览器"}, {"Qaxbrowser", "奇安信浏览器"}, {"Firefox/", "Firefox"},
	{"Chromium/", "Chromium"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	{"Trident/", "Internet Explorer"}}

var systems = []agentMark{{"Windows NT 10", "Windows 10及以上"}, {"Windows NT 6.1", "Windows 7"}, {"Windows", "Windows"},
	{"Android", "Android"}, {"iPhone", "iPhone"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}}

// Browser says in words which browser on which system an address line of a request names, or repeats what is not known.
func Browser(agent string) string {
	name, system := marked(agent, browsers), marked(agent, systems)
	switch {
	case agent == "":
		return "未知"
	case name.name == "":
		return display.Plain(agent)
	case system.name == "":
		return name.name + version(agent, name.mark)
	}
	return name.name + version(agent, name.mark) + "，" + system.name
}

func marked(agent string, marks []agentMark) agentMark {
	for _, m := range marks {
		if strings.Contains(agent, m.mark) {
			return m
		}
	}
	return agentMark{}
}

// version is the first number behind a mark that ends in a slash.
func version(agent, mark string) string {
	_, behind, _ := strings.Cut(agent, mark)
	n := strings.IndexFunc(behind, func(r rune) bool { return r < '0' || r > '9' })
	if !strings.HasSuffix(mark, "/") || n <= 0 {
		return ""
	}
	return " " + behind[:n]
}
