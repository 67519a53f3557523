package console

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pageTemplate is one page within the frame.
type pageTemplate = template.Template

// answer is what a route ends in.
type answer interface{ answer(*request) error }

// page is an answer that shows a template. Name is that of its file, without .html.
type page struct {
	Name    string
	Title   string
	Data    any
	Problem error  // what was wrong with the form that is shown again
	Bare    bool   // without navigation: nobody is signed in
	Head    string // beside the title on each sheet that is printed
}

// frame is what every page is rendered with.
type frame struct {
	page
	Prefix, Asset string
	Who           intake.Officer
	Nav           []navItem
	Notice        string
	Problem       string
	Wide          bool      // printed across
	Now           time.Time // for the foot of what is printed
}

// wide are the pages whose tables have too many columns for a sheet that stands upright.
var wide = []string{"cases", "entities", "calls", "callerrors", "audit", "apps", "operators", "visits"}

// navItem is one entry of the navigation.
type navItem struct {
	Path, Title string
	Here        bool
	Count       int // of what waits there
}

// sections are the entries of the navigation, shown to those who may.
var sections = []struct {
	path, title string
	right       intake.Right
}{
	{"/overview", "首页", intake.LookCases},
	{"/cases", "案件", intake.LookCases},
	{"/entities", "市场主体", intake.LookCases},
	{"/calls", "报送记录", intake.LookCalls},
	{"/apps", "接入管理", intake.ManageApps},
	{"/operators", "操作员", intake.ManageOperators},
	{"/visits", "会话与锁定", intake.ManagePolicies},
	{"/policies", "安全策略", intake.ManagePolicies},
	{"/audit", "审计", intake.LookAudit},
	{"/approvals", "待批准", intake.ApproveOperators},
	{"/system", "系统", intake.LookSystem},
}

// nav lists the sections the officer may see.
func (q *request) nav() (items []navItem) {
	here := strings.TrimPrefix(q.URL.Path, q.Prefix)
	for _, s := range sections {
		if q.who.Role.May(s.right) {
			items = append(items, navItem{q.link(s.path), s.title, here == s.path || s.path != "/" && strings.HasPrefix(here, s.path+"/"), q.waiting(s.right)})
		}
	}
	return items
}

// waiting is how many changes of operators wait for the officer, for the section of those who approve.
func (q *request) waiting(right intake.Right) int {
	if right != intake.ApproveOperators {
		return 0
	}
	os, err := q.Desk.Waiting(q.Context(), q.who)
	if err != nil && !errors.Is(err, intake.ErrForbidden) && !errors.Is(err, intake.ErrSignedOut) {
		q.Log.Warn("what waits for approval is not counted", "err", err)
	}
	return len(os)
}

func (s *console) parsePages() (map[string]*pageTemplate, error) {
	names, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	pages := make(map[string]*pageTemplate)
	for _, n := range names {
		name := strings.TrimSuffix(n.Name(), ".html")
		if name == "frame" {
			continue
		}
		pages[name], err = template.New("frame.html").Funcs(s.functions()).ParseFS(templateFiles, "templates/frame.html", "templates/"+n.Name())
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func (p page) answer(q *request) error {
	f := frame{page: p, Prefix: q.Prefix, Asset: q.link(assetPath), Notice: notices[q.URL.Query().Get("done")],
		Wide: slices.Contains(wide, p.Name), Now: q.Clock()}
	if !p.Bare {
		f.Who, f.Nav = q.who, q.nav()
	}
	status := http.StatusOK
	if p.Problem != nil {
		f.Problem, f.Notice = problemText(p.Problem), ""
		status = explain(p.Problem).Status
	}
	return q.render(p.Name, status, f)
}

// problemText is what stands above a form that could not be taken.
func problemText(err error) string {
	e := explain(err)
	switch e.Status {
	case http.StatusBadRequest:
		return e.Text
	case http.StatusConflict:
		return e.title() + "。下面是现在的情况。"
	}
	return e.title() + "。" + e.Next
}

// render executes a template whole before anything of it is sent.
func (q *request) render(name string, status int, data any) error {
	var b bytes.Buffer
	if err := q.pages[name].Execute(&b, data); err != nil {
		http.Error(q.w, "系统内部错误", http.StatusInternalServerError)
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.WriteHeader(status)
	_, err := q.w.Write(b.Bytes())
	return err
}

// redirect is an answer that goes on to a path of the console.
type redirect string

func (r redirect) answer(q *request) error {
	q.redirect(string(r))
	return nil
}

// done goes on to a path with one of the notices.
func done(to, notice string) redirect {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return redirect(to + sep + "done=" + notice)
}

// notices are what is said after something was done.
var notices = map[string]string{
	"expired":      "密码已过有效期，请先修改密码，才能继续使用。",
	"password":     "密码已修改，其他地方的登录已经失效。",
	"ended":        "会话已结束。",
	"saved":        "已保存。",
	"unlocked":     "已解锁，可以立即登录。",
	"account":      "账户已添加。",
	"out":          "您已退出。",
	"over":         "登录已失效，请重新登录。",
	"noted":        "备注已添加。",
	"asked":        "已申请退回，等待复核员确认。",
	"askedpublish": "已申请不经核对登记公示，等待复核员决定。",
	"agreed":       "已同意公示，公示日期已登记。",
	"returned":     "已同意退回，报送单位可以用原案件编号重新报送。",
	"revealed":     "本案清单中的姓名在您的这次登录中暂时显示，查看目的已记入审计。",
	"approved":     "已批准，并已记入审计。",
	"refused":      "没有批准，理由已记入审计。",
	"askedrole":    "已提出，等待第二人批准；批准以后才生效。",
}

// file is an answer that is saved. Its content is written as it is made: an error in the middle breaks the connection,
// so that no half file looks whole.
type file struct {
	name, kind string
	write      func(io.Writer) error
}

func (f file) answer(q *request) error {
	h := q.w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Disposition", "attachment; filename=\""+asciiName(f.name)+"\"; filename*=UTF-8''"+url.PathEscape(f.name))
	if err := f.write(q.w); err != nil {
		q.Log.Error("download broken off", "name", path.Ext(f.name), "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// asciiName is a name for browsers that do not read the other one.
func asciiName(name string) string {
	return "export" + path.Ext(name)
}

// problemPage is what a page that cannot be shown says instead.
type problemPage struct {
	Status int
	Hint   string
}

func (s *console) problem(w http.ResponseWriter, r *http.Request, status int, title, hint string) {
	q := s.newRequest(w, r)
	f := frame{page: page{Name: "problem", Title: title, Data: problemPage{status, hint}, Bare: true}, Prefix: s.Prefix, Asset: s.Prefix + assetPath}
	if q.identify() == nil {
		f.Bare, f.Who, f.Nav = false, q.who, q.nav()
	}
	if err := q.render("problem", status, f); err != nil {
		s.Log.Error("console", "err", err)
	}
}

func (s *console) missing(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, "没有这个页面", "请从上方的菜单进入。")
}

// violation takes a browser's report of something the policy forbade.
func (s *console) violation(w http.ResponseWriter, r *http.Request) {
	if from := peer.Source(r, s.Proxies); s.reports.Wait(from) == 0 {
		s.reports.Failed(from)
		b, _ := io.ReadAll(io.LimitReader(r.Body, 2000))
		s.Violation(strings.ToValidUTF8(string(b), "\uFFFD"))
	}
	w.WriteHeader(http.StatusNoContent)
}
