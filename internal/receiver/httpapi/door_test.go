package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// start is when every test begins: 09:30 in Beijing.
var start = time.Date(2026, 3, 15, 9, 30, 0, 0, beijingtime.Zone)

// door is the real front door over a real desk and a real store in a folder of its own. Only the clock is the test's.
type door struct {
	dir     string
	store   *store.Store
	desk    *intake.Desk
	server  *httptest.Server
	clock   atomic.Int64           // nanoseconds since start
	age     func(by time.Duration) // nil: time passes by clock
	mu      sync.Mutex
	records []httpapi.Record
	log     bytes.Buffer
	ids     []string               // X-Request-Id of every answer
	secrets []string               // what must be in no record and no file
	speaks  map[string]api.Dialect // the dialect of each app, by its appKey and its tokens
	apps    int
	logins  int
}

// openDoor opens a door and holds, when the test ends, what is true of every door: each answer has its record, and no
// token or secret is in a record, in the log or in the data folder.
func openDoor(t testing.TB, change ...func(*httpapi.Config)) *door {
	t.Helper()
	d := &door{dir: t.TempDir()}
	var err error
	if d.store, err = store.Open(t.Context(), d.dir, store.Options{Server: true}); err != nil {
		t.Fatal(err)
	}
	d.desk = intake.NewDesk(intake.Config{Store: d.store, Clock: d.now})
	c := httpapi.Config{
		Desk:    d.desk,
		Clock:   d.now,
		Observe: d.observe,
		Log:     slog.New(slog.NewTextHandler(&locked{&d.mu, &d.log}, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	d.server = serve(t, c)
	t.Cleanup(func() {
		d.server.Close()
		d.store.Close()
		d.holdRecords(t)
		d.holdSecrets(t)
	})
	return d
}

func serve(t testing.TB, c httpapi.Config) *httptest.Server {
	s := httptest.NewUnstartedServer(nil)
	s.Config = httpapi.Server(c)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (d *door) now() time.Time { return start.Add(time.Duration(d.clock.Load())) }

// wait moves the clock, also backwards.
func (d *door) wait(by time.Duration) {
	if d.age != nil {
		d.age(by)
		return
	}
	d.clock.Add(int64(by))
}

func (d *door) observe(r httpapi.Record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.records = append(d.records, r)
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// secret notes what nobody may write down.
func (d *door) secret(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s != "" {
		d.secrets = append(d.secrets, s)
	}
}

func (d *door) holdRecords(t testing.TB) {
	known := make(map[string]bool)
	for _, r := range d.records {
		known[r.RequestID] = true
	}
	for _, id := range d.ids {
		if !known[id] {
			t.Errorf("no record of the answer with X-Request-Id %q", id)
		}
	}
}

func (d *door) holdSecrets(t testing.TB) {
	text := fmt.Sprintf("%+v\n%s", d.records, d.log.String())
	if b, err := json.Marshal(d.records); err == nil {
		text += string(b)
	}
	for _, s := range d.secrets {
		if strings.Contains(text, s) {
			t.Errorf("the records or the log hold the secret %s", s)
		}
	}
	filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, s := range d.secrets {
			if bytes.Contains(data, []byte(s)) {
				t.Errorf("%s holds the secret %s", path, s)
			}
		}
		return err
	})
}

// record returns what was observed of an answer.
func (d *door) record(t tester, a answer) httpapi.Record {
	t.Helper()
	var got httpapi.Record
	until(t, fmt.Sprintf("a record of the answer %s", a.Body), func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		i := slices.IndexFunc(d.records, func(r httpapi.Record) bool {
			return r.RequestID == a.Header.Get("X-Request-Id")
		})
		if i >= 0 {
			got = d.records[i]
		}
		return i >= 0
	})
	return got
}

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}
