package api

import (
	"encoding/json"
	"errors"
	"fmt"
)

// FirmCounts are the firms of a case by state, as queryCaseinfo tells them (S22). The first six add up to the firms
// that were sent.
type FirmCounts struct {
	Pending  int `json:"pending"`  // 待核验
	Ready    int `json:"ready"`    // 可放行
	Held     int `json:"held"`     // 暂缓
	Released int `json:"released"` // 放行
	Withheld int `json:"withheld"` // 不予公示
	Returned int `json:"returned"` // 退回

	Published int `json:"published"` // 已公示, of the released ones
}

// Total is the number of firms.
func (c FirmCounts) Total() int {
	return c.Pending + c.Ready + c.Held + c.Released + c.Withheld + c.Returned
}

func (c *FirmCounts) append(b []byte) []byte {
	return fmt.Appendf(b, `"firmCounts":{"pending":%d,"ready":%d,"held":%d,"released":%d,"withheld":%d,"returned":%d,`+
		`"published":%d},`, c.Pending, c.Ready, c.Held, c.Released, c.Withheld, c.Returned, c.Published)
}

// firmCounts reads the counts; nil where the answer does not tell them.
func (m members) firmCounts() (*FirmCounts, error) {
	raw := m["firmCounts"]
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var told members
	if json.Unmarshal(raw, &told) != nil {
		return nil, errors.New("firmCounts不是对象")
	}
	c := new(FirmCounts)
	for name, to := range map[string]*int{"pending": &c.Pending, "ready": &c.Ready, "held": &c.Held,
		"released": &c.Released, "withheld": &c.Withheld, "returned": &c.Returned, "published": &c.Published} {
		if n, ok := told[name]; ok && (json.Unmarshal(n, to) != nil || *to < 0) {
			return nil, fmt.Errorf("firmCounts中的%s不是从0起的整数", name)
		}
	}
	return c, nil
}
