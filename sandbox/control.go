package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"diaoxiao/api"
)

// controlPath is where the pages and the control API stand; nothing of the interface begins so.
const controlPath = "/sandbox/"

// trapPath is where the fault 跳转 leads. A request there is in the transcript.
const trapPath = "/sandbox/redirected"

// Info is all that one needs to use a sandbox.
type Info struct {
	URL        string   `json:"url"`
	ControlURL string   `json:"controlUrl"`
	Seed       uint64   `json:"seed"`
	AppKey     string   `json:"appKey"`
	AppSecret  string   `json:"appSecret"`
	Account    string   `json:"account"`
	Accounts   []string `json:"accounts"`
	Apps       []App    `json:"apps"`
	CAFile     string   `json:"caFile,omitempty"`
	SecretFile string   `json:"secretFile"`
	Outbox     string   `json:"outbox"`
	PolicyFile string   `json:"policyFile"`
}

// Info returns the addresses and credentials.
func (s *Server) Info() Info {
	return Info{
		s.URL, s.ControlURL, s.Seed, s.AppKey, s.AppSecret, Account, s.Accounts, s.Apps, s.CAFile, s.SecretFile,
		s.Outbox, s.PolicyFile,
	}
}

// controls is the control API and the pages. Pages of other sites cannot make a browser change anything.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sandbox", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, controlPath, http.StatusFound)
	})
	mux.HandleFunc("GET /sandbox/{$}", s.page("index.html", s.index))
	mux.HandleFunc("GET /sandbox/verdict", s.page("verdict.html", func(*http.Request) any { return s.Verdict() }))
	mux.HandleFunc("GET /sandbox/transcript", s.page("transcript.html", func(*http.Request) any {
		return s.transcript.list()
	}))
	for path, value := range map[string]func() any{
		"info.json":       func() any { return s.Info() },
		"faults.json":     func() any { return faults },
		"verdict.json":    func() any { return s.Verdict() },
		"transcript.json": func() any { return s.transcript.list() },
		"rules":           func() any { return s.script.list() },
	} {
		mux.HandleFunc("GET /sandbox/"+path, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, value())
		})
	}
	mux.HandleFunc("GET /sandbox/ca.pem", s.serveCA)
	mux.HandleFunc("POST /sandbox/rules", s.addRule)
	mux.HandleFunc("DELETE /sandbox/rules/{id}", s.removeRule)
	mux.HandleFunc("DELETE /sandbox/rules", func(w http.ResponseWriter, _ *http.Request) {
		s.script.clear()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /sandbox/reset", s.reset)
	return http.NewCrossOriginProtection().Handler(mux)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.Encode(value)
}

// wrong says what is wrong with a request to the control API, and nothing has changed.
func wrong(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"error": text})
}

// serveCA serves the certificate that clients are to trust.
func (s *Server) serveCA(w http.ResponseWriter, _ *http.Request) {
	if s.ca == nil {
		wrong(w, http.StatusNotFound, "沙箱没有自建 CA；以 diaoxiao sandbox --tls 启动时才有")
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(s.ca)
}

// maxRule is the most bytes of a rule.
const maxRule = 64 << 10

func (s *Server) addRule(w http.ResponseWriter, r *http.Request) {
	var rule Rule
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRule))
	d.DisallowUnknownFields()
	if err := d.Decode(&rule); err != nil {
		wrong(w, http.StatusBadRequest, "规则不是有效的 JSON，或有不认识的成员："+err.Error())
		return
	}
	rule, err := s.AddRule(rule)
	if err != nil {
		wrong(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, http.StatusCreated, rule)
}

// AddRule has a fault strike and returns the rule with its number. The error tells what is wrong with it; then nothing
// changed.
func (s *Server) AddRule(r Rule) (Rule, error) { return s.script.add(r) }

func (s *Server) removeRule(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.script.remove(id) {
		wrong(w, http.StatusNotFound, "没有编号为 "+r.PathValue("id")+" 的规则")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) reset(w http.ResponseWriter, r *http.Request) {
	if err := s.Reset(r.Context()); err != nil {
		wrong(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// index is what the first page shows.
type index struct {
	Info
	Faults []Fault
	Rules  []Rule
	Calls  []api.Call
}

// index names the sandbox as the browser has reached it.
func (s *Server) index(r *http.Request) any {
	info := s.Info()
	scheme, _, _ := strings.Cut(s.URL, "://")
	info.URL = scheme + "://" + r.Host
	info.ControlURL = info.URL + controlPath
	return index{info, faults, s.script.list(), api.Calls()}
}
