package planted

import (
	"encoding/csv"
	"io"
	"iter"

	"diaoxiao/internal/receiver/register"
)

// WriteCSV writes an extract in UTF-8 with the headings of the data standard.
func WriteCSV(w io.Writer, firms iter.Seq[register.Firm]) error {
	out := csv.NewWriter(w)
	row := []string{
		"pripid", "uniscid", "regno", "entname", "lerep", "enttype", "regstate", "regorg", "estdate", "apprdate",
	}
	err := out.Write(row)
	for f := range firms {
		if err != nil {
			return err
		}
		row = append(row[:0], f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType, f.StateText, f.Organ, f.Founded,
			f.Approved)
		err = out.Write(row)
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}
