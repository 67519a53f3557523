package receivertest

import (
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Entities are firms without fault, each its own.
func Entities(from, n int) (list []api.Entity) {
	for k := from; k < from+n; k++ {
		org := fmt.Sprintf("MA0%05d", k)
		first := "91150000" + org + string(rules.OrgCodeCheck(org))
		list = append(list, api.Entity{PripID: fmt.Sprintf("1501%020d", k+1), Legal: "苏日娜", EntType: "1130",
			UniscID: first + string(rules.CreditCodeCheck(first))})
	}
	return list
}
