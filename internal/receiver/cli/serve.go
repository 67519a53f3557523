package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/server"
)

func newServeCommand(env *cli.Environment, build buildinfo.Info) *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: "运行接收服务", Args: cli.Args(),
		Long: `运行接收服务，直到收到 SIGTERM 或 Ctrl-C：先报告未就绪，应答完已接收的请求，
然后退出（退出码 0）。
一个数据目录同时只能有一个服务。日志写到标准错误，每个请求一行，不含令牌和密钥。

设置的优先次序：命令行参数 > 环境变量 DIAOXIAO_… > 配置文件 > 默认值；空的环境变量视为未设置。
环境变量名由参数名而来：--log-level 即 DIAOXIAO_LOG_LEVEL，在配置文件中为 log_level。
用 diaoxiao config print 查看生效的设置，用 diaoxiao config check 检查。`,
		Example: `  diaoxiao serve --data /var/lib/diaoxiao
  diaoxiao serve --listen 0.0.0.0:8443 --tls-cert server.crt --tls-key server.key \
      --ops-listen 127.0.0.1:9090`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := config.Load(env, cmd.Flags())
			if err != nil {
				return err
			}
			if env.Variables()["GOMAXPROCS"] == "" {
				tune()
			}
			return server.Run(cmd.Context(), conf, build, cmd.OutOrStdout(), cmd.ErrOrStderr())
		}}
	conf := config.Defaults()
	conf.Flags(cmd.Flags())
	return cmd
}

// tune gives the runtime two more processors than there are: Go takes a processor away from a goroutine that waits for
// a sync, as the writer often does, only after a while. docs/performance.md has the figures.
func tune() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2) }
