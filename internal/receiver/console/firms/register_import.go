package firms

import (
	"errors"
	"time"

	"diaoxiao/internal/display"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
)

// importData is one import, at any stage of it.
type importData struct {
	seen
	ID       string
	Full     bool
	AsOf     string
	Base     int64
	Files    []extract.File
	Seconds  int
	Tables   []tableView
	Counts   []stateCount
	Oddities []oddityCount
	Problems []string // for which the files are refused
	More     int
	Remarks  []string
	Refusal  string // why they are refused besides; "": they are not
	Fewer    bool   // consent is needed: there are far fewer rows
	Older    bool   // consent is needed: the day is before that of the current snapshot
	Failure  string // why nothing was taken in; "": it did not fail
	Register page.RegisterState
	Gone     bool // the import is not known
}

// tableView is a table of a file with its first rows.
type tableView struct {
	extract.Table
	Rows []page.Firm
}

// Trying, and so on, are the stages for the template.
func (d importData) Trying() bool    { return d.Stage == trying }
func (d importData) Tried() bool     { return d.Stage == tried }
func (d importData) Importing() bool { return d.Stage == importing }
func (d importData) Imported() bool  { return d.Stage == imported }

// MayStart reports whether the import may be begun.
func (d importData) MayStart() bool { return d.Tried() && len(d.Problems) == 0 && d.Refusal == "" }

// again is after how many seconds the page of an import that is at work is asked for again.
const again = 3

func (d *depot) importPage(q *page.Request) (page.Answer, error) { return d.showImport(q, nil) }

// showImport shows an import, with what is wrong about a form. One that is not known was lost when the server was
// restarted, or another took its place; the register tells which.
func (d *depot) showImport(q *page.Request, problem error) (page.Answer, error) {
	data := importData{Gone: true}
	view := page.View{Template: "register_import", Title: "导入主体库", Problem: problem}
	if j, err := d.named(q.PathValue("import")); err == nil {
		data = dataOf(j, d.Clock())
		if j.busy() {
			view.Again = again
		}
	}
	var err error
	data.Register, err = q.RegisterState()
	view.Data = data
	return view, err
}

func dataOf(j *job, now time.Time) importData {
	s := j.seen()
	d := importData{seen: s, ID: j.id, Full: j.order.Base == 0, AsOf: j.order.AsOf, Base: j.order.Base,
		Files: j.order.Files, Seconds: int(now.Sub(s.Since).Seconds()), More: s.Preview.More}
	for _, t := range s.Preview.Tables {
		v := tableView{Table: t}
		for _, f := range t.First {
			v.Rows = append(v.Rows, page.NewFirm(f, false))
		}
		d.Tables = append(d.Tables, v)
	}
	d.Counts, d.Oddities = countsOf(s.Preview.Report)
	d.Problems, d.Remarks = problemTexts(s.Preview.Problems), problemTexts(s.Preview.Remarks)
	if s.Preview.Refusal != nil {
		d.Refusal = reason(s.Preview.Refusal)
	}
	d.Fewer, d.Older = farFewer(d.Full, s.Preview.Rows, s.Preview.Current), d.AsOf < s.Preview.Current.AsOf
	d.fail(s.Err)
	return d
}

// farFewer reports whether an extract has so few rows that it may have been cut off.
func farFewer(full bool, rows int, current register.Snapshot) bool {
	return full && rows*100 < current.Rows*80
}

// fail says why nothing was taken in.
func (d *importData) fail(err error) {
	if err == nil {
		return
	}
	d.Failure = reason(err)
	if refused, ok := errors.AsType[*extract.Refused](err); ok {
		d.Problems, d.More = problemTexts(refused.Problems), refused.More
	}
}

func problemTexts(ps []grid.Problem) (texts []string) {
	for _, p := range ps {
		texts = append(texts, display.Plain(p.Error()))
	}
	return texts
}

// reason is an error as people read it.
func reason(err error) string {
	var refused *extract.Refused
	switch {
	case errors.As(err, &refused):
		return "文件有问题，没有导入"
	case errors.Is(err, intake.ErrBuilding):
		return "另一次导入（命令行或者其他节点）正在进行，请等它结束后重新上传"
	case errors.Is(err, intake.ErrInvalid), errors.Is(err, intake.ErrExists), errors.Is(err, errStopped):
		return display.Plain(page.ErrorText(err))
	case errors.Is(err, intake.ErrSignedOut), errors.Is(err, intake.ErrForbidden):
		return "导入期间登录已失效或者权限已变更，没有导入；请重新登录后重新上传"
	case errors.Is(err, intake.ErrUnavailable):
		return "系统繁忙，或者不能确定是否已经导入：请看当前快照是否已更新，没有更新的重新上传；反复出现请查看服务日志"
	}
	return internalError
}

// internalError is the text for an error of this program: no input of the user caused it.
const internalError = "系统内部错误，请查看服务日志"

// start begins the import after the dry run, with the consents that it needs.
func (d *depot) start(q *page.Request) (page.Answer, error) {
	j, err := d.named(q.PathValue("import"))
	if err != nil {
		return page.Redirect("/register/imports/" + q.PathValue("import")), nil
	}
	data := dataOf(j, d.Clock())
	switch {
	case !data.MayStart():
		return page.Redirect("/register/imports/" + j.id), nil
	case data.Fewer && q.Field("fewer") == "":
		return d.showImport(q, intake.Invalid("行数比当前主体库少很多，须勾选确认后才能导入"))
	case data.Older && q.Field("older") == "":
		return d.showImport(q, intake.Invalid("数据截止日早于当前主体库，须勾选确认后才能导入"))
	}
	o := j.order
	o.Fewer, o.Older = data.Fewer, data.Older
	if !j.consented() {
		return page.Redirect("/register/imports/" + j.id), nil
	}
	d.take(q, j, o)
	return page.Redirect("/register/imports/" + j.id), nil
}

// consented reports true to the first who begins the import.
func (j *job) consented() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stage != tried {
		return false
	}
	j.stage = importing
	return true
}

// cancel stops an import, or gives one up that waits for consent.
func (d *depot) cancel(q *page.Request) (page.Answer, error) {
	j, err := d.named(q.PathValue("import"))
	if err != nil {
		return page.Redirect("/register/imports/" + q.PathValue("import")), nil
	}
	if j.busy() {
		j.mu.Lock()
		stop := j.stop
		j.mu.Unlock()
		if stop != nil {
			stop()
		}
	} else if j.seen().Stage == tried {
		j.ended(d.Clock(), errStopped)
	}
	return page.Redirect("/register/imports/" + j.id), nil
}
