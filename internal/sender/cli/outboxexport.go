package cli

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
)

func newOutboxExportCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "export FILE", Short: "导出报送结果（CSV）", Args: cli.Args("FILE"),
		Long: `把发件箱中的案件连同受理号、受理时间、请求编号写成 CSV（UTF-8 带 BOM，可用 Excel、WPS 打开）。
FILE 为 - 时写到标准输出。受理号前有一个制表符，免得表格软件把它当作数值而丢失末位；以
= + - @ 开头的内容前加单引号，免得被当作公式。FILE 已存在时，只有它是以前导出的报送结果才覆盖。`,
		Example: `  diaoxiao outbox export 报送结果.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withOutbox(env, cmd, func(b *outbox.Outbox) error { return exportOutcomes(cmd, b, args[0]) })
		}}
	outboxFlags(cmd.Flags())
	return cmd
}

func exportOutcomes(cmd *cobra.Command, b *outbox.Outbox, path string) error {
	all, err := b.Receivers()
	if err == nil {
		err = printSeveral(cmd, all)
	}
	if err != nil {
		return err
	}
	if path == "-" {
		_, err := writeOutcomes(cmd.Context(), cmd.OutOrStdout(), b)
		return err
	}
	if err := ownOutcomes(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".outcomes-*.part") // so that a file with the right name is complete
	if err != nil {
		return err
	}
	n, err := writeOutcomes(cmd.Context(), f, b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return explain.Undone("导出", err, "排除后重新运行")
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "已导出 %s 件到 %s\n", display.Count(n), path)
	return err
}

// The first line of an export.
const (
	byteOrderMark = "\ufeff"
	headsBefore   = "案件编号,案件名称,状态,受理号,时间,请求编号,户数,错误代码,说明,文件,工作表,行,接收方,appKey,SHA-256"
	outcomeHeads  = headsBefore + ",受理回执"
)

// ownOutcomes refuses a file that exists and is not an export of ours: it may be the list from which the cases were
// submitted.
func ownOutcomes(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, first := range []string{byteOrderMark + outcomeHeads + "\r\n", byteOrderMark + headsBefore + "\r\n"} {
		if !info.Mode().IsRegular() || info.Size() < int64(len(first)) {
			continue
		}
		if head, err := readHead(path, len(first)); err != nil || string(head) == first {
			return err
		}
	}
	return explain.BadUsage(explain.WithStep(fmt.Errorf("%s 已存在而不是导出的报送结果，没有覆盖", path), "换一个文件名，或先移走它"))
}

func readHead(path string, n int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, n)
	_, err = io.ReadFull(f, head)
	return head, err
}

func writeOutcomes(ctx context.Context, w io.Writer, b *outbox.Outbox) (n int, err error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return 0, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	out.Write(strings.Split(outcomeHeads, ","))
	faults, err := b.Receipts()
	if err != nil {
		return 0, err
	}
	err = b.Entries(ctx, outbox.Filter{}, func(e outbox.Entry) error {
		n++
		row, at := "", ""
		if e.Row > 0 {
			row = fmt.Sprint(e.Row)
		}
		if !e.Settled.IsZero() {
			at = cli.Beijing(e.Settled)
		}
		return out.Write([]string{
			plainCell(e.CaseID),
			plainCell(e.CaseName),
			e.State.String(),
			numberCell(e.AcceptID),
			at,
			plainCell(e.RequestID),
			fmt.Sprint(e.Items),
			plainCell(e.Codes),
			plainCell(cmp.Or(e.Message, e.Held)),
			plainCell(e.File),
			plainCell(e.Sheet),
			row,
			plainCell(e.URL),
			plainCell(e.AppKey),
			fmt.Sprintf("%x", e.SHA256),
			receiptWord(faults, e.No),
		})
	})
	out.Flush()
	return n, errors.Join(err, out.Error())
}

// numberCell keeps a spreadsheet from taking an acceptid for a number and losing its last digits.
func numberCell(acceptID string) string {
	if acceptID == "" {
		return ""
	}
	return "\t" + acceptID
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
