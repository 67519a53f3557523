package server

import (
	"context"
	"encoding/hex"
	"log/slog"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
)

// auditEvery is the time between two readings of the audit, and so the longest delay of an entry in the log.
const auditEvery = 2 * time.Second

// followAudit logs the head of the audit and then every new entry, whichever process or node wrote it, until ctx ends.
// So the database can be compared with a log that is kept elsewhere.
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

// logAudit logs the entries after head and moves head on. Entries of an older program have no chain value of their own;
// the next chain value covers them.
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
