package intake

// PreferenceKind names something an operator has set up for himself. The numbers are stored.
type PreferenceKind int

// CaseColumns is which columns of the list of cases an operator wants to see.
const CaseColumns PreferenceKind = 1

// PreferenceTx is what operators have set up, within a transaction.
type PreferenceTx interface {
	Preference(operatorID int64, kind PreferenceKind) (string, error)
	SetPreference(operatorID int64, kind PreferenceKind, value string) error
}
