package server

import (
	"context"
	"encoding/hex"
	"log/slog"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
)

// auditEvery is how soon an entry of the audit is in the log.
const auditEvery = 2 * time.Second

// followAudit logs the head of the audit and then every entry that comes, by whatever process or node, until ctx ends:
// a log that is kept elsewhere can be held against the database.
func followAudit(ctx context.Context, desk *intake.Desk, log *slog.Logger) {
	var head intake.AuditHead
	known := false
	t := time.NewTicker(auditEvery)
	defer t.Stop()
	for {
		var err error
		if known {
			err = logAudit(ctx, desk, log, &head)
		} else if head, err = auditlog.New(desk).AuditHead(ctx, intake.System); err == nil {
			known = true
			log.Info("audit head", "no", head.No, "chain", hex.EncodeToString(head.Chain[:]))
		}
		if err != nil && ctx.Err() == nil {
			log.Debug("audit not read", "err", err)
		}
		select {
		case <-ctx.Done():
			if known {
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditEvery)
				defer cancel()
				logAudit(last, desk, log, &head)
			}
			return
		case <-t.C:
		}
	}
}

// logAudit logs the entries after head, which it moves on. Those of an older program have no chain value and are within
// that of the next that has.
func logAudit(ctx context.Context, desk *intake.Desk, log *slog.Logger, head *intake.AuditHead) error {
	for {
		es, err := auditlog.New(desk).EntriesAfter(ctx, intake.System, head.No, 1000)
		if err != nil || len(es) == 0 {
			return err
		}
		for _, e := range es {
			head.No = e.No
			if len(e.Chain) > 0 {
				copy(head.Chain[:], e.Chain)
				log.Info("audit", "no", e.No, "chain", hex.EncodeToString(e.Chain))
			}
			if e.Alarming() {
				log.Warn("audit alarm: past the approval of a second person at the console", "no", e.No, "by",
					string(e.By), "action", string(e.Action), "target", e.Target)
			}
		}
	}
}
