package interop

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/api"
)

// newman runs the published Postman collection against a receiver and returns what newman reports. The secrets are
// handed over in a file, as its users do.
func newman(t *testing.T, r *receiver, d api.Dialect) (report runReport, err error) {
	t.Helper()
	w := newWorkshop(t)
	collection, err := os.ReadFile("../docs/diaoxiao.postman_collection.json")
	if err != nil {
		t.Fatal(err)
	}
	c := r.app(t, d)
	type value struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	environment, err := json.Marshal(map[string]any{
		"name":   "test",
		"values": []value{{"baseUrl", r.URL}, {"appKey", c.AppKey}, {"appSecret", c.AppSecret}, {"account", account}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, map[string][]byte{"collection.json": collection, "environment.json": environment})
	_, err = w.node(
		t, r, nil, "node_modules/newman/bin/newman.js", "run", "collection.json", "-e", "environment.json",
		"--ssl-extra-ca-certs", r.CA, "--ignore-redirects", "--reporters", "cli,json", "--reporter-json-export",
		"report.json", "--color", "off", "--disable-unicode",
	)
	text, missing := os.ReadFile(filepath.Join(w.dir, "report.json"))
	if missing != nil {
		t.Fatalf("newman left no report: %v", err)
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	return report, err
}

// runReport is what newman's report says of a run.
type runReport struct {
	Run struct {
		Stats struct {
			Requests   struct{ Total, Failed int }
			Assertions struct{ Total, Failed int }
		}
		Failures []struct {
			Error  struct{ Test, Message string }
			Source struct{ Name string }
		}
	}
}

func (r runReport) failed() (names []string) {
	for _, f := range r.Run.Failures {
		names = append(names, f.Source.Name+": "+f.Error.Test)
	}
	return names
}

// The published collection runs green from top to bottom in every dialect, and leaves one case.
func TestPostmanCollection(t *testing.T) {
	for _, d := range api.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			r := receive(t, nil)
			report, err := newman(t, r, d)
			if err != nil {
				t.Fatal(err)
			}
			if s := report.Run.Stats; s.Requests.Total < 20 || s.Assertions.Total < 100 ||
				s.Requests.Failed+s.Assertions.Failed > 0 {
				t.Errorf("%+v", s)
			}
			if n := len(r.cases(t)); n != 1 {
				t.Errorf("%d cases", n)
			}
		})
	}
}

// A receiver that gives a repeated case another number is found out by the assertion that is for it, and by no other.
func TestPostmanCollectionNoticesABrokenReceiver(t *testing.T) {
	r := receive(t, func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
		if call != string(api.Receive) || n != 2 {
			pass(r, call, n, w, req)
			return
		}
		real := httptest.NewRecorder()
		pass(r, call, n, real, req)
		for name, values := range real.Header() {
			w.Header()[name] = values
		}
		w.Write(regexp.MustCompile(`"\d{18}"`).ReplaceAll(real.Body.Bytes(), []byte(`"202601010000000999"`)))
	})
	report, err := newman(t, r, api.All)
	if err == nil || len(report.failed()) != 1 || !strings.HasSuffix(report.failed()[0], "同一受理号") {
		t.Errorf("%v: %q", err, report.failed())
	}
}
