package diaoxiao_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unwritten are words that were spoken rather than written, or a second word for one thing; each has a better one.
var unwritten = []string{"先办这些", "须马上办理", "看完后办理", "只看有提示的", "误吊他人营业执照", "您写的", "已经存在或已经办过", "没有办。",
	"不再提交，重新登录", "第几次报送", "核对说明（可不填）", "以此开头", "再次点击反向", "谁先打开并设置", "已经交给本人", "已经记下，继续",
	"应答写法", "各种写法同时给出", "充数", "够不到", "持久程度", "未记入报送记录的调用", "没有这个页面", "内容可能属于另一环境", "吊销管理台",
	"含有的文字"}

// None of the words that were given up is read anywhere: in pages, messages, the interface's description, documents.
func TestUnwrittenWords(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		read := []string{".go", ".html", ".js", ".md", ".yaml", ".tmpl", ".json", ".txtar"}
		if !slices.Contains(read, filepath.Ext(path)) || strings.HasSuffix(path, "_test.go") || path == "CHANGELOG.md" {
			return nil
		}
		b, err := os.ReadFile(path)
		for _, w := range unwritten {
			if strings.Contains(string(b), w) {
				t.Errorf("%s has the word %s", path, w)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
