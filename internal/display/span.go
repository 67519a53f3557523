package display

import (
	"fmt"
	"time"
)

// Span says how long something is in the two largest units that matter: 2 年, 3 天 4 小时, 1 小时, 2 分 30 秒, 50 秒.
func Span(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	units := []struct {
		word string
		size time.Duration
	}{{"年", 365 * 24 * time.Hour}, {"天", 24 * time.Hour}, {"小时", time.Hour}, {"分", time.Minute}, {"秒", time.Second}}
	for i, u := range units {
		if d < u.size && u.size > time.Second {
			continue
		}
		text := fmt.Sprintf("%d %s", d/u.size, u.word)
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				text += fmt.Sprintf(" %d %s", rest, units[i+1].word)
			}
		}
		return text
	}
	return "0 秒"
}
