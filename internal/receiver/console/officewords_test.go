package console_test

import (
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// An administrator finds operators by any of their data, sees when the last backup was, and reads a browser by its
// name; a policy that is on or off is a choice of two words.
func TestAdministratorsPages(t *testing.T) {
	h := openHouse(t)
	h.enter(intake.Clerk, "surina")
	admin := h.enter(intake.SystemAdmin, "admin")
	has(t, text(admin.see("/operators?q=surina")), "业务员surina")
	lacks(t, text(admin.see("/operators?q=surina")), "没有符合条件")
	has(t, text(admin.see("/operators?q=复核员")), "没有符合条件的操作员")
	has(t, text(admin.see("/system")), "最近一次备份 没有记录")
	h.append(intake.AuditEntry{At: h.now().Add(-26 * time.Hour), By: "cli:root", Action: intake.ActionDBBackup})
	has(t, text(admin.see("/system")), "最近一次备份 2026-11-23 07:30:00，1天前")
	h.append(intake.AuditEntry{At: h.now().Add(-25 * time.Hour), By: "cli:root", Action: intake.ActionDBCopy})
	lacks(t, text(admin.see("/system")), "没有记录")
	h.wait(3 * 24 * time.Hour)
	security := h.enter(intake.SecurityAdmin, "security")
	has(t, text(security.see("/system")), "最近一次备份 2026-11-23 07:30:00，4天前 请处理")
	p := security.see("/policies")
	has(t, p, `<option value="1" selected>是</option>`, "1,000,000")
	lacks(t, p, "1是，0否")
}

// A browser is named in words, and what is not known is shown as it is.
func TestBrowserWords(t *testing.T) {
	h := openHouse(t)
	security := h.enter(intake.SecurityAdmin, "security")
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.3987.87 " +
			"Safari/537.36": "Chrome 80，Windows 10及以上",
		"Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/86.0.4240.198 Safari/537.36 QIHU " +
			"360EE": "360浏览器，Windows 7",
		"Mozilla/5.0 (X11; Linux aarch64; rv:102.0) Gecko/20100101 " +
			"Firefox/102.0": "Firefox 102，Linux",
		"Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0": "Edge 120，Windows 10及以上",
		"<b>curl/8": "<b>curl/8", "": "未知",
	} {
		h.must(h.store.Update(t.Context(), func(tx intake.Tx) error {
			return tx.InsertVisit(intake.Visit{Token: intake.HashToken("token of " + agent),
				OperatorID: h.operatorID(tx, "security"), Created: h.now(), Seen: h.now(),
				Agent: agent, Source: "192.0.2.7"})
		}))
		has(t, text(security.see("/visits")), "192.0.2.7 "+want)
	}
}

func (h *house) operatorID(tx intake.Tx, name string) int64 {
	o, err := tx.Operator(name)
	h.must(err)
	return o.ID
}

// The head of the last verification that held is filled in at the next, each auditor's own, and the sheet says who
// verified.
func TestAuditHeadRemembered(t *testing.T) {
	h := openHouse(t)
	auditor, other := h.enter(intake.Auditor, "auditor"), h.enter(intake.Auditor, "other")
	lacks(t, text(auditor.see("/audit")), "已填入您上次")
	a := auditor.do("POST", "/audit/verify", form())
	has(t, text(a.Body), "审计链验证单", "链完好", "验证人 审计员auditor（auditor）", "签名")
	head := shown(t, a.Body, "head")
	has(t, auditor.see("/audit"), `value="`+head+`"`, "已填入您上次")
	lacks(t, other.see("/audit"), head)
	a = auditor.do("POST", "/audit/verify", form("head", head))
	has(t, text(a.Body), "仍在其中")
}
