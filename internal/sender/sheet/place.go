package sheet

import "diaoxiao/internal/grid"

// Place is where in a file something is, as the spreadsheet shows it.
type Place = grid.Place

// Problem is one thing wrong with a file, in Chinese.
type Problem = grid.Problem
