package cases

import (
	"errors"
	"slices"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// entityData is one entity in full, between its neighbours.
type entityData struct {
	AcceptID, CaseID, CaseName string
	entityTable
	Firm       *page.Firm // as the register has it; nil: there is none
	Comparison page.Comparison
	Here       int
	Hidden     bool // its name, too, until a purpose is given
	Reveal     page.PurposeForm
	Free       int64 // how many may be seen without one
	State      page.Tag
	Holds      []string
	Published  string // the day; "": it is not published
	Alarmed    bool
	History    []historyLine
	Compare    string // where it is compared
	Package    *page.PurposeForm
}

func casesEntityPage(q *page.Request) (page.Answer, error) { return showEntity(q, nil) }

// showEntity shows one entity with its name; those before and after it are there because rows may have been shifted.
// An operator that has seen many names one by one has to give a purpose before the next one.
func showEntity(q *page.Request, problem error) (page.Answer, error) {
	pos, err := position(q.PathValue("pos"))
	if err != nil {
		return nil, intake.ErrNotFound
	}
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, f.No, max(0, pos-2), 5, casework.EntityFilter{})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(es, func(e casework.DoubtedEntity) bool { return e.Pos == pos }) {
		return nil, intake.ErrNotFound
	}
	d := entityData{AcceptID: f.AcceptID, CaseID: f.CaseID, CaseName: f.CaseName, Here: pos + 1,
		Package: packageForm(q, q.Link(entityPath(q)), firmPackageHint)}
	if err := askPurpose(q, &d, f.No, pos); err != nil {
		return nil, err
	}
	if d.Comparison, err = q.Comparison(f.No, "", func(key string) string {
		return listPath(q, f.AcceptID, 1, listFilter{Field: verdictField, Value: key})
	}); err != nil {
		return nil, err
	}
	d.Compared, d.Explained = d.Comparison.Snapshot.ID != 0, true
	for _, e := range es {
		if e.Pos == pos && e.Judged.Firm != (register.Firm{}) {
			firm := page.NewFirm(e.Judged.Firm, !d.Hidden)
			d.Firm = &firm
		}
		if e.Pos == pos {
			d.State, d.Holds = stateTag(e.Firm.State), e.Firm.Holds.Titles()
			d.Published, d.Alarmed = e.Firm.Published, e.Firm.Alarmed
		}
		if e.Pos <= pos+2 {
			d.Rows = append(d.Rows, newEntityRow(q, f.AcceptID, e, e.Pos == pos && !d.Hidden))
		}
	}
	if err := loadHistory(q, &d, f, pos); err != nil {
		return nil, err
	}
	return page.View{Template: "entity_show", Title: "案件 " + f.AcceptID + " 第" + strconv.Itoa(pos+1) + "户", Data: d,
		Problem: problem}, nil
}

// historyLine is an act on the firm, or on its case as a whole.
type historyLine struct {
	intake.CaseEvent
	By   string
	Said said
}

// loadHistory reads all that was done with the firm.
func loadHistory(q *page.Request, d *entityData, f casework.CaseFile, pos int) error {
	events, err := q.Cases.FirmHistory(q.Context(), q.Who, f.AcceptID, pos)
	for _, e := range events {
		d.History = append(d.History, historyLine{e, q.Person(e.By), saidOf(e)})
	}
	if casework.StepsOf(q.Who, f.CaseRow).CheckFirms {
		d.Compare = q.Link(comparePath(q, f.AcceptID, pos+1))
	}
	return err
}

// askPurpose has the view of the name counted, and hides the name where a purpose is needed first.
func askPurpose(q *page.Request, d *entityData, caseNo int64, pos int) error {
	err := q.Cases.ViewName(q.Context(), q.Who, caseNo, pos)
	if !errors.Is(err, casework.ErrPurpose) {
		return err
	}
	ps, err := q.Staff.Policies(q.Context())
	d.Hidden, d.Free = true, ps[intake.FreeNames]
	d.Reveal = page.NewPurposeForm("reveal", q.Link(entityPath(q))+"/reveal", "显示姓名", "说明后，本案清单中的姓名在您的这次登录中暂时显示。")
	return err
}

func entityPath(q *page.Request) string {
	return "/cases/" + q.PathValue("acceptid") + "/entities/" + q.PathValue("pos")
}

// revealFromEntity is revealNames from the page of one entity, to which it leads back.
func revealFromEntity(q *page.Request) (page.Answer, error) {
	err := revealNames(q, q.PathValue("acceptid"))
	if errors.Is(err, intake.ErrInvalid) {
		return showEntity(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(entityPath(q), "shown"), nil
}
