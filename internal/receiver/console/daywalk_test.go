package console_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// task is something that is done at the console, what it cost when the console was first watched for a day, and what it
// may cost now.
type task struct {
	name       string
	then, most cost
	do         func(*day) *worker
}

// ever is a number of the first day that has no meaning: the task was not possible.
const ever = -1

var tasks = []task{
	{"第一位系统管理员（含三处常见错误）", cost{18, 112, 4}, cost{17, 103, 3}, (*day).firstAdministrator},
	{"新建操作员", cost{7, 21, 3}, cost{6, 12, 3}, (*day).newOperator},
	{"新建应用", cost{7, 38, 3}, cost{5, 28, 2}, (*day).newApp},
	{"更换密钥", cost{4, 0, 4}, cost{4, 0, 4}, (*day).rotate},
	{"从首页找到严重的案件", cost{3, 0, 2}, cost{3, 0, 2}, (*day).findSevere},
	{"逐户核对35户", cost{71, 0, 72}, cost{37, 0, 2}, (*day).compare35},
	{"显示一件案件的姓名", cost{3, 9, 2}, cost{2, 0, 1}, (*day).reveal},
	{"看一处重复并返回", cost{4, 0, 5}, cost{4, 0, 2}, (*day).duplicate},
	{"备注", cost{3, 35, 3}, cost{3, 34, 2}, (*day).note},
	{"核对无误", cost{3, 17, 3}, cost{3, 0, 2}, (*day).checkCase},
	{"登记公示，一件", cost{2, 0, 3}, cost{3, 0, 2}, (*day).publishOne},
	{"申请退回", cost{3, 69, 3}, cost{4, 49, 3}, (*day).askReturn},
	{"同意退回", cost{4, 0, 4}, cost{4, 0, 3}, (*day).agree},
	{"不同意退回", cost{5, 12, 5}, cost{5, 11, 3}, (*day).refuse},
	{"再次报送的与上一次对照", cost{ever, ever, ever}, cost{2, 0, 2}, (*day).resent},
	{"公示日期录入有误", cost{6, 14, 5}, cost{4, 12, 1}, (*day).wrongDay},
	{"来电：知道单位", cost{4, 0, 2}, cost{4, 0, 2}, (*day).callOfUnit},
	{"来电：知道案件编号", cost{2, 14, 2}, cost{2, 4, 2}, (*day).callOfCase},
	{"解锁操作员", cost{2, 0, 2}, cost{2, 0, 2}, (*day).unlock},
	{"验证审计链", cost{2, 0, 2}, cost{1, 0, 1}, (*day).verifyChain},
	{"重置操作员", cost{2, 0, 2}, cost{2, 0, 2}, (*day).reset},
	{"登记公示，50件", cost{400, 400, 350}, cost{4, 0, 3}, (*day).publishFifty},
}

// A day's tasks cost no more than they may, at the screen of a real browser; the document has the numbers.
func TestWalkDay(t *testing.T) {
	long(t)
	d := openDay(t)
	var table strings.Builder
	for i, task := range tasks {
		if i == 1 {
			d.staffed()
		}
		is, most := d.cost(t, task), task.most
		if is.clicks > most.clicks || is.typed > most.typed || is.loads > most.loads {
			t.Errorf("%s: %+v, at most %+v", task.name, is, most)
		}
		t.Logf("%s: %+v", task.name, is)
		table.WriteString(task.row())
	}
	doc, err := os.ReadFile("../../../docs/console.zh-CN.md")
	if err != nil || !strings.Contains(string(doc), table.String()) {
		t.Errorf("docs/console.zh-CN.md has another table (%v):\n%s", err, table.String())
	}
}

// row is the line of the document about a task.
func (k task) row() string {
	was := fmt.Sprintf("%d | %d | %d", k.then.clicks, k.then.typed, k.then.loads)
	if k.then.clicks == ever {
		was = "不能办 | – | –"
	}
	return fmt.Sprintf("| %s | %s | %d | %d | %d |\n", k.name, was, k.most.clicks, k.most.typed, k.most.loads)
}
