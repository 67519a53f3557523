package intake

// PreferenceKind names a setting of one operator. The numbers are stored.
type PreferenceKind int

// CaseColumns is the setting of the columns that the operator wants to see in the list of cases.
const CaseColumns PreferenceKind = 1

// VerifiedHead is the head of the audit up to which the operator verified it the last time.
const VerifiedHead PreferenceKind = 20

// PreferenceTx reads and writes the settings of operators within a transaction.
type PreferenceTx interface {
	Preference(operatorID int64, kind PreferenceKind) (string, error)
	SetPreference(operatorID int64, kind PreferenceKind, value string) error
}
