package checks

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// receiptChecks are those of S26, the extension receiptCaseinfo. A target without it offers none of them, one without
// an evidence log not the last.
func receiptChecks() []trial.Check {
	return []trial.Check{
		must("S26-01", "取得受理回执须有令牌（扩展 receiptCaseinfo）", func(t *trial.Trial) {
			id := t.Send(t.NewCase()).Accepted()
			askReceipt(t, id)
			t.Do(wire.Request{Call: api.Receipt, Body: sample.Object{}.With("acceptid", id).Bytes()}).
				Refused(api.InvalidToken)
		}),
		must("S26-02", "只能取本应用案件的受理回执", func(t *trial.Trial) {
			askReceipt(t, "000000000000000000").Refused()
			stranger := t.StrangerSession()
			id := t.Send(t.NewCase()).Accepted()
			t.Do(wire.Request{Call: api.Receipt, Token: stranger, Body: sample.Object{}.With("acceptid", id).Bytes()}).
				Refused()
		}),
		should("S26-03", "受理回执是 C2SP tlog-proof，所证明的是所报送的案件和报文", func(t *trial.Trial) {
			body := t.NewCase().With("penaltylist", sample.Items(t.Seed(), 2)).Bytes()
			id := t.Send(body).Accepted()
			a := awaitReceipt(t, id)
			if !a.OK() && !a.Has(api.NoReceiptYet) {
				a.Step.OK = true
				t.NotOffered("不出具受理回执，如没有存证日志")
			}
			a.Succeeds().Unless("受理回执所证明的是案件 "+id+"，报文的长度和 SHA-256 与所报送的相同", wrongReceipt(a, id, body))
		}),
	}
}

// askReceipt asks for a receipt. A target without receiptCaseinfo ends the check.
func askReceipt(t *trial.Trial, id string) *trial.Answer {
	if !t.Known("receipt", func() bool { return t.Call(api.Receipt, "{}").Offered() }) {
		t.NotOffered("没有扩展接口 receiptCaseinfo")
	}
	return t.Call(api.Receipt, sample.Object{}.With("acceptid", id))
}

// awaitReceipt asks until the receipt is there, some seconds at most.
func awaitReceipt(t *trial.Trial, id string) (a *trial.Answer) {
	for range 10 {
		if a = askReceipt(t, id); !a.Has(api.NoReceiptYet) || t.Wait(500*time.Millisecond) != nil {
			break
		}
	}
	return a
}

// wrongReceipt is what a receipt says that does not fit the case, "" where all fits. Without the policy of the target
// its signatures can't be verified here: diaoxiao verify does.
func wrongReceipt(a *trial.Answer, id string, body []byte) string {
	lines := strings.Split(a.Text("receipt"), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 3 {
		return "receipt 不以 c2sp.org/tlog-proof@v1 一行开头"
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	var shown struct {
		Leaf string
		Show struct{ Body struct{ SHA256 string } }
	}
	var leaf struct {
		AcceptID string
		Bytes    int
	}
	if err != nil || json.Unmarshal(extra, &shown) != nil || json.Unmarshal([]byte(shown.Leaf), &leaf) != nil {
		return "receipt 的 extra 行不是 Base64 的 JSON，其中有 leaf 和 show"
	}
	sum := sha256.Sum256(body)
	switch {
	case leaf.AcceptID != id:
		return "受理回执所证明的是 " + leaf.AcceptID
	case leaf.Bytes != len(body), shown.Show.Body.SHA256 != hex.EncodeToString(sum[:]):
		return "受理回执中的报文不是所报送的"
	}
	return ""
}
