package register

import (
	"time"

	"diaoxiao/internal/beijingtime"
)

// Snapshot (主体库快照) is one state of the register, as an import left it. Its rows never change; the next import makes
// another snapshot. The current one is the one with the highest ID.
type Snapshot struct {
	ID       int64
	AsOf     string // 数据截止日, yyyy-MM-dd: the day whose state the extract has
	Rows     int
	Base     int64 // the snapshot to which changes were applied; 0: a full extract
	Imported time.Time
	By       string
	Report   Report
}

// Report is what an import read and what was odd in it. It is kept as JSON.
type Report struct {
	Files   []File         `json:"files"`
	States  map[State]int  `json:"states"`  // rows by state
	Words   []StateWord    `json:"words"`   // words of states that are in no table, at most 20
	Oddity  map[Oddity]int `json:"oddity"`  // rows by oddity
	Samples []Sample       `json:"samples"` // the first rows of each oddity, at most 20 each
	Applied Changes        `json:"applied"` // of an import of changes
}

// File is one file that was imported.
type File struct {
	Name   string `json:"name"` // without its folder
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of its bytes, in hexadecimal digits
	Rows   int    `json:"rows"`
}

// StateWord is a word of a state with the number of its rows.
type StateWord struct {
	Word string `json:"word"`
	Rows int    `json:"rows"`
}

// Changes are the rows of an import of changes, by kind.
type Changes struct {
	Inserted int `json:"inserted"`
	Updated  int `json:"updated"`
	Deleted  int `json:"deleted"`
}

// Oddity is what is odd about a row of the register and was taken in as it is.
type Oddity string

// The oddities.
const (
	OddShared   Oddity = "shared"   // 重码: several live firms have its credit code
	OddCheck    Oddity = "check"    // a credit code whose check characters do not fit
	OddNoCode   Oddity = "nocode"   // neither a credit code nor a registration number
	OddNoPripID Oddity = "nopripid" // no pripid
	OddForm     Oddity = "form"     // a code in full width, lower case or with blanks, which was folded
	OddState    Oddity = "state"    // the word of its state is in no table
	OddDate     Oddity = "date"     // a date that cannot be read was left out
)

// Sample is a row with an oddity.
type Sample struct {
	Oddity Oddity `json:"oddity"`
	File   string `json:"file"`
	Row    int    `json:"row"` // counted from 1, the heading included
	Value  string `json:"value"`
}

// Stale reports whether a snapshot is too old at a time, in days, for 一致 to be a comfort. days 0: none is too old.
func (s Snapshot) Stale(now time.Time, days int64) bool {
	return days > 0 && s.Age(now) > days
}

// Age is the number of days from the day of the snapshot to now, by the calendar of Beijing; 0 where the day cannot be
// read.
func (s Snapshot) Age(now time.Time) int64 {
	day, err := time.ParseInLocation(time.DateOnly, s.AsOf, beijingtime.Zone)
	if err != nil {
		return 0
	}
	today, _ := time.ParseInLocation(time.DateOnly, beijingtime.Day(now), beijingtime.Zone)
	return int64(today.Sub(day).Hours() / 24)
}
