package server

import (
	"fmt"
	"strings"

	"diaoxiao/internal/receiver/store"
)

// standingWords say to an operator, by the reason, why a server acknowledges nothing and what the next step is.
var standingWords = map[store.Reason]struct{ what, step string }{
	store.Latched: {"存储故障，已停止受理，须排除故障后重新启动：提交或落盘失败，其中的案件是否写入已无法断定；已应答的案件都在",
		"用 df -h 和 dmesg 查明是空间不足还是磁盘出错，排除后 systemctl restart diaoxiao，再执行 diaoxiao db check"},
	store.NoRoom: {"磁盘空间不足，已停止受理；已应答的案件都在", "在数据目录所在的磁盘腾出空间或扩容（数据目录中的文件一个都不要删），随即自动恢复，不必重新启动"},
	store.Upgraded: {"数据库已由较新版本的程序升级，本程序已停止受理和核验",
		"换上与数据库版本相符的程序，重新启动本节点"},
	store.Unfinished: {"数据库由备份恢复而来，没有收尾，不能使用", "用 diaoxiao db restore 重新恢复到一个空库"},
	store.Weak: {"数据库的设置不能确保案件不丢失，已停止受理",
		"恢复同步备库或改正所说的设置，随即自动恢复；不要为了受理而清空 synchronous_standby_names"},
	store.Waiting:     {"暂不能确保案件不丢失，已停止受理，排除原因后自动恢复：提交迟迟没有完成，多半在等同步备库", "检查备库与 pg_stat_replication，恢复任一台同步备库"},
	store.Silent:      {"暂不能确保案件不丢失，已停止受理，排除原因后自动恢复：数据库没有应答", "检查主库是否在运行、是否正在换主，以及到主库的网络"},
	store.Unreachable: {"暂不能确保案件不丢失，已停止受理，排除原因后自动恢复：数据库不可用", "检查数据库是否在运行、地址、用户与口令是否正确，网络与防火墙是否放行"},
}

// standing says in three lines what keeps a server from acknowledging: what, the next step, and the cause as it was
// met.
func standing(err error) string {
	words := standingWords[store.ReasonOf(err)]
	return fmt.Sprintf("%s\n下一步：%s\n原因：%s", words.what, words.step, Cause(err))
}

// Cause says in one line the cause of an error of the store.
func Cause(err error) string {
	return strings.ReplaceAll(Speaker().Words(store.CauseOf(err)), "\n", " ")
}
