package intake

// Action is one kind of entry of the audit, as it is stored and chained.
type Action string

// The actions. Each has its title in actionGroups.
const (
	ActionSignIn         Action = "sign in"
	ActionSignInRefused  Action = "sign in refused"
	ActionSignOut        Action = "sign out"
	ActionVisitEnd       Action = "visit end"
	ActionPasswordChange Action = "password change"

	ActionCaseNote           Action = "case note"
	ActionCaseCheck          Action = "case check"
	ActionCaseReopen         Action = "case reopen"
	ActionCasePublish        Action = "case publish"
	ActionCaseUnpublish      Action = "case unpublish"
	ActionCaseAskReturn      Action = "case ask return"
	ActionCaseWithdrawReturn Action = "case withdraw return"
	ActionCaseRefuseReturn   Action = "case refuse return"
	ActionCaseConfirmReturn  Action = "case confirm return"

	ActionCaseFirmsAgree       Action = "case firms agree"
	ActionCaseFirmsDiffer      Action = "case firms differ"
	ActionCaseFirmsUnclear     Action = "case firms unclear"
	ActionCaseUncheckFirms     Action = "case uncheck firms"
	ActionCaseCorrectDay       Action = "case correct day"
	ActionCaseAskRelease       Action = "case ask release"
	ActionCaseWithdrawRelease  Action = "case withdraw release"
	ActionCaseRefuseRelease    Action = "case refuse release"
	ActionCaseConfirmRelease   Action = "case confirm release"
	ActionCaseAskWithhold      Action = "case ask withhold"
	ActionCaseWithdrawWithhold Action = "case withdraw withhold"
	ActionCaseRefuseWithhold   Action = "case refuse withhold"
	ActionCaseConfirmWithhold  Action = "case confirm withhold"
	ActionCaseAskDoubtful      Action = "case ask doubtful"
	ActionCaseWithdrawDoubtful Action = "case withdraw doubtful"
	ActionCaseRefuseDoubtful   Action = "case refuse doubtful"
	ActionCaseConfirmDoubtful  Action = "case confirm doubtful"
	ActionCaseAskRecall        Action = "case ask recall"
	ActionCaseWithdrawRecall   Action = "case withdraw recall"
	ActionCaseRefuseRecall     Action = "case refuse recall"
	ActionCaseConfirmRecall    Action = "case confirm recall"

	ActionCaseClaim   Action = "case claim"
	ActionCaseUnclaim Action = "case unclaim"

	ActionCaseRevealNames Action = "case reveal names"
	ActionCaseViewNames   Action = "case view names"
	ActionCaseTakeBody    Action = "case take body"
	ActionCaseTakePackage Action = "case take package"
	ActionCaseShow        Action = "case show"

	ActionExport Action = "export"

	ActionAppCreate       Action = "app create"
	ActionAppRotateSecret Action = "app rotate-secret"
	ActionAppDisable      Action = "app disable"
	ActionAppEnable       Action = "app enable"
	ActionAppChange       Action = "app change"
	ActionAccountAdd      Action = "account add"
	ActionAccountDisable  Action = "account disable"
	ActionAccountEnable   Action = "account enable"

	ActionOperatorCreate           Action = "operator create"
	ActionOperatorEnrol            Action = "operator enrol"
	ActionOperatorReset            Action = "operator reset"
	ActionOperatorDisable          Action = "operator disable"
	ActionOperatorEnable           Action = "operator enable"
	ActionOperatorUnlock           Action = "operator unlock"
	ActionOperatorFound            Action = "operator found"
	ActionOperatorApprove          Action = "operator approve"
	ActionOperatorRefuse           Action = "operator refuse"
	ActionOperatorApproveEmergency Action = "operator approve emergency"
	ActionOperatorChange           Action = "operator change"
	ActionOperatorAskRole          Action = "operator ask role"
	ActionOperatorIdentity         Action = "operator identity"

	ActionPolicySet Action = "policy set"

	ActionRegisterImport Action = "register import"

	ActionStatClose Action = "stat close"

	ActionDBRestore Action = "db restore"
	ActionDBGap     Action = "db gap"
	ActionDBConfirm Action = "db confirm"

	ActionEvidenceContinue Action = "evidence continue"
	ActionEvidenceRotate   Action = "evidence rotate"
	ActionClockBack        Action = "clock back"
	ActionDBCopy           Action = "db copy"
	ActionDBBackup         Action = "db backup"
	ActionReverify         Action = "reverify"
	ActionRebuild          Action = "rebuild"

	// ActionCaseAskPublish and the three after it are of publications of cases as a whole. Only versions before the
	// proposals wrote them.
	ActionCaseAskPublish      Action = "case ask publish"
	ActionCaseWithdrawPublish Action = "case withdraw publish"
	ActionCaseRefusePublish   Action = "case refuse publish"
	ActionCaseAgreePublish    Action = "case agree publish"
	// ActionCaseReturn is a return by one person at the command line. Only versions before the request for a return
	// wrote it.
	ActionCaseReturn Action = "case return"
)

// ActionTitle is an action with the title that people read.
type ActionTitle struct {
	Action Action
	Title  string
}

// ActionGroup is the actions of one kind.
type ActionGroup struct {
	Key, Title string
	Actions    []ActionTitle
}

// actionGroups is the one table of titles, in the order in which auditors choose.
var actionGroups = []ActionGroup{
	{"sign", "登录", []ActionTitle{
		{ActionSignIn, "登录"}, {ActionSignInRefused, "登录失败"}, {ActionSignOut, "退出"}, {ActionVisitEnd, "结束会话"},
		{ActionPasswordChange, "修改密码"},
	}},
	{"case", "案件", []ActionTitle{
		{ActionCaseNote, "备注"}, {ActionCaseCheck, "核对"}, {ActionCaseReopen, "撤销核对"}, {ActionCasePublish, "登记公示"},
		{ActionCaseUnpublish, "撤销公示"}, {ActionCaseAskReturn, "申请退回"}, {ActionCaseWithdrawReturn, "撤回退回申请"},
		{ActionCaseRefuseReturn, "不同意退回"}, {ActionCaseConfirmReturn, "同意退回"},
		{ActionCaseFirmsAgree, "逐户核对一致"}, {ActionCaseFirmsDiffer, "逐户核对不一致"},
		{ActionCaseFirmsUnclear, "逐户核对待查"}, {ActionCaseUncheckFirms, "撤销逐户核对"}, {ActionCaseCorrectDay, "更正公示日期"},
		{ActionCaseAskRelease, "申请放行"}, {ActionCaseWithdrawRelease, "撤回放行申请"},
		{ActionCaseRefuseRelease, "不同意放行"}, {ActionCaseConfirmRelease, "同意放行"},
		{ActionCaseAskWithhold, "申请不予公示"}, {ActionCaseWithdrawWithhold, "撤回不予公示申请"},
		{ActionCaseRefuseWithhold, "不同意不予公示"}, {ActionCaseConfirmWithhold, "同意不予公示"},
		{ActionCaseAskDoubtful, "申请存疑公示"}, {ActionCaseWithdrawDoubtful, "撤回存疑公示申请"},
		{ActionCaseRefuseDoubtful, "不同意存疑公示"}, {ActionCaseConfirmDoubtful, "同意存疑公示"},
		{ActionCaseAskRecall, "申请撤回放行"}, {ActionCaseWithdrawRecall, "撤回对撤回放行的申请"},
		{ActionCaseRefuseRecall, "不同意撤回放行"}, {ActionCaseConfirmRecall, "同意撤回放行"},
		{ActionCaseClaim, "认领案件"}, {ActionCaseUnclaim, "取消认领"},
		{ActionCaseRevealNames, "查看清单姓名"},
		{ActionCaseViewNames, "逐户查看姓名"}, {ActionCaseTakeBody, "下载报文"},
		{ActionCaseTakePackage, "出具案卷包"}, {ActionCaseShow, "查看案件（命令行）"},
	}},
	{"export", "导出", []ActionTitle{{ActionExport, "导出"}}},
	{"app", "接入", []ActionTitle{
		{ActionAppCreate, "建立应用"}, {ActionAppRotateSecret, "更换密钥"}, {ActionAppDisable, "停用应用"},
		{ActionAppEnable, "启用应用"}, {ActionAppChange, "修改应用名称、联系人"}, {ActionAccountAdd, "添加账户"},
		{ActionAccountDisable, "停用账户"}, {ActionAccountEnable, "启用账户"},
	}},
	{"operator", "操作员", []ActionTitle{
		{ActionOperatorCreate, "建立操作员"}, {ActionOperatorEnrol, "激活操作员"}, {ActionOperatorReset, "重置操作员"},
		{ActionOperatorDisable, "停用操作员"}, {ActionOperatorEnable, "启用操作员"}, {ActionOperatorUnlock, "解锁操作员"},
		{ActionOperatorFound, "第一个账户免批准生效"}, {ActionOperatorApprove, "批准账户变更"},
		{ActionOperatorRefuse, "不批准账户变更"}, {ActionOperatorApproveEmergency, "紧急批准账户变更（命令行）"},
		{ActionOperatorChange, "修改操作员姓名、电话、单位"}, {ActionOperatorAskRole, "申请改角色"},
		{ActionOperatorIdentity, "登记身份标识"},
	}},
	{"policy", "安全策略", []ActionTitle{{ActionPolicySet, "修改安全策略"}}},
	{"register", "主体库", []ActionTitle{{ActionRegisterImport, "导入主体库"}}},
	{"stat", "统计", []ActionTitle{{ActionStatClose, "月度统计结账"}}},
	{"db", "数据维护", []ActionTitle{
		{ActionDBRestore, "恢复备份"}, {ActionDBGap, "空出案件序号"}, {ActionDBConfirm, "确认数据库"},
		{ActionEvidenceContinue, "另起存证日志"}, {ActionEvidenceRotate, "更换存证密钥"},
		{ActionClockBack, "时钟调慢后受理"}, {ActionDBCopy, "搬迁数据库"}, {ActionDBBackup, "备份数据库"},
		{ActionReverify, "重新核验"}, {ActionRebuild, "重建核验结果"},
	}},
}

// ActionGroups lists all actions that this version writes, with their titles. Callers do not change it.
func ActionGroups() []ActionGroup { return actionGroups }

// actionPlace is the key of the group that an action belongs to, and the title of the action.
type actionPlace struct{ group, title string }

// actionPlaces has the place of each action of actionGroups, and of those that only older versions wrote.
var actionPlaces = placesOf(actionGroups)

func placesOf(groups []ActionGroup) map[Action]actionPlace {
	places := map[Action]actionPlace{
		ActionCaseReturn:     {title: "退回（命令行）"},
		ActionCaseAskPublish: {title: "申请不经核对登记公示"}, ActionCaseWithdrawPublish: {title: "撤回公示申请"},
		ActionCaseRefusePublish: {title: "不同意公示"}, ActionCaseAgreePublish: {title: "同意公示"},
	}
	for _, g := range groups {
		for _, t := range g.Actions {
			places[t.Action] = actionPlace{g.Key, t.Title}
		}
	}
	return places
}

// In reports whether the action is one of the group with that key.
func (a Action) In(group string) bool { return group != "" && actionPlaces[a].group == group }

// Title is what people read for an action. An action of another version is its own title.
func (a Action) Title() string {
	if p, ok := actionPlaces[a]; ok {
		return p.title
	}
	return string(a)
}
