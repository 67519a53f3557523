package display

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		17520 * time.Hour:                       "2 年",
		time.Hour:                               "1 小时",
		-time.Hour:                              "1 小时",
		150 * time.Second:                       "2 分 30 秒",
		2 * time.Minute:                         "2 分",
		50 * time.Second:                        "50 秒",
		0:                                       "0 秒",
		400 * time.Millisecond:                  "0 秒",
		8 * time.Hour:                           "8 小时",
		25*time.Hour + time.Minute:              "1 天 1 小时",
		24*time.Hour + time.Minute:              "1 天",
		3599*time.Second + 700*time.Millisecond: "1 小时",
		400 * 24 * time.Hour:                    "1 年 35 天",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
