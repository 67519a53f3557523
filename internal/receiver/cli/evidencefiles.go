package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newEvidenceExportCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "tiles 目录", Short: "写出整个存证日志的文件", Args: cli.Args("目录"),
		Long: `按 C2SP tlog-tiles 写出整个存证日志：检查点、散列树的各片、各项内容（不含报文的文字）。
第三方的工具（如 tessera 的 fsck）由此独立地重算整个日志。SM3 树的各片在 sm3 中。
只读，可在服务运行时执行；目录须不存在。`,
		Example: `  diaoxiao evidence tiles 存证日志`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.Mkdir(args[0], 0o755); err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return evidencelog.New(desk).Export(cmd.Context(), actorOf(env), func(path string, data []byte) error {
					path = filepath.Join(args[0], filepath.FromSlash(path))
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						return err
					}
					return os.WriteFile(path, data, 0o644)
				})
			})
		}}
}

func newEvidenceRebuildCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "rebuild", Short: "由数据库的内容重建散列树", Args: cli.Args(),
		Long: `由数据库的内容重新得出存证日志的各项，重建散列树的各片。得出的根与最后签署的检查点不符
时不作任何改动：先用 diaoxiao db check 查明差异。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				n, err := evidencelog.New(desk).Rebuild(cmd.Context(), actorOf(env))
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "已重建，共 %d 项，与最后签署的检查点相符\n", n)
				return err
			})
		}}
}
