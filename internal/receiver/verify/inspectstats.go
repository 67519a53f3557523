package verify

import (
	"crypto/sha256"
	"encoding/hex"

	"diaoxiao/internal/receiver/intake"
)

// closedMonths compares the numbers of closed months with their digests, and these with those of the audit.
func (in *inspector) closedMonths() error {
	noted, err := in.notedMonths()
	if err != nil {
		return err
	}
	rows, err := in.tx.StatMonths()
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := in.closedMonth(r.Month, noted[r.Month]); err != nil {
			return err
		}
		delete(noted, r.Month)
	}
	for month := range noted {
		in.statistics(month, "%s的统计已结账，结账数字却不见了", month)
	}
	return nil
}

func (in *inspector) closedMonth(month, noted string) error {
	m, err := in.tx.StatMonth(month)
	if err != nil {
		return err
	}
	digest := hex.EncodeToString(m.Digest[:])
	switch sum := sha256.Sum256([]byte(m.Contents)); {
	case sum != m.Digest:
		in.statistics(month, "%s的统计结账数字与其摘要不符", month)
	case noted == "":
		in.statistics(month, "%s的统计结账数字没有审计记录", month)
	case noted != digest:
		in.statistics(month, "%s的统计结账数字的摘要与审计记录不符", month)
	}
	return nil
}

// notedMonths are the digests in the audit, by month.
func (in *inspector) notedMonths() (map[string]string, error) {
	noted := make(map[string]string)
	for after := int64(0); ; {
		es, err := in.tx.SearchAudit(intake.AuditQuery{Actions: []intake.Action{intake.ActionStatClose}, After: after})
		if err != nil || len(es) == 0 {
			return noted, err
		}
		for _, e := range es {
			noted[e.Target] = e.AnyFacts().Get(intake.FactDigest)
			after = max(after, e.No)
		}
	}
}

func (in *inspector) statistics(month, format string, args ...any) {
	in.found(faultOf(FaultStatistics, intake.Case{}, format, args...).of("month "+month, "", ""))
}
