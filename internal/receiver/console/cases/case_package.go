package cases

import (
	"errors"
	"io"
	"strconv"

	"diaoxiao/internal/receiver/casepack"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
)

// packageRoutes give out the package (案卷包) of a case, or of one firm of its list.
func packageRoutes() []page.Route {
	return []page.Route{
		page.Post("/cases/{acceptid}/package", intake.LookCases, func(q *page.Request) (page.Answer, error) {
			return takePackage(q, 0, showCase)
		}),
		page.Post("/cases/{acceptid}/entities/{pos}/package", intake.LookCases,
			func(q *page.Request) (page.Answer, error) {
				pos, err := position(q.PathValue("pos"))
				if err != nil {
					return nil, intake.ErrNotFound
				}
				return takePackage(q, pos+1, showEntity)
			}),
	}
}

// takePackage gives a package out while it is made. Where there is none, show shows the page again and says why.
func takePackage(
	q *page.Request, firm int, show func(*page.Request, error) (page.Answer, error),
) (page.Answer, error) {
	want := casepack.Wanted{AcceptID: q.PathValue("acceptid"), Firm: firm, Purpose: q.Purpose()}
	k, err := packageOf(q, want)
	if errors.Is(err, intake.ErrInvalid) {
		return show(q, err)
	}
	if err != nil {
		return nil, err
	}
	name := "案卷_" + k.Case.AcceptID
	if firm > 0 {
		name += "_第" + strconv.Itoa(firm) + "户"
	}
	return page.File{Name: name + ".zip", Kind: "application/zip", Write: func(w io.Writer) error {
		_, err := k.Write(w)
		return err
	}}, nil
}

var errNoPolicy = intake.Invalid("本机没有存证密钥的目录（设置 evidence_keys），不能出具案卷包，请联系系统管理员")

// packageOf makes a package ready. ErrInvalid says why there is none.
func packageOf(q *page.Request, want casepack.Wanted) (*casepack.Package, error) {
	if q.Policy == nil {
		return nil, errNoPolicy
	}
	var err error
	if want.Policy, err = q.Policy(); err != nil {
		return nil, err
	}
	k, err := casepack.New(q.Desk).Take(q.Context(), q.Who, want)
	switch {
	case errors.Is(err, evidencelog.ErrNotYet):
		err = intake.Invalid("该案尚未列入存证日志，请稍后再试")
	case errors.Is(err, evidencelog.ErrNoLog):
		err = intake.Invalid("没有存证日志，不能出具案卷包，请联系系统管理员")
	case errors.Is(err, evidencelog.ErrAltered), errors.Is(err, casepack.ErrPolicy):
		q.Log.Error("no package of a case", "acceptid", want.AcceptID, "err", err)
		err = intake.Invalid("存档的内容或信任策略与存证日志不符，不能出具案卷包，请联系系统管理员执行 diaoxiao db check")
	}
	return k, err
}

// packageForm is the form that asks for a package; nil: none are given out here.
func packageForm(q *page.Request, path, hint string) *page.PurposeForm {
	if q.Policy == nil {
		return nil
	}
	f := page.NewPurposeForm("package", path+"/package", "下载案卷包", hint)
	f.Download = true
	return &f
}

const (
	packageHint = "全案的记录和证明，交法院、复议机关或档案；含报文原文和姓名，属个人信息，只用于所写目的。" +
		"收到的人以 diaoxiao verify 案卷.zip 验证。"
	firmPackageHint = "只含本户的记录和证明，没有其他市场主体的报送值；含姓名，属个人信息，只用于所写目的。" +
		"案件的共同文字（案由、违法行为、处罚内容等）照原样列入，可能提到其他市场主体。"
)
