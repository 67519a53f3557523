package server

import (
	"net/http"

	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// Vocabulary is the errors of the receiver's own packages, and of the database below them.
func Vocabulary() explain.Vocabulary {
	return explain.Vocabulary{Words: wordsOf, Steps: []explain.Step{
		{Cause: store.ErrLocked, Do: "先停止该服务，或换一个 --data 或 --database"},
		{Cause: store.ErrNoData, Do: "用 --data 指明数据目录或用 --database 指明数据库，" +
			"或先用 diaoxiao serve 或 diaoxiao app create 建立"},
		{Cause: evidencelog.ErrNotYet, Do: "稍后再试；服务没有运行，或没有设置 evidence_keys 时不签署"},
		{Cause: evidencelog.ErrNoLog, Do: "先用 diaoxiao evidence init 建立密钥，并以 evidence_keys 运行服务"},
		{Cause: evidencelog.ErrReplaced, Do: "从执行 diaoxiao evidence rotate 的机器复制密钥目录，再启动服务"},
		{Cause: evidencelog.ErrFork, Do: "见 diaoxiao evidence continue"},
		{Cause: evidencelog.ErrAltered, Do: "用 diaoxiao db check 查明差异"},
		{Cause: evidencelog.ErrNotStamped, Do: "稍后再试，或用 diaoxiao evidence stamp 立即申请"},
		{Cause: evidencelog.ErrOvertaken, Do: "重新写出申请"},
		{Cause: intake.ErrNotFound, Do: "用 diaoxiao app list 查看已有的应用"},
		{Cause: intake.ErrUnavailable, Do: "稍后再试；如仍不行，用 diaoxiao db check 检查数据目录"},
	}}
}

// wordsOf are the words for one error; ok is false for an error that has none.
func wordsOf(err error, _ func(error) string) (text string, ok bool) {
	for _, s := range []struct {
		cause error
		words string
	}{
		{intake.ErrNotFound, "未找到"}, {intake.ErrExists, "已存在"}, {intake.ErrUnavailable, "数据库繁忙或不可用"},
		{intake.ErrDamaged, "保存的报文与受理时的记录不符"},
		{evidencelog.ErrNotYet, "尚未列入存证日志"}, {evidencelog.ErrNoLog, "没有存证日志"},
		{evidencelog.ErrReplaced, "存证密钥已经更换，此处没有新的密钥"},
		{evidencelog.ErrFork, "数据库中没有已经签署的最后一个检查点：恢复了较早的备份，或被改动"},
		{evidencelog.ErrAltered, "数据库的内容与存证日志不符"},
		{evidencelog.ErrNotStamped, "检查点还没有时间戳"}, {evidencelog.ErrOvertaken, "申请之后已有另一个时间戳"},
		{http.ErrSchemeMismatch, "该端口应答的不是 HTTPS"},
	} {
		if err == s.cause {
			return s.words, true
		}
	}
	return wordsOfTrouble(err)
}

// troubleWords are the errors of SQLite in the words of operators.
var troubleWords = map[store.Trouble]string{
	store.FullDisk: "磁盘空间不足", store.BadDisk: "磁盘读写出错", store.Damaged: "数据库文件损坏或不完整", store.NoDatabase: "不是数据库文件",
	store.ReadOnly: "数据库文件只读", store.CannotOpen: "打不开数据库文件", store.NoMemory: "内存不足", store.InUse: "数据库正被占用",
	store.Interrupted: "已中断", store.OtherTrouble: "数据库出错",
}

// wordsOfTrouble are the words for an error of SQLite itself. The text of SQLite follows in brackets, so that an
// operator can look it up.
func wordsOfTrouble(err error) (string, bool) {
	trouble, said := store.TroubleOf(err)
	if trouble == store.NoTrouble || said != err.Error() {
		return "", false
	}
	return troubleWords[trouble] + "（" + said + "）", true
}

// Speaker says errors in the words of the receiver.
func Speaker() explain.Speaker { return explain.Speaker{Vocabulary()} }
