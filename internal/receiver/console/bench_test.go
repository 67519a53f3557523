package console_test

import (
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// BenchmarkPages is how long every page takes over HTTPS, on connections that are kept, in a province after two years,
// with its register: `go test ./internal/receiver/console -run '^$' -bench '^BenchmarkPages$' -benchtime 100x -firms
// 2500000 -items 100000 -province FOLDER -timeout 3h`. The folder keeps the province for the next time.
func BenchmarkPages(b *testing.B) {
	p := aProvince(b)
	clerk, auditor, admin := p.newcomer(intake.Clerk), p.newcomer(intake.Auditor), p.newcomer(intake.SystemAdmin)
	some := provincialCase(*provinceCases/2, p.now())
	one := some.PenaltyList[7]
	for _, page := range []struct {
		name string
		*visitor
		path string
	}{
		{"overview", clerk, "/overview"},
		{"cases", clerk, "/cases"},
		{"cases by caseid", clerk, "/cases?" + form("caseid", some.CaseID).Encode()},
		{"cases by part of number", clerk, "/cases?" + form("q", "5012号").Encode()},
		{"cases by frequent part", clerk, "/cases?" + form("q", "市监处罚").Encode()},
		{"cases by short part", clerk, "/cases?" + form("q", "38号").Encode()},
		{"cases by name", clerk, "/cases?" + form("name", "企业第777户").Encode()},
		{"cases by part of name", clerk, "/cases?" + form("q", "企业第777户").Encode()},
		{"cases overdue", clerk, "/cases?state=overdue"},
		{"cases to compare", clerk, "/cases?state=tocheck"},
		{"cases of a month", clerk, "/cases?from=2026-02-01&to=2026-02-28"},
		{"cases by penaltydate", clerk, "/cases?sort=penaltydate&order=asc"},
		{"cases by items", clerk, "/cases?sort=items"},
		{"case", clerk, "/cases/" + p.one},
		{"case, rows with findings", clerk, "/cases/" + p.one + "?only=found"},
		{"case of many", clerk, "/cases/" + p.big},
		{"case of many, held", clerk, "/cases/" + p.big + "?firm=held"},
		{"case of many, by verdict", clerk, "/cases/" + p.big + "?verdict=different"},
		{"find a part of a number", clerk, "/search?" + form("q", "5012号").Encode()},
		{"find a firm by name", clerk, "/search?" + form("q", p.firm.Name).Encode()},
		{"find a firm by a frequent part", clerk, "/search?" + form("q", "有限公司").Encode()},
		{"find a firm by code", clerk, "/search?q=" + p.firm.UniscID},
		{"entity by code", clerk, "/entities?q=" + one.UniscID},
		{"entity by pripid", clerk, "/entities?q=" + one.PripID},
		{"entities by begin of code", clerk, "/entities?q=91150"},
		{"entities by begin of pripid", clerk, "/entities?q=1501"},
		{"entities by firm name", clerk, "/entities?" + form("q", p.firm.Name).Encode()},
		{"entities by frequent name", clerk, "/entities?" + form("q", "有限公司").Encode()},
		{"entities by rare name", clerk, "/entities?" + form("q", "红山区一二").Encode()},
		{"entities by person", clerk, "/entities?" + form("q", "阿拉坦", "as", "legal").Encode()},
		{"register by two characters", clerk, "/firms?" + form("q", "餐饮").Encode()},
		{"register by frequent part", clerk, "/firms?" + form("q", "有限公司").Encode()},
		{"register by name", clerk, "/firms?" + form("q", p.firm.Name).Encode()},
		{"register by person", clerk, "/firms?" + form("q", p.firm.Legal).Encode()},
		{"statistics", clerk, "/stats"},
		{"proposals", clerk, "/proposals"},
		{"calls", clerk, "/calls"},
		{"calls failed", clerk, "/calls?failed=1"},
		{"calls by caseid", clerk, "/calls?" + form("caseid", some.CaseID).Encode()},
		{"audit", auditor, "/audit"},
		{"operators", admin, "/operators"},
		{"apps", admin, "/apps"},
	} {
		b.Run(page.name, func(b *testing.B) { timePage(b, page.visitor, page.path) })
	}
}
