package server

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/evidencelog"
)

// stampFigures are those of the time-stamps; none where the settings name no authority.
func stampFigures(s *evidencelog.Stamper) []prometheus.Collector {
	if s == nil {
		return nil
	}
	gauge := func(name, help string, f func(evidencelog.StamperState) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return f(s.State()) })
	}
	return []prometheus.Collector{
		gauge("diaoxiao_evidence_stamp_seconds", "Unix time of the last time-stamp; 0: none is known.",
			func(s evidencelog.StamperState) float64 { return unixOf(s.Last) }),
		gauge("diaoxiao_evidence_stamp_renewal_seconds",
			"Unix time when the certificate of the last time-stamp asks for the next; 0: none is known.",
			func(s evidencelog.StamperState) float64 { return unixOf(s.Renewal) }),
		gauge("diaoxiao_evidence_stamp_failed", "1 while no authority makes a time-stamp.",
			func(s evidencelog.StamperState) float64 { return oneIf(s.Failing) }),
	}
}

// unixOf is a time in seconds; 0 for none.
func unixOf(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// stampFacts say how it stands with the time-stamps; nothing where the settings name no authority.
func stampFacts(s *evidencelog.Stamper) []console.Fact {
	if s == nil {
		return nil
	}
	st, now := s.State(), time.Now()
	last, next, err := "还没有", "有检查点时即申请", "启动以来没有"
	if !st.Last.IsZero() {
		last = fmt.Sprintf("%s（%s）", cli.Beijing(st.Last), display.Plain(st.By))
		next = fmt.Sprintf("有新的内容时在%s，因证书到期最迟在%s", cli.Beijing(earlier(st.Due, st.Renewal)),
			cli.Beijing(st.Renewal))
	}
	if st.Err != nil {
		err = cli.Beijing(st.ErrAt) + "：" + signerTrouble(st.Err)
		if !st.Failing {
			err += "（其后已恢复）"
		}
	}
	return []console.Fact{
		{Name: "最后的时间戳", Value: last},
		{Name: "下一个时间戳", Value: next, Bad: !st.Renewal.IsZero() && now.After(st.Renewal.Add(time.Hour))},
		{Name: "最后的时间戳错误", Value: err, Bad: st.Failing},
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
