package rules

import "diaoxiao/api"

// Shared says what it means that two rows have the same value, folded, in a member, "uniscid" or "pripid": the rule and
// the detail of the finding on mine, whose counterpart stands at where ([PlaceInList] or [PlaceInCase]); rule 0 is
// none. A shared pripid beside the same credit code is told by the credit code's own finding.
func Shared(member string, mine, its api.Entity, sameList bool, where string) (rule int, detail Detail) {
	if member == fieldUniscID {
		return either(sameList, TwiceByCreditCode, OtherCaseByCreditCode), DetailSame(mine.UniscID, where)
	}
	a, b := FoldCode(mine.UniscID), FoldCode(its.UniscID)
	switch {
	case a == b:
		return 0, Detail{}
	case len(a) == 18 && len(b) == 18:
		return PripIDOtherCreditCode, DetailOtherCreditCode(a, b, where)
	}
	return either(sameList, TwiceByPripID, OtherCaseByPripID), DetailSame(mine.PripID, where)
}

func either(sameList bool, inList, inOtherCase int) int {
	if sameList {
		return inList
	}
	return inOtherCase
}
