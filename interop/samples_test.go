package interop

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/sandbox"

	"github.com/google/go-cmp/cmp"
)

// The receiver gets the contents of the file, byte by byte, under every spelling of the answers; sent again it is the
// same case, and other contents under its number are refused.
func TestSubmitAndRepeat(t *testing.T) {
	for _, d := range api.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			each(t, func(t *testing.T, s sender) {
				r := receive(t, nil)
				c, files := r.app(t, d), caseFile(t, rare())
				o := s.run(t, r, c, files)
				id, cases := o.acceptID(t), r.cases(t)
				if len(cases) != 1 || cases[0].AcceptID != id {
					t.Fatalf("%s was answered, the store has %+v", id, cases)
				}
				if got, want := r.body(t, cases[0]), encoded(rare()); got != want {
					t.Errorf("the store holds\n%s\nsent was\n%s", got, want)
				}
				if n := r.count(api.Logout); n < 1 || n > o.runs {
					t.Errorf("%d logouts of %d runs", n, o.runs)
				}
				if d != api.All {
					return
				}
				if again := s.run(t, r, c, files).acceptID(t); again != id {
					t.Errorf("sent again: %s, was %s", again, id)
				}
				other := rare()
				other.Penalty = "吊销营业执照。"
				s.run(t, r, c, caseFile(t, other)).ends(t, refused, "19005", "案件编号已受理且内容不一致", id, "退回")
				if len(r.cases(t)) != 1 {
					t.Error("more than one case")
				}
			})
		})
	}
}

// A case and its list of any length from a spreadsheet are one body.
func TestSubmitList(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		if !s.lists {
			return
		}
		r := receive(t, nil)
		c := sandbox.Batch(3, 20_000)
		c.PenaltyList = append(c.PenaltyList, rare().PenaltyList...)
		dir := t.TempDir()
		var table bytes.Buffer
		w := csv.NewWriter(&table)
		w.UseCRLF = true
		w.Write([]string{"备注", "uniscid", "pripid", "legal", "enttype"})
		for _, e := range c.PenaltyList {
			w.Write([]string{"无", e.UniscID, e.PripID, e.Legal, e.EntType})
		}
		w.Flush()
		files := []string{
			write(t, filepath.Join(dir, "case.json"), "\ufeff"+head(c)),
			write(t, filepath.Join(dir, "list.csv"), "\ufeff"+table.String()),
		}
		id := s.run(t, r, r.app(t, api.All), files).acceptID(t)
		detail, err := casework.New(r.Desk).CaseFile(t.Context(), intake.System, id)
		if err != nil {
			t.Fatal(err)
		}
		var list []api.Entity
		got, err := r.Desk.Decode(t.Context(), intake.System, detail.Case, func(_ int, e api.Entity) error {
			list = append(list, e)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got.Case.PenaltyList = list
		if diff := cmp.Diff(c, got.Case); diff != "" {
			t.Errorf("the store differs from what was sent:\n%s", diff)
		}
	})
}

// A list with a mistake is not sent at all.
func TestSubmitBadList(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		if !s.lists {
			return
		}
		r := receive(t, nil)
		c := r.app(t, api.All)
		for name, list := range map[string]string{
			"no column":  "pripid,uniscid,legal\n1,2,3\n",
			"short row":  "pripid,uniscid,legal,enttype\n1,2,3,4\n1,2\n",
			"GBK":        "pripid,uniscid,legal,enttype\n1,2,\xd5\xc5\xc8\xfd,4\n",
			"open quote": "pripid,uniscid,legal,enttype\n1,2,\"3,4\n",
		} {
			dir := t.TempDir()
			files := []string{
				write(t, filepath.Join(dir, "case.json"), head(rare())),
				write(t, filepath.Join(dir, "list.csv"), list),
			}
			o := s.run(t, r, c, files)
			o.ends(t, wrong)
			if r.count(api.Receive) != 0 {
				t.Fatalf("%s: sent\n%s", name, o.err)
			}
		}
	})
}

// Every fault is told with its code, what it is and where.
func TestSubmitRefused(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		r := receive(t, nil)
		c := r.app(t, api.All)
		bad := rare()
		bad.Illegality, bad.PenaltyList[1].Legal = "", "　"
		s.run(t, r, c, caseFile(t, bad)).ends(t, refused, "14003 违法行为不能为空", "14008 吊销市场主体清单内容不能有空", "第2条", "没有受理")
		gbk := write(t, filepath.Join(t.TempDir(), "gbk.json"), "{\"caseid\":\"\xb0\xb8\"}")
		s.run(t, r, c, []string{gbk}).ends(t, refused, "19001 请求正文不是有效的JSON")
		c.AppSecret = "wrong\"\\"
		s.run(t, r, c, caseFile(t, rare())).ends(t, refused, "12004 登录信息无效", "密钥")
		s.run(t, r, c, []string{filepath.Join(t.TempDir(), "absent.json")}).ends(t, wrong)
		if n := len(r.cases(t)); n != 0 {
			t.Errorf("%d cases accepted", n)
		}
	})
}

// abort breaks the connection.
func abort() { panic(http.ErrAbortHandler) }

func html(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	io.WriteString(w, "<html><body>{\"ackCode\"}</body></html>")
}

// A fault on the way that goes away again ends as one case, sent with the same bytes each time.
func TestSubmitThroughFaults(t *testing.T) {
	for name, f := range map[string]fault{
		"SUCCESS without a number": func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" && n == 1 {
				io.WriteString(w, `{"ackCode":"SUCCESS","errors":[]}`)
				return
			}
			r.door.ServeHTTP(w, req)
		},
		"page of a proxy": func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if n <= 2 && call != "logout" {
				html(w, []int{502, 200}[n-1])
				return
			}
			r.door.ServeHTTP(w, req)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s sender) {
				r := receive(t, f)
				id := s.run(t, r, r.app(t, api.All), caseFile(t, rare())).acceptID(t)
				cases := r.cases(t)
				if len(cases) != 1 || cases[0].AcceptID != id {
					t.Fatalf("%s was answered, the store has %+v", id, cases)
				}
				if got, want := r.body(t, cases[0]), encoded(rare()); got != want {
					t.Errorf("the store holds\n%s\nsent was\n%s", got, want)
				}
				if n := r.count(api.Receive); n < 2 {
					t.Errorf("sent %d times", n)
				}
			})
		})
	}
}

// The second try is what the first was, whatever has become of the file.
func TestSubmitChangedFile(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		files := caseFile(t, rare())
		r := receive(t, func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" && n == 1 {
				r.quietly(req)
				other := rare()
				other.CaseName = "另一件"
				write(t, files[0], encoded(other))
				abort()
			}
			r.door.ServeHTTP(w, req)
		})
		s.run(t, r, r.app(t, api.All), files).acceptID(t)
		if n := len(r.cases(t)); n != 1 || r.count(api.Receive) != 2 {
			t.Errorf("%d cases, sent %d times", n, r.count(api.Receive))
		}
	})
}

// The arguments of a process are for all to see.
func TestArgumentsOfCurl(t *testing.T) {
	t.Parallel()
	r, dir := receive(t, nil), t.TempDir()
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	seen := filepath.Join(dir, "seen")
	spy := write(
		t,
		filepath.Join(dir, "curl"),
		fmt.Sprintf("#!/bin/sh\nprintf '%%s\\n' \"$@\" >>%s\nexec %s \"$@\"\n", seen, program),
	)
	if err := os.Chmod(spy, 0o777); err != nil {
		t.Fatal(err)
	}
	c := r.app(t, api.All)
	senders()[0].run(t, r, c, caseFile(t, rare()), "PATH="+dir+":"+os.Getenv("PATH")).acceptID(t)
	arguments, err := os.ReadFile(seen)
	if err != nil || strings.Count(string(arguments), "--config") != 3 {
		t.Fatalf("%v: %s", err, arguments)
	}
	for _, secret := range append(r.tokens(), c.AppSecret) {
		if strings.Contains(string(arguments), secret) {
			t.Errorf("%s is among the arguments of curl:\n%s", secret, arguments)
		}
	}
}

// A busy receiver is not asked before its time.
func TestSubmitWaits(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		asked := make(chan time.Time, 9)
		r := receive(t, func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" {
				asked <- time.Now()
			}
			if call == "receiveCaseinfo" && n == 1 {
				w.Header().Set("Retry-After", "2")
				w.WriteHeader(http.StatusServiceUnavailable)
				w.Write(api.All.Append(
					nil,
					api.Answer{Call: api.Receive, Problems: []api.Problem{{Code: api.Unavailable}}},
				))
				return
			}
			r.door.ServeHTTP(w, req)
		})
		s.run(t, r, r.app(t, api.All), caseFile(t, rare())).acceptID(t)
		first := <-asked
		if d := (<-asked).Sub(first); d < 2*time.Second || d > 10*time.Second {
			t.Errorf("asked again after %v", d)
		}
	})
}

// A receiver that asks for an hour is left alone: it is said how things stand.
func TestSubmitDoesNotWaitForEver(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		r := receive(t, func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" {
				w.Header().Set("Retry-After", "3600")
				html(w, 503)
				return
			}
			r.door.ServeHTTP(w, req)
		})
		o := s.run(t, r, r.app(t, api.All), caseFile(t, rare()))
		o.ends(t, unknown, "HTTP 503")
		if n := r.count(api.Receive); n != o.runs {
			t.Errorf("sent %d times", n)
		}
	})
}

// Where it stays unknown whether the case was accepted, nobody is told that it was or was not.
func TestSubmitUnknown(t *testing.T) {
	lost := func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
		if call == "receiveCaseinfo" {
			r.quietly(req)
			abort()
		}
		r.door.ServeHTTP(w, req)
	}
	for name, f := range map[string]fault{
		"every reply lost": lost,
		"session lost after that": func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" && n == 2 {
				r.logout(req)
				r.Desk.SetAccountDisabled(context.Background(), intake.Actor("test"), "办案系统 all", account, true)
				r.door.ServeHTTP(w, req)
				return
			}
			lost(r, call, n, w, req)
		},
		"path gone after that": func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" && n == 2 {
				req.URL.Path += "/"
				r.door.ServeHTTP(w, req)
				return
			}
			lost(r, call, n, w, req)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s sender) {
				r := receive(t, f)
				s.run(t, r, r.app(t, api.All), caseFile(t, rare()), "DIAOXIAO_ATTEMPTS=3").
					ends(t, unknown, "结果未知", "以完全相同的内容")
				if n := len(r.cases(t)); n != 1 {
					t.Errorf("%d cases accepted", n)
				}
			})
		})
	}
}

// Where nothing can have arrived, that is said.
func TestSubmitNotSent(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		r := receive(t, func(r *receiver, _ string, _ int, w http.ResponseWriter, _ *http.Request) { html(w, 404) })
		c, files := r.app(t, api.All), caseFile(t, rare())
		s.run(t, r, c, files, "DIAOXIAO_ATTEMPTS=2").ends(t, notSent, "没有送达", "HTTP 404", "代理")
		r.URL = "https://127.0.0.1:1"
		s.run(t, r, c, files, "DIAOXIAO_ATTEMPTS=2").ends(t, notSent, "没有送达")
	})
}

// A server whose certificate nobody vouches for learns nothing, and is not asked twice.
func TestSubmitUntrusted(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		r := receive(t, nil)
		c, files := r.app(t, api.All), caseFile(t, rare())
		_, r.CA = certificates(t, nil)
		began := time.Now()
		s.run(t, r, c, files).ends(t, notSent, "没有送达", "证书", "CA")
		other := receiveAs(t, nil, "other.example")
		s.run(t, other, c, files).ends(t, notSent, "没有送达", "证书")
		if n := r.count(api.Login) + other.count(api.Login); n != 0 {
			t.Errorf("%d logins", n)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("gave up after %v only", took)
		}
	})
}

// A redirect is not followed: it would take the token along.
func TestSubmitRedirected(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		elsewhere := receive(t, nil)
		r := receive(t, func(r *receiver, call string, _ int, w http.ResponseWriter, req *http.Request) {
			if call == "receiveCaseinfo" {
				http.Redirect(w, req, elsewhere.URL+req.URL.RequestURI(), http.StatusTemporaryRedirect)
				return
			}
			r.door.ServeHTTP(w, req)
		})
		s.run(t, r, r.app(t, api.All), caseFile(t, rare()), "DIAOXIAO_ATTEMPTS=2").ends(t, unknown, "HTTP 307")
		if n := elsewhere.count(api.Receive); n != 0 {
			t.Error("followed")
		}
	})
}
