package firms

import (
	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// registerData is the state of the register, the form for its import, and the imports there were.
type registerData struct {
	Register  page.RegisterState
	Counts    []stateCount
	Oddities  []oddityCount
	Words     []register.StateWord
	Snapshots []register.Snapshot
	Form      form
	Today     string
	Running   string // leads to the import that is at work or waits for consent; "": there is none
}

// Imports are the state of the register for those who import it, and the import. Their templates are those of Pages.
func Imports(c Config) page.Group {
	d := &depot{Config: c}
	return page.Group{Routes: []page.Route{
		page.Section("/register", "导入主体库", intake.ImportRegister, d.registerPage),
		page.Post(UploadPath, intake.ImportRegister, d.upload),
		page.Get("/register/imports/{import}", intake.ImportRegister, d.importPage),
		page.Post("/register/imports/{import}/start", intake.ImportRegister, d.start),
		page.Post("/register/imports/{import}/cancel", intake.ImportRegister, d.cancel),
	}}
}

// shownImports is how many imports are listed.
const shownImports = 20

func (d *depot) registerPage(q *page.Request) (page.Answer, error) {
	return d.showRegister(q, form{Kind: "full"}, nil)
}

// showRegister shows the page, with what is wrong about the form.
func (d *depot) showRegister(q *page.Request, f form, problem error) (page.Answer, error) {
	data := registerData{Form: f, Today: q.Today().String()}
	var err error
	if data.Register, err = q.RegisterState(); err != nil {
		return nil, err
	}
	if data.Form.Base == "" && data.Register.Snapshot.ID != 0 {
		data.Form.Base = strconv.FormatInt(data.Register.Snapshot.ID, 10)
	}
	report := data.Register.Snapshot.Report
	data.Counts, data.Oddities = countsOf(report)
	data.Words = report.Words
	if data.Snapshots, err = q.Register.Imports(q.Context(), q.Who, shownImports); err != nil {
		return nil, err
	}
	if j := d.current(); j != nil {
		if s := j.seen().Stage; s != imported && s != failed {
			data.Running = q.Link("/register/imports/" + j.id)
		}
	}
	return page.View{Template: "register_show", Title: "导入主体库", Data: data, Problem: problem}, nil
}
