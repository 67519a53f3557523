package sandbox

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"diaoxiao/api"
)

// readHeader reads X-Sandbox-Fault.
func readHeader(text string) (*Rule, error) {
	parts := strings.Split(text, ";")
	name, err := url.PathUnescape(strings.TrimSpace(parts[0]))
	if err != nil {
		return nil, fmt.Errorf("%q 不是百分号编码", parts[0])
	}
	r := &Rule{Fault: name, by: "请求头"}
	for _, p := range parts[1:] {
		key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch key {
		case "times":
			r.Times, err = strconv.Atoi(value)
		case "seconds":
			r.Seconds, err = strconv.ParseFloat(value, 64)
		case "call":
			r.Call = api.Call(value)
		default:
			return nil, fmt.Errorf("没有名为 %q 的参数；可用：times、seconds、call", key)
		}
		if err != nil {
			return nil, fmt.Errorf("%s=%q：应为数字", key, value)
		}
	}
	return r, r.check()
}
