package sheet

import (
	"path/filepath"
	"testing"

	"diaoxiao/api"
)

// Files of other programs, made after public reports: the values that come out of them.
func TestWorkbooksFromElsewhere(t *testing.T) {
	zhao := api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "赵二娃", EntType: "1151"}
	song := api.Entity{PripID: "150103000022004041376942", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}
	for name, want := range map[string][]api.Entity{
		"I01-inlinestr-with-v.xlsx":                    {zhao, song},
		"P01-main-part-workbook2.xlsx":                 {zhao, song},
		"P04-root-names-workbook2-stale-workbook.xlsx": {zhao},
		"S21-utf16-part.xlsx":                          {zhao, song},
		"S24-dup-list-sheets.xlsx":                     {zhao},
	} {
		t.Run(name, func(t *testing.T) {
			readAll(t, filepath.Join("../../../cmd/diaoxiao/testdata/sheets", name), Options{Case: theCase}).
				clean(t, want...)
		})
	}
}
