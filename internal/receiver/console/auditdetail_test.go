package console_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/workday"
)

// keyed is a fact as it is stored, in no Chinese.
var keyed = regexp.MustCompile(`[a-z]=`)

// The auditor reads Chinese in what every action has to say of itself, on the page and in the export, where the stored
// text stands beside.
func TestAuditDetails(t *testing.T) {
	h := openHouse(t)
	h.doEverything()
	v := h.enter(intake.Auditor, "auditor")
	shown := make(map[string]string) // by action
	for path, next := "/audit", ""; path != ""; path = next {
		p := v.see(path)
		for _, row := range regexp.MustCompile(`(?s)<tr>\s*<td class="number">.*?</tr>`).FindAllString(p, -1) {
			cells := regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`).FindAllStringSubmatch(row, -1)
			if said := text(cells[8][1]); keyed.MatchString(said) || strings.Contains(said, `"`) {
				t.Errorf("%s: %s", text(cells[5][1]), said)
			} else {
				shown[text(cells[5][1])] += said + "\n"
			}
		}
		next = ""
		if m := regexp.MustCompile(`<a href="/console([^"]+)" rel="next">`).FindStringSubmatch(p); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	for _, g := range intake.ActionGroups() {
		for _, a := range g.Actions {
			if _, ok := shown[a.Title]; !ok {
				t.Errorf("nobody did %q", a.Action)
			}
		}
	}
	for title, want := range map[string]string{
		"建立应用": "名称：“甲”局=x；联系人：乌云其木格；应答报文格式：只用规范的表中的写法：ackCode、access_token、acceptid；账户：经办人、副 手；密钥指纹：",
		"更换密钥": "名称：“甲”局=x；原密钥保留：7天；密钥指纹：", "停用应用": "名称：“甲”局=x\n", "添加账户": "名称：“甲”局=x；账户：三\n",
		"建立操作员": "姓名：巴图；角色：复核员；等待批准：新建\n", "修改操作员姓名、电话、单位": "姓名：巴图=2；原为：巴图；电话：已改\n",
		"批准账户变更": "变更：改角色；申请人：root（命令行）；原为：复核员；角色：业务员\n", "不批准账户变更": "变更：改角色；申请人：root（命令行）；原为：业务员；角色：复核员；理由：查无此人\n",
		"激活操作员":  "角色：业务员；来源：127.0.0.1\n",
		"逐户查看姓名": "次数：1；自：2026-11-24 09:30:00；受理号和次数：20261124",
		"登录失败":   "来源：192.0.2.1；账户锁定：30分钟；锁定范围：这一来源\n", "登录": "来源：192.0.2.1\n", "结束会话": "来源：192.0.2.1\n",
		"导入主体库":  "数据截止日：2026-11-20；行数：3；文件、行数、摘要：主体.csv 3 sha256:",
		"修改密码":   "来源：127.0.0.1\n",
		"月度统计结账": "数据截止日：2026-12-28；内容摘要（SHA-256）：",
		"申请退回":   "确实报错；涉及：清单第1条\n",
		"备注":     "他说 role是审计员\n第二行\n", "导出": "条件：应用=“甲”局=x；状态=待核对；排序=处罚决定日期\n",
	} {
		if !strings.Contains(text(shown[title]), text(want)) {
			t.Errorf("%s: %q, want %q", title, shown[title], want)
		}
	}
	a := v.do("POST", "/audit/export?action=operator+enrol", form("kind", "csv"))
	has(t, a.Body, ",激活操作员,成功,clerk,角色：业务员；来源：127.0.0.1,管理台,'127.0.0.1,console:clerk,operator enrol,"+
		"role=业务员 source=127.0.0.1,")
	has(t, text(v.see("/audit")), "条件：操作激活操作员")
	apps, err := h.Apps(t.Context(), intake.System)
	h.must(err)
	if n := len(strings.Fields(entries(v.see("/audit?target=" + apps[0].Key)))); n != 9 {
		t.Errorf("%d entries about an app by its appKey, not 9", n)
	}
	if a := v.do("POST", "/audit/export?action=*sign", form("kind", "csv")); a.Status != 200 {
		t.Error(a.Status)
	}
	has(t, text(v.see("/audit")), "条件：操作全部登录")
}

// doEverything has each action of the audit done once, by whom it is done.
func (h *house) doEverything() {
	h.Helper()
	ctx, root := h.Context(), intake.Actor("cli:root")
	c, err := h.CreateApp(ctx, root, intake.AppSpec{Name: "“甲”局=x", Contact: "乌云其木格", Phone: "1", Dialect: api.Table,
		Accounts: []string{"经办人", "副 手"}})
	h.must(err)
	_, err = h.RotateSecret(ctx, root, c.AppKey, 7*24*time.Hour)
	h.must(err)
	s := &sender{house: h, Credentials: c}
	s.login()
	id := s.send(aCase("1号"))
	h.wait(-5 * time.Minute)
	s.send(aCase("2号"))
	h.wait(5 * time.Minute)
	h.verify()
	h.importRegister("2026-11-20", ordinary(3)...)
	h.must(h.SetAppDisabled(ctx, root, "“甲”局=x", true))
	h.must(h.SetAppDisabled(ctx, root, c.AppKey, false))
	h.must(h.ChangeApp(ctx, root, c.AppKey, "乙局", "某", "2"))
	h.must(h.ChangeApp(ctx, root, c.AppKey, "“甲”局=x", "某", "2"))
	h.must(h.AddAccount(ctx, root, c.AppKey, "三"))
	h.must(h.SetAccountDisabled(ctx, root, c.AppKey, "三", true))
	h.must(h.SetAccountDisabled(ctx, root, c.AppKey, "三", false))
	h.workOn(id)
	h.mindOperators()
	h.must(h.Reverify(ctx, root))
	h.must(statistics.New(intake.NewDesk(intake.Config{Store: h.store,
		Clock: func() time.Time { return h.now().AddDate(0, 2, 0) }}), workday.Default()).Pass(ctx))
	h.must(h.Rebuild(ctx, root))
	h.must(h.Confirm(ctx, root, "演练"))
	_, err = h.LeaveGap(ctx, root, 10, "演练")
	h.must(err)
	h.continueEvidence()
	h.must(h.store.Update(ctx, func(tx intake.Tx) error {
		if err := intake.Restored(tx, h.now(), root, 10, "恢复 a.db"); err != nil {
			return err
		}
		return intake.Moved(tx, h.now(), root, "数据目录 ./data")
	}))
}

// continueEvidence has the evidence log continued after a checkpoint that this database never had.
func (h *house) continueEvidence() {
	h.Helper()
	keys, err := seal.Generate("credit.example.cn/diaoxiao")
	h.must(err)
	lost, err := evidence.Checkpoint{Origin: keys.Name, Size: 1, At: h.now()}.Sign(keys.Signers()...)
	h.must(err)
	memory := evidencelog.NewMemory(h.TempDir())
	h.must(memory.Keep(lost))
	_, err = evidencelog.Continue(h.Context(), h.Desk, intake.Actor("cli:root"), evidencelog.KeysOf(keys),
		memory)
	h.must(err)
	h.must(evidencelog.NewSigner(h.Desk, nil, evidencelog.KeysOf(keys), memory).Pass(h.Context()))
	next, err := seal.Generate(keys.Name)
	h.must(err)
	_, err = evidencelog.Rotate(h.Context(), h.Desk, intake.Actor("cli:root"), evidencelog.KeysOf(keys), next, memory)
	h.must(err)
}

// workOn does with a case whatever can be done.
func (h *house) workOn(id string) {
	h.Helper()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	do := func(v *visitor, deed string, fields ...string) { v.Helper(); v.post(at+deed, fields...) }
	do(clerk, "/note", "text", "他说 role是审计员\r\n第二行")
	do(clerk, "/claim")
	do(clerk, "/unclaim")
	do(clerk, "/check", "seen", seenFor(clerk.see(at)))
	do(clerk, "/reopen", "text", "再看")
	h.workOnFirms(id)
	clerk.propose(at, "return", "text", "报错")
	clerk.post(clerk.proposalOf(at) + "/withdraw")
	clerk.propose(at, "return", "text", "报错")
	reviewer.decide(at, "refuse", "没有报错")
	clerk.propose(at, "return", "text", "确实报错", "rows", "1")
	has(h, text(clerk.see(at)), "申请退回", "涉及：清单第1条")
	clerk.see(at + "/entities/1")
	h.wait(casework.NameSpan)
	h.must(h.SweepNames(h.Context()))
	do(clerk, "/reveal", "text", "核对姓名")
	for _, path := range []string{at + "/body", at + "/list", "/cases/export?app=1&state=tocheck&sort=penaltydate"} {
		if a := clerk.do("POST", path, form("text", "取证", "kind", "csv")); a.Status != 200 {
			h.Fatal(path, a.Status)
		}
	}
	_, err := h.TakePackage(h.Context(), intake.ConsoleActor("clerk"), id, 1, "应诉")
	h.must(err)
	reviewer.decide(at, "agree", "")
	second := h.admit("乙").send(aCase("2号"))
	at = "/cases/" + second
	h.must(h.ReturnCase(h.Context(), second, "电话确认"))
}

// workOnFirms does with the firms of a case whatever can be done.
func (h *house) workOnFirms(id string) {
	h.Helper()
	ctx, clerk, reviewer := h.Context(), intake.ConsoleActor("clerk"), intake.ConsoleActor("reviewer")
	for _, o := range []release.Outcome{release.Differs, release.Unclear, release.Agrees} {
		h.must(h.CheckFirms(ctx, clerk, id, casework.Compared{Rows: "1", Outcome: o, Remark: "已电话核实"}))
	}
	h.must(h.UncheckFirms(ctx, clerk, id, "1", "看错"))
	kinds := []release.Kind{release.Withhold, release.Recall, release.Release, release.Publish, release.Recall}
	for _, k := range kinds {
		draft := casework.Draft{AcceptID: id, Kind: k, Rows: "1", Reason: "理由"}
		if k == release.Publish {
			h.admit("丙").send(aCase("9号")) // the same firm
			h.verify()
			draft.Day = "2026-11-20"
		}
		for _, answer := range []func(no int64) error{
			func(no int64) error { return h.WithdrawProposal(ctx, clerk, no) },
			func(no int64) error { return h.RefuseProposal(ctx, reviewer, no, "没有看清") },
			func(no int64) error {
				f, err := h.ProposalFile(ctx, reviewer, no)
				return errors.Join(err, h.ConfirmProposal(ctx, reviewer, no, f.Now))
			},
		} {
			p, err := h.Propose(ctx, clerk, draft)
			h.must(err)
			h.must(answer(p.No))
		}
		if k == release.Publish {
			h.must(h.CorrectDay(ctx, clerk, id, "2026-11-19", "记错"))
			h.must(h.Unpublish(ctx, clerk, id, "决定被撤销"))
		}
	}
	h.must(h.Release(ctx, id))
	h.must(h.Publish(ctx, clerk, id, "2026-11-20"))
	h.must(h.Unpublish(ctx, clerk, id, "决定被撤销"))
}

// mindOperators does with operators whatever can be done.
func (h *house) mindOperators() {
	h.Helper()
	ctx, root := h.Context(), intake.Actor("cli:root")
	_, err := h.CreateOperator(ctx, root, staff.OperatorSpec{Name: "batu", Person: "巴图", Role: intake.Reviewer,
		Identifier: "batu"})
	h.must(err)
	_, err = h.ResetOperator(ctx, root, "batu")
	h.must(err)
	h.must(h.SetOperatorDisabled(ctx, root, "batu", true))
	h.must(h.SetOperatorDisabled(ctx, root, "batu", false))
	h.letIn("batu")
	h.must(h.ChangePerson(ctx, root, "batu", staff.Particulars{Person: "巴图=2", Phone: "0471-9", Unit: "执法局"}))
	security := h.enter(intake.SecurityAdmin, "security")
	h.must(h.AskRole(ctx, root, "batu", intake.Clerk))
	security.rule("approve", "batu")
	h.must(h.AskRole(ctx, root, "batu", intake.Reviewer))
	security.rule("refuse", "batu")
	h.must(h.AskRole(ctx, intake.Actor("cli:a login:1001"), "batu", intake.Reviewer))
	h.wait(staff.EmergencyWait)
	h.must(h.ApproveInEmergency(ctx, intake.Actor("cli:b login:1002"), "batu", "无人能登录"))
	h.must(h.RegisterIdentity(ctx, root, "batu", "batu-2"))
	h.must(h.NoteShown(ctx, root, "1"))
	h.must(h.NoteBackup(ctx, root, "a.db"))
	h.must(h.NoteCaseExport(ctx, root, "jsonl"))
	ps, err := h.Policies(ctx)
	h.must(err)
	ps[intake.LockAfter] = 3
	h.must(h.SetPolicies(ctx, root, ps))
	h.wait(time.Minute)
	in := staff.SignIn{Name: "clerk", Password: "wrong", Code: h.code(), Source: "192.0.2.1"}
	for range 3 {
		h.SignIn(ctx, in)
	}
	h.must(h.UnlockOperator(ctx, root, "clerk"))
	h.wait(time.Minute)
	in.Password, in.Code = password, h.code()
	token, err := h.SignIn(ctx, in)
	h.must(err)
	who, err := h.Officer(ctx, token)
	h.must(err)
	h.must(h.EndVisit(ctx, who, who.Token))
	v := h.enter(intake.Clerk, "leaver")
	v.post("/account/password", "old", password, "password", password+"x", "again", password+"x")
	if a := v.do("POST", "/logout", form()); a.Status != 303 {
		h.Fatal(a.Status)
	}
}
