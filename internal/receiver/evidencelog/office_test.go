package evidencelog_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const origin = "credit.example.cn/diaoxiao"

// places are where the office's store may be.
func places() map[string]func(*testing.T) string {
	return map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return pgtest.Shared(t).Database(t) },
	}
}

// office is a receiver with its front door and its evidence, over a real store.
type office struct {
	*testing.T
	place  string
	store  *store.Store
	desk   *intake.Desk
	log    *evidencelog.Log
	keys   seal.Keys
	memory evidencelog.Memory
	signer *evidencelog.Signer
	door   *httptest.Server
	sender *receivertest.Sender
}

func openOffice(t *testing.T, place string) *office {
	t.Helper()
	o := &office{T: t, place: place, memory: evidencelog.NewMemory(t.TempDir())}
	var err error
	o.keys, err = seal.Generate(origin)
	o.must(err)
	o.open()
	o.sender = &receivertest.Sender{Base: o.door.URL}
	o.sender.Admit(t, o.desk, "应用一")
	o.signIn()
	return o
}

// signIn gives the sender a session.
func (o *office) signIn() {
	o.Helper()
	a, err := o.sender.Call(o.Context(), api.Login, "", receivertest.LoginBody(o.sender.App))
	o.must(err)
	o.sender.Token = a.Token
}

// open opens the store, the door and a signer.
func (o *office) open() {
	o.Helper()
	s, err := store.Open(o.Context(), o.place, store.Options{Server: true})
	o.must(err)
	o.Cleanup(func() { s.Close() })
	o.store, o.desk = s, intake.NewDesk(intake.Config{Store: s})
	o.log = evidencelog.New(o.desk)
	o.signer = o.newSigner()
	o.door = httptest.NewServer(httpapi.New(httpapi.Config{Desk: o.desk}))
	o.Cleanup(o.door.Close)
}

// newSigner is the signer of another node, or of this one after it was started again.
func (o *office) newSigner() *evidencelog.Signer {
	return evidencelog.NewSigner(o.desk, nil, evidencelog.KeysOf(o.keys), o.memory)
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// send sends a case and returns its acceptid.
func (o *office) send(id string, list ...api.Entity) string {
	o.Helper()
	return o.sender.Receive(o.T, receivertest.CaseBody(api.Case{CaseID: id, CaseName: "长期停业未经营案",
		CaseIntroduction: "连续两年未报送年度报告", Illegality: "自行停业连续六个月以上", Penalty: "吊销营业执照",
		PenaltyDate: "2026-10-08", PenaltyOrg: "某市市场监督管理局", PenaltyList: list}))
}

// sign signs all that came in.
func (o *office) sign() {
	o.Helper()
	o.must(o.signer.Pass(o.Context()))
}

// policy trusts the keys of the office.
func (o *office) policy(vkeys ...string) evidence.Policy {
	o.Helper()
	if vkeys == nil {
		vkeys = o.keys.VerifierKeys()
	}
	p, err := evidence.ParsePolicy(evidence.WritePolicy(vkeys...))
	o.must(err)
	return p
}

// receipt is the file of a receipt.
func (o *office) receipt(acceptID string, c evidencelog.Content) []byte {
	o.Helper()
	r, err := o.log.Receipt(o.Context(), intake.Actor("cli:x"), acceptID, c)
	o.must(err)
	file, err := r.Marshal()
	o.must(err)
	return file
}

// verifyFile verifies the file of a receipt.
func verifyFile(p evidence.Policy, file []byte) (evidence.Proved, error) {
	r, err := evidence.ParseReceipt(file)
	if err != nil {
		return evidence.Proved{}, err
	}
	return p.Verify(r)
}

// giveBack returns a case by two persons.
func (o *office) giveBack(acceptID string) {
	o.Helper()
	o.must(verify.New(o.desk, nil).Pass(o.Context()))
	o.must(receivertest.Decide(o.desk).ReturnCase(o.Context(), acceptID, "法定代表人有误"))
}

// isFault says that an error is a fault of that part of a receipt.
func isFault(err error, part evidence.Part) bool {
	var f *evidence.Fault
	return errors.As(err, &f) && f.Part == part
}
