package schema

import "slices"

// All lists every table. Records are in an order in which rows come after those they refer to.
func All() []Table {
	return slices.Concat(records(), derived(), passing(), own())
}

// Named is the table of that name, which must be there.
func Named(name string) Table {
	all := All()
	return all[slices.IndexFunc(all, func(t Table) bool { return t.Name == name })]
}

// numbered is t as a record whose first column the database numbers.
func numbered(t Table) Table {
	t.Key, t.Kind, t.Numbered = 1, Record, true
	return t
}

// records are what was received and decided.
func records() []Table {
	return []Table{
		numbered(Table{Name: "app", InPlace: true,
			Columns: []string{"app_id", "app_key", "name", "contact", "phone", "dialect", "disabled", "created_ms"}}),
		numbered(Table{Name: "app_secret", InPlace: true, Columns: []string{"secret_id", "app_id", "hash",
			"created_ms", "expires_ms"}}),
		numbered(Table{Name: "account", InPlace: true, Columns: []string{"account_id", "app_id", "name", "disabled",
			"created_ms"}}),
		{Name: "cases", Key: 1, Kind: Record, Rights: Append, Columns: []string{"case_no", "acceptid", "app_id",
			"account", "caseid",
			"revision", "supersedes", "casename", "penaltydate", "penaltyorg", "items", "received_ms", "bytes",
			"sha256", "digest",
			"charset", "pack_no", "pack_offset"}},
		{Name: "pack", Key: 1, Kind: Record, Rights: Append, Large: true, Columns: []string{"pack_no", "raw_bytes",
			"data"}},
		{Name: "body_part", Key: 2, Kind: Record, Rights: Append, Large: true, Columns: []string{"case_no", "part_no",
			"data"}},
		{Name: "case_return", Key: 1, Kind: Record, Rights: Append,
			Columns: []string{"case_no", "returned_ms", "returned_by", "reason", "row_nos"}},
		numbered(Table{Name: "attempt", Rights: Append, Columns: []string{"attempt_no", "at_ms", "app_id", "account",
			"caseid", "case_no",
			"outcome", "codes", "fields", "bytes", "sha256", "request_id", "source", "told"}}),
		numbered(Table{Name: "audit", Rights: Append, Columns: []string{"audit_no", "at_ms", "actor", "action",
			"target", "detail", "chain"}}),
		{Name: "gap", Key: 1, Kind: Record, Rights: Append, InPlace: true, Columns: []string{"from_no", "to_no",
			"at_ms", "why"}},
		numbered(Table{Name: "operator", InPlace: true, Columns: []string{"operator_id", "name", "person", "phone",
			"role", "password", "totp",
			"totp_step", "password_ms", "failures", "locked_ms", "disabled", "created_ms", "identity", "waits",
			"asked_ms", "asked_by",
			"to_role", "to_identity", "renewed", "renewed_ms", "renewed_by", "set_up_from", "founder", "founded_ms",
			"unit", "signed_ms"}}),
		{Name: "identity_salt", Key: 1, Kind: Record, Rights: Append, InPlace: true, Columns: []string{"id", "salt"}},
		{Name: "preference", Key: 2, Kind: Record, InPlace: true, Columns: []string{"operator_id", "kind", "value"}},
		{Name: "policy", Key: 1, Kind: Record, InPlace: true, Columns: []string{"kind", "value"}},
		{Name: "name_sum", Key: 2, Kind: Record, Columns: []string{"operator_id", "case_no", "began_ms", "views"}},
		numbered(Table{Name: "case_event", Rights: Append, Columns: []string{"event_no", "case_no", "at_ms", "actor",
			"kind", "detail", "row_nos",
			"proposal_no"}}),
		{Name: "case_work", Key: 1, Kind: Record, InPlace: true, Columns: []string{"case_no", "checked_ms",
			"published", "severe", "doubts", "seen_no", "seen_severe", "seen_doubts", "seen_worse_ms"}},
		{Name: "firm_check", Key: 2, Kind: Record, InPlace: true, Columns: []string{"case_no", "pos", "outcome",
			"remark", "actor", "at_ms", "basis"}},
		{Name: "firm_span", Key: 2, Kind: Record, InPlace: true, Columns: []string{"case_no", "from_pos", "to_pos",
			"decision", "published", "proposal_no"}},
		{Name: "firm_basis", Key: 2, Kind: Record, InPlace: true, Columns: []string{"case_no", "pos", "basis"}},
		numbered(Table{Name: "proposal", InPlace: true, Columns: []string{"proposal_no", "case_no", "kind", "row_nos",
			"row_count", "held", "day", "reason", "digest", "asked_ms", "asked_by", "answer", "answered_ms",
			"answered_by", "reply"}}),
		numbered(Table{Name: "call", Rights: Forget,
			Columns: []string{"call_no", "at_ms", "name", "app_id", "app_key", "account",
				"caseid", "acceptid",
				"outcome", "failed", "codes", "status", "bytes", "items", "took_us", "request_id", "source", "told",
				"cause", "case_fold"}}),
		{Name: "epoch", Key: 1, Kind: Record, Seeded: true, InPlace: true, Columns: []string{"id", "value"}},
		{Name: "register_snapshot", Key: 1, Kind: Record, Rights: Append, Columns: []string{"snapshot_id", "as_of",
			"row_count", "base", "imported_ms", "imported_by", "report"}},
		{Name: "stat_month", Key: 1, Kind: Record, Rights: Append, Columns: []string{"month_no", "as_of", "closed_ms",
			"digest", "total", "content"}},
		{Name: "evidence_log", Key: 1, Kind: Record, Rights: Append, Columns: []string{"log_no", "origin", "salt",
			"begun_ms", "statement"}},
		{Name: "evidence_checkpoint", Key: 2, Kind: Record, Rights: Append, Columns: []string{"log_no", "size",
			"cases", "events", "note"}},
		numbered(Table{Name: "row_digest", Rights: Forget, Columns: []string{"digest_no", "at_ms", "tbl", "row_key",
			"digest"}}),
		{Name: "evidence_stamp", Key: 1, Kind: Record, Rights: Append, Columns: []string{"stamp_no", "log_no", "size",
			"made_ms", "token"}},
		{Name: "evidence_cosignature", Key: 3, Kind: Record, Rights: Append, Columns: []string{"log_no", "size",
			"key_hash", "witness", "at_ms", "line"}},
		{Name: "evidence_rotation", Key: 2, Kind: Record, Rights: Append, Columns: []string{"log_no", "rotation_no",
			"at_ms", "statement"}},
		{Name: "origin", Key: 1, Kind: Record, Rights: Read, Seeded: true, Columns: []string{"id", "unchained",
			"unordered"}},
	}
}

// derived are made of records.
func derived() []Table {
	return []Table{
		{Name: "entity", Key: 2, Kind: Derived, Columns: []string{"case_no", "pos", "pripid", "uniscid", "legal",
			"enttype"}},
		{Name: "entity_key", Key: 4, Kind: Derived, Columns: []string{"kind", "value", "case_no", "pos"}},
		{Name: "finding", Key: 4, Kind: Derived, Columns: []string{"case_no", "pos", "rule", "field", "detail"}},
		{Name: "verification", Key: 1, Kind: Derived,
			Columns: []string{"case_no", "epoch", "verified_ms", "rules", "items", "severe", "warnings", "notices",
				"snapshot", "worse_ms"}},
		{Name: "docket", Key: 3, Kind: Derived, Columns: []string{"kind", "since", "case_no"}},
		{Name: "counterpart", Key: 5, Kind: Derived, Columns: []string{"case_no", "pos", "rule", "other_no",
			"other_pos"}},
		{Name: "counterpart_case", Key: 2, Kind: Derived, Columns: []string{"other_no", "case_no", "severe",
			"warnings"}},
		{Name: "firm_tally", Key: 1, Kind: Derived, Columns: []string{"case_no", "clear", "ready", "held", "released",
			"withheld", "published", "alarmed", "flagged", "checked", "to_check", "alarms",
			"case_severe", "case_doubt"}},
		{Name: "evidence_tile", Key: 3, Kind: Derived, Columns: []string{"log_no", "level", "tile_no", "data"}},
		{Name: "verdict", Key: 2, Kind: Derived, Columns: []string{"case_no", "pos", "verdict", "rule", "fields",
			"others", "snapshot", "row_no", "pripid", "uniscid", "regno", "name", "legal", "enttype", "state",
			"state_text", "organ", "founded", "approved"}},
	}
}

// passing end with the database.
func passing() []Table {
	return []Table{
		{Name: "session", Key: 1, Kind: Passing,
			Columns: []string{"token_hash", "app_id", "account_id", "created_ms", "expires_ms", "ended_ms"}},
		{Name: "visit", Key: 1, Kind: Passing,
			Columns: []string{"token_hash", "operator_id", "created_ms", "seen_ms", "ended_ms", "source", "agent"}},
		{Name: "reveal", Key: 2, Kind: Passing, Columns: []string{"token_hash", "case_no", "until_ms"}},
		{Name: "invitation", Key: 1, Kind: Passing, Columns: []string{"token_hash", "operator_id", "expires_ms"}},
		{Name: "device", Key: 2, Kind: Passing, Columns: []string{"token_hash", "operator_id", "created_ms", "seen_ms",
			"agent"}},
		{Name: "guess", Key: 2, Kind: Passing, Columns: []string{"operator_id", "place", "failures", "locked_ms",
			"at_ms"}},
		{Name: "register_rows", Key: 1, Kind: Passing, Engine: "postgres", Columns: []string{"snapshot", "row_count",
			"last_row"}},
		{Name: "register_firm", Key: 2, Kind: Passing, Engine: "postgres", Columns: []string{"snapshot", "row_no",
			"pripid", "uniscid", "regno", "name", "legal", "legal_key", "enttype", "state", "state_text", "organ",
			"founded", "approved"}},
		{Name: "register_gram", Key: 3, Kind: Passing, Engine: "postgres", Columns: []string{"snapshot", "part",
			"gram", "lists"}},
		{Name: "stat_now", Key: 1, Kind: Passing, Columns: []string{"month_no", "as_of", "made_ms", "event_no",
			"digest", "total", "content"}},
		{Name: "case_claim", Key: 1, Kind: Passing, Columns: []string{"case_no", "claimed_by",
			"claimed_ms"}},
		{Name: "case_opening", Key: 1, Kind: Passing, Columns: []string{"case_no", "opened_by", "opened_ms"}},
		{Name: "name_view", Key: 3, Kind: Passing, Columns: []string{"operator_id", "case_no", "pos", "at_ms"}},
	}
}

// WriteLease is the table whose one row an engine with several writers updates to write. A dump leaves it out: nobody
// can write in what is restored from it before the last transaction of the restore has put the row back.
const WriteLease = "turn"

// own belong to one database.
func own() []Table {
	return []Table{
		{Name: "goose_db_version", Key: 1, Kind: Own, Rights: Read, Columns: []string{"id", "version_id", "is_applied",
			"tstamp"}},
		{Name: "compatible", Key: 1, Kind: Own, Rights: Read, Columns: []string{"id", "oldest"}},
		{Name: "copying", Key: 1, Kind: Own, Rights: Read, Columns: []string{"id", "source", "begun_ms"}},
		{Name: "run", Key: 1, Kind: Own, Columns: []string{"id", "name"}},
		{Name: WriteLease, Key: 1, Kind: Own, Engine: "postgres", Columns: []string{"id", "taken"}},
	}
}
