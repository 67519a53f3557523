package outbox_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/sender/outbox"
)

// BenchmarkSmallCases is one small case through all three steps, in groups as submit makes them.
func BenchmarkSmallCases(b *testing.B) {
	const group = 256
	box := open(b, b.TempDir())
	defer box.Close()
	began := time.Now()
	var record, begin, settle time.Duration
	for n := 0; n < b.N; n += group {
		t0 := time.Now()
		drafts := make([]outbox.Draft, group)
		for i := range drafts {
			text := fmt.Sprintf(`{"caseid":"呼市监处罚〔2026〕%d号","casename":"长期停业未经营市场主体吊销营业执照案",`+
				`"caseintroduction":"当事人成立后无正当理由超过六个月未开业","penaltylist":[{"pripid":"150104000022017071%06d",`+
				`"uniscid":"91150104MA0N%06d","legal":"赵二娃","enttype":"1151"}]}`, n+i, n+i, n+i)
			body := box.NewBody()
			body.Write([]byte(text))
			drafts[i] = outbox.Draft{
				CaseID:   fmt.Sprintf("呼市监处罚〔2026〕%d号", n+i),
				CaseName: "长期停业未经营市场主体吊销营业执照案",
				Digest:   api.Digest(sha256.Sum256([]byte(text))),
				Items:    1,
				Source:   outbox.Source{File: "清单.csv", Row: n + i},
				Body:     body,
			}
		}
		out, err := box.Record(target, drafts)
		must(b, err)
		t1 := time.Now()
		nos := make([]int64, len(out))
		for i, r := range out {
			nos[i] = r.No
		}
		begun, err := box.Begin(nos)
		must(b, err)
		t2 := time.Now()
		as := make([]outbox.Attempt, len(begun))
		for i, e := range begun {
			as[i] = outbox.Attempt{
				Entry:     e.No,
				Began:     began,
				Outcome:   outbox.Accepted,
				AcceptID:  "202611240000000019",
				RequestID: "0123456789abcdef",
				Status:    200,
				Tries:     1,
			}
		}
		must(b, box.Settle(as))
		record, begin, settle = record+t1.Sub(t0), begin+t2.Sub(t1), settle+time.Since(t2)
	}
	b.ReportMetric(float64(record.Microseconds())/float64(b.N), "record-us/op")
	b.ReportMetric(float64(begin.Microseconds())/float64(b.N), "begin-us/op")
	b.ReportMetric(float64(settle.Microseconds())/float64(b.N), "settle-us/op")
}
