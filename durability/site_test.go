//go:build linux

package durability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// site is one data folder in the hands of one binary, with everything that was ever sent to it and answered from it.
type site struct {
	t       *testing.T
	binary  string
	data    string
	app     credentials
	record  *record
	server  *server
	client  *client
	verdict verdict
	rand    *rand.Rand // of the scenario's own goroutine
	next    atomic.Uint64
	mayGoOn bool         // 19009 need not stop the acknowledging: what failed was reading
	dark    atomic.Bool  // the power is cut
	darkAt  atomic.Int64 // since then for certain nothing can become durable, in unix nanoseconds; 0: it can

	firstAck atomic.Int64 // when the first SUCCESS to what was sent after since was read, in unix nanoseconds
	since    atomic.Int64

	mu       sync.Mutex
	sent     map[string]string // caseid: SHA-256 of the body first sent
	receipts map[string]string // caseid: acceptid first answered
	done     []string          // the keys of receipts, in order
}

// newSite makes the data folder and an app in it, and starts the server.
func newSite(t *testing.T, binary, data, what string) *site {
	t.Helper()
	s := prepareSite(t, binary, data, what)
	must(t, s.start())
	return s
}

// prepareSite does not start the server.
func prepareSite(t *testing.T, binary, data, what string) *site {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := &site{t: t, binary: binary, data: data, record: newRecord(t), rand: rand.New(rand.NewPCG(seed, 0)),
		sent: make(map[string]string), receipts: make(map[string]string)}
	s.verdict.what = what
	s.next.Store(seed % 1e9 * 1000)
	out, err := s.run("app", "create", "--name", "耐久", "--account", "经办人", "--json")
	must(t, err)
	must(t, json.Unmarshal(out, &s.app))
	return s
}

// close ends a site early: many of them may follow each other in one test.
func (s *site) close() {
	if s.server != nil {
		s.server.kill()
		s.client.close()
	}
	os.RemoveAll(s.data)
}

// run runs one command on the folder. A failed one says why.
func (s *site) run(args ...string) ([]byte, error) { return run(s.binary, s.data, args...) }

func run(binary, data string, args ...string) ([]byte, error) {
	cmd := command(append([]string{binary, placeFlag(data), data}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("diaoxiao %s: %w: %s", strings.Join(args, " "), err, clip(stderr.String()+string(out)))
	}
	return out, err
}

// clip keeps the end of a message.
func clip(s string) string { return s[max(0, len(s)-2000):] }

// start starts the server and logs in. wrap stands before its command line.
func (s *site) start(wrap ...string) error {
	if err := s.startOnly(wrap...); err != nil {
		return err
	}
	if r := s.client.login(s.app); !r.success() {
		return fmt.Errorf("login: %+v", r)
	}
	return nil
}

// startOnly does not log in: a login is a commit, and a commit makes durable what was only visible before.
func (s *site) startOnly(wrap ...string) error {
	s.server = launch(s.t, s.binary, s.data, wrap...)
	if err := s.server.ready(); err != nil {
		return err
	}
	token := ""
	if s.client != nil {
		token = s.client.token
		s.client.close()
	}
	s.client = newClient(s.server.addr, token)
	return nil
}

// fresh is a case never sent before.
func (s *site) fresh(items int) parcel { return newParcel(s.next.Add(1), items) }

// submit sends p and puts the answer on record. Safe for concurrent use.
func (s *site) submit(p parcel, repeat bool) reply { return s.submitTo(s.client, p, repeat) }

func (s *site) submitTo(c *client, p parcel, repeat bool) reply {
	s.mu.Lock()
	if s.sent[p.caseID] == "" {
		s.sent[p.caseID] = p.sum
	}
	s.mu.Unlock()
	began := time.Now()
	r := c.submit(p.body)
	s.hear(p, began, r, repeat)
	return r
}

// queryTo asks how a case stands; an answer that tells its acceptid acknowledges it. Safe for concurrent use.
func (s *site) queryTo(c *client, caseID string) reply {
	began := time.Now()
	r := c.query(caseID)
	s.hear(parcelOf(caseID), began, r, true)
	return r
}

// hear puts an answer on record, which must not be SUCCESS while nothing can be durable.
func (s *site) hear(p parcel, began time.Time, r reply, repeat bool) {
	if at := s.darkAt.Load(); r.success() && at != 0 && began.UnixNano() > at {
		s.add(defiant, "%s, sent when nothing could become durable, as %s", p.caseID, r.AcceptID)
	}
	if r.success() && began.UnixNano() > s.since.Load() {
		s.firstAck.CompareAndSwap(0, time.Now().UnixNano())
	}
	s.note(p, r, repeat)
}

// add is that of the verdict, for concurrent use.
func (s *site) add(kind, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verdict.add(kind, format, args...)
}

// note puts an answer on record. Those read after the power was cut count as not read.
func (s *site) note(p parcel, r reply, repeat bool) {
	if s.dark.Load() {
		r = reply{}
	}
	s.record.add(entry{p.caseID, p.sum, r.Status, r.Ack, r.Code, r.AcceptID, repeat})
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.success() && s.receipts[p.caseID] == "" {
		s.receipts[p.caseID] = r.AcceptID
		s.done = append(s.done, p.caseID)
	}
}

// earlier is an acknowledged caseid, "" while there is none.
func (s *site) earlier(r *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.done) == 0 {
		return ""
	}
	return s.done[r.IntN(len(s.done))]
}

// open are the caseids sent and not yet acknowledged.
func (s *site) open() (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.sent {
		if s.receipts[id] == "" {
			ids = append(ids, id)
		}
	}
	return ids
}
