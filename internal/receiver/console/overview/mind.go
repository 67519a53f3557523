package overview

import (
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// mindData is the first page of those who mind the system.
type mindData struct {
	Steps    []firstStep // of the first run; nil: all are done, or they are not the officer's
	Figures  []figure
	Facts    []page.Fact
	Bad      int // facts about which somebody should do something
	Register *page.RegisterState
}

// firstStep is one step of the first run.
type firstStep struct {
	Title, Note, Link string
	Done              bool
}

func mindPage(q *page.Request, facts page.Facts) (page.Answer, error) {
	var d mindData
	var err error
	if d.Facts, err = facts(q); err != nil {
		return nil, err
	}
	for _, f := range d.Facts {
		if f.Bad {
			d.Bad++
		}
	}
	people, err := q.Staff.Operators(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	if q.Who.Role.May(intake.ManageApps) {
		err = d.fillAdmin(q, people)
	} else {
		err = d.fillSecurity(q, people)
	}
	return page.View{Template: "overview_mind", Title: "首页", Data: d}, err
}

// fillAdmin adds apps, operators, the register, and the first run while it is not done.
func (d *mindData) fillAdmin(q *page.Request, people []intake.Operator) error {
	apps, err := q.Desk.Apps(q.Context(), q.Who)
	if err != nil {
		return err
	}
	register, err := q.RegisterState()
	if err != nil {
		return err
	}
	d.Register = &register
	waits := 0
	for _, o := range people {
		if o.Waits.Kind != "" {
			waits++
		}
	}
	d.Figures = []figure{
		{Title: "报送应用", Value: display.Count(len(apps)) + "个", Link: q.Link("/apps")},
		{Title: "操作员", Value: display.Count(len(people)) + "名", Link: q.Link("/operators")},
		{Title: "等待批准", Value: display.Count(waits) + "名", Note: "账户变更由安全管理员或审计员批准",
			Link: q.Link("/operators"), Alarm: waits > 0},
	}
	return d.fillSteps(q, people, len(apps))
}

// fillSteps lists the steps of the first run while one of them is not done.
func (d *mindData) fillSteps(q *page.Request, people []intake.Operator, apps int) error {
	backup, err := q.Audit.LastBackup(q.Context(), q.Who)
	if err != nil {
		return err
	}
	lacks := lackingRoles(people)
	roles := firstStep{Title: "建操作员", Note: "五种角色各至少一名，本人打开一次性链接设置密码、经批准后可以使用",
		Link: q.Link("/operators/new"), Done: len(lacks) == 0}
	if len(lacks) > 0 {
		roles.Note += "；还缺：" + strings.Join(lacks, "、")
	}
	d.Steps = []firstStep{
		roles,
		{Title: "建应用", Note: "每个报送单位的系统一个，密钥只显示一次", Link: q.Link("/apps/new"), Done: apps > 0},
		{Title: "装证书", Note: "在服务器上配置 tls_cert 和 tls_key，或者由前面的反向代理提供 HTTPS", Link: q.Link("/system"),
			Done: q.Secure(q.Request)},
		{Title: "备份", Note: "在服务器上用 diaoxiao db backup 定期备份，并另存一份", Link: q.Link("/system"),
			Done: !backup.IsZero()},
	}
	for _, s := range d.Steps {
		if !s.Done {
			return nil
		}
	}
	d.Steps = nil
	return nil
}

// lackingRoles are the roles of which no account can be used.
func lackingRoles(people []intake.Operator) (titles []string) {
	has := make(map[intake.Role]bool)
	for _, o := range people {
		if !o.Disabled && o.Password != "" && !o.Suspended() {
			has[o.Role] = true
		}
	}
	for _, r := range intake.Roles() {
		if !has[r] {
			titles = append(titles, r.String())
		}
	}
	return titles
}

// fillSecurity adds what waits for the security administrator.
func (d *mindData) fillSecurity(q *page.Request, people []intake.Operator) error {
	waits, err := q.Staff.Waiting(q.Context(), q.Who)
	locked := 0
	for _, o := range people {
		if q.Clock().Before(o.Locked) {
			locked++
		}
	}
	d.Figures = []figure{approvalFigure(q, len(waits)),
		{Title: "锁定的账户", Value: fmt.Sprintf("%d名", locked), Link: q.Link("/visits"), Alarm: locked > 0},
		{Title: "操作员", Value: display.Count(len(people)) + "名", Note: "在线会话和锁定", Link: q.Link("/visits")}}
	return err
}

func approvalFigure(q *page.Request, n int) figure {
	return figure{Title: "待批准", Value: display.Count(n) + "名", Note: "账户变更等待您批准", Link: q.Link("/approvals"),
		Alarm: n > 0}
}
