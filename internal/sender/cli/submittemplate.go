package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/sheet"
)

func newSubmitTemplateCommand() *cobra.Command {
	return &cobra.Command{Use: "template FILE.xlsx", Short: "写一个供填写的 Excel 模板", Args: cli.Args("FILE.xlsx"),
		Long: `写一个 Excel 工作簿：工作表“案件”填七项内容，“清单”每个市场主体一行，编号各列已设为文本，
“填写说明”逐项解释。填好保存后：diaoxiao submit 文件名.xlsx。已有的文件不会被覆盖。`,
		Example: `  diaoxiao submit template 模板.xlsx`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.ToLower(filepath.Ext(args[0])) != ".xlsx" {
				return explain.Usagef("文件名 %q 应以 .xlsx 结尾", args[0])
			}
			if err := writeTemplate(args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(
				cmd.ErrOrStderr(), "已写入 %s；填好后运行 diaoxiao submit %s --dry-run 检查\n", args[0],
				display.ShellQuote(args[0]),
			)
			return err
		}}
}

// writeTemplate never overwrites a file: the user may have filled it in.
func writeTemplate(path string) error {
	var book bytes.Buffer
	if err := sheet.Template(&book); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return explain.BadUsage(explain.WithStep(fmt.Errorf("文件 %s 已存在，没有覆盖", path), "换一个文件名，或先移走它"))
	}
	if err != nil {
		return err
	}
	_, err = f.Write(book.Bytes())
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(path)
	}
	return err
}
