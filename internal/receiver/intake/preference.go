package intake

// PreferenceKind names something an operator has set up for himself. The numbers are stored.
type PreferenceKind int

// CaseColumns is which columns of the list of cases an operator wants to see.
const CaseColumns PreferenceKind = 1
