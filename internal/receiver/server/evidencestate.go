package server

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/evidencelog"
)

// signerFigures are those of the evidence log; none where it is not signed.
func signerFigures(s *evidencelog.Signer) []prometheus.Collector {
	if s == nil {
		return nil
	}
	gauge := func(name, help string, f func(evidencelog.SignerState) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return f(s.State()) })
	}
	return []prometheus.Collector{
		gauge("diaoxiao_evidence_leaves", "Leaves of the last checkpoint that this node knows.",
			func(s evidencelog.SignerState) float64 { return float64(s.Last.Size) }),
		gauge("diaoxiao_evidence_unsigned_seconds", "Age of the oldest row that is in no checkpoint; 0: there is none.",
			func(s evidencelog.SignerState) float64 { return unsignedFor(s).Seconds() }),
		gauge("diaoxiao_evidence_forked", "1 while the database is older than a checkpoint that this node has seen.",
			func(s evidencelog.SignerState) float64 { return oneIf(s.Forked()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_evidence_errors_total",
			Help: "Attempts to sign that failed."}, func() float64 { return float64(s.State().Errors) }),
	}
}

// unsignedFor is how long rows have waited for a checkpoint.
func unsignedFor(s evidencelog.SignerState) time.Duration {
	if s.Unsigned.IsZero() {
		return 0
	}
	return max(0, time.Since(s.Unsigned))
}

// unsignedLate is how long rows may wait for a checkpoint without a person having to look.
const unsignedLate = time.Minute

// evidenceFacts are the facts of the evidence log, its witnesses and its time-stamps among them.
func (s *Server) evidenceFacts() []console.Fact {
	if s.signer == nil {
		return []console.Fact{{Name: "签署", Value: "没有设置存证密钥（evidence_keys），不签署"}}
	}
	facts := signerFacts(s.signer.State())
	for _, w := range s.witnesses.States() {
		facts = append(facts, witnessFact(w))
	}
	return append(facts, stampFacts(s.stamper)...)
}

// signerFacts say how it stands with the signing.
func signerFacts(s evidencelog.SignerState) []console.Fact {
	last, unsigned, err := "还没有", "没有", "启动以来没有"
	if s.Last.Size > 0 {
		last = cli.Beijing(s.Last.At)
	}
	if !s.Unsigned.IsZero() {
		unsigned = "自" + cli.Beijing(s.Unsigned)
	}
	if s.Err != nil {
		err = cli.Beijing(s.ErrAt) + "：" + signerTrouble(s.Err)
		if !s.Failing {
			err += "（其后已恢复签署）"
		}
	}
	return []console.Fact{
		{Name: "存证日志的名称", Value: s.Name},
		{Name: "已签署的项数", Value: display.Count(int(s.Last.Size)) + "项" + uptoWords(s.Last.Upto)},
		{Name: "最后的检查点", Value: last},
		{Name: "尚未签署的记录", Value: unsigned, Bad: unsignedFor(s) > unsignedLate},
		{Name: "最后的签署错误", Value: err, Bad: s.Failing},
	}
}

// uptoWords say how far a checkpoint goes.
func uptoWords(u evidence.Upto) string {
	return fmt.Sprintf("（案件到第%s号，办理记录到第%s条，审计记录到第%s条）", display.Count(int(u.Cases)), display.Count(int(u.Events)),
		display.Count(int(u.Audit)))
}

// signerTrouble says an error of the signer and the next step. Which checkpoint is missing, the page says beside it.
func signerTrouble(err error) string {
	if errors.Is(err, evidencelog.ErrFork) {
		err = evidencelog.ErrFork
	}
	return strings.ReplaceAll(Speaker().Explain(err), "\n", " ")
}

// witnessFact says how it stands with a witness.
func witnessFact(w evidencelog.WitnessState) console.Fact {
	f := console.Fact{Name: "见证方" + w.Title, Value: "启动以来还没有签署"}
	if w.Size > 0 {
		f.Value = fmt.Sprintf("%s签署到%s项", cli.Beijing(w.At), display.Count(int(w.Size)))
	}
	if w.Err != nil {
		f.Value, f.Bad = f.Value+"；最后一次没有签署："+signerTrouble(w.Err), true
	}
	return f
}
