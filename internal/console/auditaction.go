package console

import "diaoxiao/internal/intake"

// auditGroup is actions of one kind.
type auditGroup struct {
	Key, Title string
	Actions    []choice
}

// auditGroups is the one table of what the audit calls a deed and what an auditor reads.
var auditGroups = []auditGroup{
	{"sign", "登录", []choice{{"sign in", "登录"}, {"sign in refused", "登录失败"}, {"sign out", "退出"}, {"visit end", "结束会话"}, {"password change", "修改密码"}}},
	{"case", "案件", []choice{{"case note", "备注"}, {"case check", "核对"}, {"case reopen", "重新核对"}, {"case publish", "登记公示"}, {"case unpublish", "撤销公示"},
		{"case ask return", "申请退回"}, {"case withdraw return", "撤回退回申请"}, {"case refuse return", "不同意退回"}, {"case confirm return", "同意退回"},
		{"case ask publish", "申请不经核对登记公示"}, {"case withdraw publish", "撤回公示申请"}, {"case refuse publish", "不同意公示"}, {"case agree publish", "同意公示"},
		{"case reveal names", "查看清单姓名"}, {"case view names", "逐户查看姓名"}, {"case take body", "下载报文"},
		{"case show", "查看案件（命令行）"}}},
	{"export", "导出", []choice{{"export", "导出"}}},
	{"app", "接入", []choice{{"app create", "建立应用"}, {"app rotate-secret", "更换密钥"}, {"app disable", "停用应用"}, {"app enable", "启用应用"}, {"app change", "修改应用名称、联系人"},
		{"account add", "添加账户"}, {"account disable", "停用账户"}, {"account enable", "启用账户"}}},
	{"operator", "操作员", []choice{{"operator create", "建立操作员"}, {"operator enrol", "激活操作员"}, {"operator reset", "重置操作员"},
		{"operator disable", "停用操作员"}, {"operator enable", "启用操作员"}, {"operator unlock", "解锁操作员"},
		{"operator found", "第一个账户免批准生效"}, {"operator approve", "批准账户变更"}, {"operator refuse", "不批准账户变更"},
		{"operator approve emergency", "紧急批准账户变更（命令行）"}, {"operator change", "修改操作员姓名、电话"}, {"operator ask role", "申请改角色"},
		{"operator identity", "登记身份标识"}}},
	{"policy", "安全策略", []choice{{"policy set", "修改安全策略"}}},
	{"db", "数据维护", []choice{{"db restore", "恢复备份"}, {"db gap", "空出案件序号"}, {"db confirm", "确认数据库"}, {"clock back", "时钟调慢后受理"}, {"db copy", "搬迁数据库"}, {"db backup", "备份数据库"}, {"reverify", "重新核验"}, {"rebuild", "重建核验结果"}}},
}

// auditTitle is what an auditor reads for an action; one that an other version wrote stands for itself.
func auditTitle(action string) string {
	for _, g := range auditGroups {
		for _, a := range g.Actions {
			if a.Value == action {
				return a.Title
			}
		}
	}
	if action == "case return" { // by one person at the command line, as versions before had it
		return "退回（命令行）"
	}
	return action
}

// actionWords is what an auditor chose to ask for.
func actionWords(value string) string {
	for _, g := range auditGroups {
		if value == "*"+g.Key {
			return "全部" + g.Title
		}
	}
	return auditTitle(value)
}

// auditActions are the actions that a value of the query means: one, or those of a group.
func auditActions(value string) (actions []string, err error) {
	for _, g := range auditGroups {
		for _, a := range g.Actions {
			if value == a.Value || value == "*"+g.Key {
				actions = append(actions, a.Value)
			}
		}
	}
	if value != "" && actions == nil {
		return nil, intake.ErrNotFound
	}
	return actions, nil
}
