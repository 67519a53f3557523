package submission

import (
	"errors"
	"fmt"
	"syscall"

	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
)

// BoxError is an error of the outbox with the step that a person takes about it.
func BoxError(err error) error {
	switch {
	case errors.Is(err, outbox.ErrBusy):
		return explain.WithStep(err, "等它结束，或用 --outbox 换一个发件箱目录")
	case errors.Is(err, outbox.ErrFull):
		return explain.WithStep(err, "腾出空间后再次运行同一命令即可继续")
	case errors.Is(err, outbox.ErrReadOnly), errors.Is(err, syscall.EROFS):
		return explain.WithStep(err, "用 --outbox 换一个可写的目录，或更改其权限后再次运行；已有发件箱的须把它整个移过去，以免重报")
	case errors.Is(err, outbox.ErrNewer):
		return explain.WithStep(err, "改用新版本的程序")
	case errors.Is(err, outbox.ErrNone):
		return explain.WithStep(err, "用 diaoxiao submit 报送后即有；在别处的用 --outbox 或 --profile 指明")
	case err != nil:
		return fmt.Errorf("发件箱：%w", err)
	}
	return nil
}
