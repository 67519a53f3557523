package httpapi_test

import (
	"crypto/sha256"
	"strings"
	"sync"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/httpapi"
)

// signer signs the evidence log of a door.
type signer struct {
	t      *testing.T
	keys   seal.Keys
	signer *evidencelog.Signer
}

func newSigner(t *testing.T, d *door) *signer {
	t.Helper()
	keys, err := seal.Generate("credit.example.cn/diaoxiao")
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t, keys, evidencelog.NewSigner(d.desk, nil, evidencelog.KeysOf(keys),
		evidencelog.NewMemory(t.TempDir()))}
}

func (s *signer) sign() {
	s.t.Helper()
	if err := s.signer.Pass(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// proved verifies a receipt by the keys alone.
func (s *signer) proved(text string) evidence.Proved {
	s.t.Helper()
	p, err := evidence.ParsePolicy(evidence.WritePolicy(s.keys.VerifierKeys()...))
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := evidence.ParseReceipt([]byte(text))
	if err != nil {
		s.t.Fatalf("%v\n%s", err, text)
	}
	v, err := p.Verify(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *sender) receipt(t tester, id string) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Receipt), jsonOf(map[string]string{"acceptid": id}))
}

// S26: a sender gets the receipt of its own case, once the evidence log has it, in every dialect; it proves the body as
// it was sent.
func TestReceipt(t *testing.T) {
	d := openDoor(t)
	log := newSigner(t, d)
	for _, dialect := range api.Dialects() {
		s := d.sender(t, dialect)
		body := bodyOf("案件 " + string(dialect))
		accepted, err := api.ReadAnswer(s.send(t, body).Body, api.Receive)
		if err != nil || accepted.AcceptID == "" {
			t.Fatal(err)
		}
		id := accepted.AcceptID
		want := "19014"
		if dialect == api.All {
			want = "19015" // nothing was ever signed
		}
		if a := s.receipt(t, id); a.codes() != want || a.Status != 200 {
			t.Errorf("%s before it was signed: %d %s", dialect, a.Status, a.Body)
		}
		log.sign()
		raw := s.receipt(t, id)
		a, err := api.ReadAnswer(raw.Body, api.Receipt)
		if err != nil || raw.Status != 200 || a.AcceptID != id {
			t.Fatalf("%s: %d %s: %v", dialect, raw.Status, raw.Body, err)
		}
		v := log.proved(a.Receipt)
		sum := sha256.Sum256([]byte(body))
		if v.Case.AcceptID != id || v.Case.App != s.key || v.Case.Account != s.account ||
			v.Case.Bytes != int64(len(body)) || v.Body.SHA256 != evidence.Hex(sum) {
			t.Errorf("%s: proved %+v, %+v", dialect, v.Case, v.Body)
		}
	}
}

// Nothing is told of the cases of others, nor of one that is not there.
func TestReceiptOfOthers(t *testing.T) {
	d := openDoor(t)
	log := newSigner(t, d)
	id := d.sender(t, api.All).accept(t, bodyOf("一号"))
	log.sign()
	other := d.sender(t, api.All)
	of := other.receipt(t, id)
	for _, unknown := range []string{"202603150000000018", "x", ""} {
		a := other.receipt(t, unknown)
		if a.codes() != "19013" || unknown != "" && string(a.Body) != string(of.Body) || of.codes() != "19013" {
			t.Errorf("%q: %s; of another's %s", unknown, a.Body, of.Body)
		}
	}
}

// An app that asks for many receipts at once gets all of them, one after the other, or is told to come back.
func TestReceiptsAtOnce(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxReceipts = 1 })
	log := newSigner(t, d)
	s := d.sender(t, api.All)
	id := s.accept(t, bodyOf("一号"))
	log.sign()
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			a := s.receipt(t, id)
			if !strings.Contains("SUCCESS 19008 19009", a.codes()) {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	all.Wait()
}
