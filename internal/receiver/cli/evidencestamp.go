package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
)

func newEvidenceStampCommand(env *cli.Environment) *cobra.Command {
	var query, reply string
	cmd := &cobra.Command{Use: "stamp", Short: "为最后的检查点申请时间戳", Args: cli.Args(),
		Long: `向时间戳机构（RFC 3161）为最后签署的检查点申请一个时间戳，核对后存入数据库。每个时
间戳都覆盖其前的全部时间戳，因此不必另外续期。服务设置了 stamp_urls 时自动申请；本
命令立即申请一个。

机器不能连接时间戳机构时：先以 --query 写出申请文件（.tsq）和其旁的检查点
（.tsq.note），在能连接的机器上送交时间戳机构，再以 --query 和 --reply 收下应答
（.tsr）。其间不得另有时间戳。`,
		Example: `  diaoxiao evidence stamp
  diaoxiao evidence stamp --query 检查点.tsq
  curl -H 'Content-Type: application/timestamp-query' \
      --data-binary @检查点.tsq http://… -o 检查点.tsr
  diaoxiao evidence stamp --query 检查点.tsq --reply 检查点.tsr`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := config.Read(env, cmd.Flags())
			if err != nil {
				return err
			}
			if conf.StampCA == "" {
				return explain.Usagef("请设置时间戳机构的根证书：stamp_ca 或 --stamp-ca")
			}
			of, err := server.Authorities(&conf)
			if err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return stampNow(cmd, desk, actorOf(env), of, query, reply)
			})
		}}
	conf := config.Defaults()
	conf.StampFlags(cmd.Flags())
	cmd.Flags().StringVar(&query, "query", "", "写出申请的`文件`（.tsq）；与 --reply 一起给出时，是该应答的申请")
	cmd.Flags().StringVar(&reply, "reply", "", "收下时间戳机构应答的`文件`（.tsr）")
	return cmd
}

// stampNow has a stamp made, writes a query, or takes its reply.
func stampNow(cmd *cobra.Command, desk *intake.Desk, by intake.By, of evidencelog.Authorities,
	query, reply string) error {
	if err := desk.Look(cmd.Context(), by, intake.Maintain, func(intake.Tx) error { return nil }); err != nil {
		return err
	}
	s := evidencelog.NewStamper(desk, nil, of, nil)
	var made intake.Stamp
	var err error
	switch {
	case reply != "" && query == "":
		return explain.Usagef("--reply 须与写出申请时的 --query 一起给出")
	case reply != "":
		made, err = takeReply(cmd, s, query, reply)
	case query != "":
		return writeQuery(cmd, s, query)
	case len(of.URLs) == 0:
		return explain.Usagef("请设置时间戳机构的网址：stamp_urls 或 --stamp-urls；或以 --query 写出申请文件")
	default:
		made, err = s.Stamp(cmd.Context())
	}
	if err != nil {
		return explain.Undone("申请时间戳", err, "")
	}
	return printStamp(cmd, made)
}

func writeQuery(cmd *cobra.Command, s *evidencelog.Stamper, name string) error {
	p, err := s.Ask(cmd.Context())
	if err != nil {
		return err
	}
	der, err := p.Request.Marshal()
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(name, der, 0o644), os.WriteFile(name+".note", p.Note, 0o644))
}

func takeReply(cmd *cobra.Command, s *evidencelog.Stamper, query, reply string) (made intake.Stamp, err error) {
	der, err := os.ReadFile(query)
	if err != nil {
		return made, err
	}
	var p evidencelog.Pending
	if p.Request, err = stamp.ParseRequest(der); err != nil {
		return made, fmt.Errorf("%s：%w", query, err)
	}
	if p.Note, err = os.ReadFile(query + ".note"); err != nil {
		return made, err
	}
	answer, err := os.ReadFile(reply)
	if err != nil {
		return made, err
	}
	return s.Take(cmd.Context(), p, answer)
}

// printStamp prints a stamp on a line.
func printStamp(cmd *cobra.Command, s intake.Stamp) error {
	t, err := stamp.Parse(s.Token)
	if err != nil {
		return fmt.Errorf("时间戳 %d：%w", s.No, err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "时间戳 %d：%s，%s，%s；检查点共 %s 项；证书有效至 %s\n", s.No, cli.Beijing(t.Time),
		display.Plain(t.Authority()), t.Suite, display.Count(s.Size), cli.Beijing(t.Until()))
	return err
}

func newEvidenceStampsCommand(env *cli.Environment) *cobra.Command {
	var out string
	cmd := &cobra.Command{Use: "stamps [回执]", Short: "列出时间戳，或写出证明回执何时已存在的时间戳", Args: cobra.MaximumNArgs(1),
		Long: `不给出回执时，列出全部时间戳。给出回执时，写出证明其检查点何时已经存在的时间戳：
覆盖它的第一个时间戳，以及其后为它续期的时间戳，用 diaoxiao verify --stamps 验证。
回执本身不变。只读，可在服务运行时执行。`,
		Example: `  diaoxiao evidence stamps
  diaoxiao evidence stamps 回执.receipt -o 时间戳.json
  diaoxiao verify 回执.receipt --keys policy.txt --stamps 时间戳.json --tsa-ca 时间戳机构.pem`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				log := evidencelog.New(desk)
				if len(args) == 0 {
					return listStamps(cmd, log, actorOf(env))
				}
				return writeStamps(cmd, log, actorOf(env), args[0], out)
			})
		}}
	cmd.Flags().StringVarP(&out, "out", "o", "", "写入的`文件`；不给出时写到标准输出")
	return cmd
}

func listStamps(cmd *cobra.Command, log *evidencelog.Log, by intake.By) error {
	all, err := log.StampList(cmd.Context(), by)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := printStamp(cmd, s); err != nil {
			return err
		}
	}
	return nil
}

func writeStamps(cmd *cobra.Command, log *evidencelog.Log, by intake.By, name, out string) error {
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	r, err := evidence.ParseReceipt(file)
	if err != nil {
		return explain.Usagef("%s 不是受理回执", name)
	}
	c, err := evidence.UnsignedCheckpoint(r.Note)
	if err != nil {
		return explain.Usagef("%s 中没有检查点", name)
	}
	s, err := log.Stamps(cmd.Context(), by, c)
	if err != nil {
		return err
	}
	if file, err = s.Marshal(); err != nil {
		return err
	}
	if out == "" {
		_, err = cmd.OutOrStdout().Write(file)
		return err
	}
	return os.WriteFile(out, file, 0o644)
}
