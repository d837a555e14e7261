package store

// endRule says how the rows of a table end with their workspace: in steps along a
// column that an index has next to the workspace. Of whom a legal hold keeps, the
// rows that tell of them stay until it is released.
type endRule struct {
	table, by string
	held      heldBy
}

// heldBy says how a row is found to be of somebody whom a hold keeps.
type heldBy int

const (
	heldNever heldBy = iota
	heldAsContact
	heldByContact
	heldByConversation
	heldByMessage
	heldAsAccount // a channel by which such a person wrote
)

// Order of endRules: ways in and work first, so that nothing new comes while the
// rest goes; what others are found by goes after them.
func endRules() []endRule {
	return []endRule{
		{"access_key", "id", heldNever}, {"member_session", "id", heldNever}, {"sign_in", "member_id", heldNever},
		{"outside_identity", "id", heldNever}, {"outside_trip", "created_at", heldNever}, {"reset_ask", "id", heldNever},
		{"own_visit", "id", heldNever}, {"connect_offer", "id", heldNever}, {"account_secret", "account_id", heldNever},
		{"account_card", "account_id", heldNever}, {"channel_account", "id", heldAsAccount}, {"work", "key", heldNever}, {"lane", "key", heldNever},
		{"arrival", "id", heldNever}, {"letter", "id", heldNever}, {"event", "no", heldNever},

		{"message_term", "term", heldNever}, {"message_place", "message_id", heldNever}, {"message_piece", "message_id", heldByMessage},
		{"ai_run", "id", heldByConversation}, {"message", "id", heldByContact}, {"media", "id", heldByContact}, {"blob_drop", "blob", heldNever},
		{"draft", "id", heldNever}, {"ai_log", "id", heldNever}, {"ai_report", "id", heldNever}, {"widget_session", "id", heldNever},
		{"gap_question", "id", heldNever}, {"lab_result", "run_id", heldNever}, {"phrasing", "id", heldNever},
		{"case_text", "id", heldNever}, {"privacy_case", "id", heldNever}, {"person_copy", "id", heldNever}, {"disclosure", "id", heldByContact}, {"demand", "id", heldNever}, {"duty", "id", heldNever},
		{"person_statement", "id", heldByContact}, {"opt_in", "id", heldByContact}, {"contact_profile", "contact_id", heldByContact},
		{"contact_term", "term", heldNever}, {"conversation", "id", heldByContact}, {"dropped_message", "contact_id", heldByContact}, {"identity", "id", heldByContact},
		{"contact", "id", heldAsContact}, {"legal_hold", "id", heldByContact},

		{"source_page", "id", heldNever}, {"source_crawl", "source_id", heldNever}, {"passage_vector", "passage_id", heldNever},
		{"passage_edit", "passage_id", heldNever}, {"passage", "id", heldNever}, {"catalogue_item", "id", heldNever}, {"source", "id", heldNever},
		{"knowledge_index", "version", heldNever}, {"knowledge_version", "version", heldNever}, {"gap", "id", heldNever},
		{"finding", "id", heldNever}, {"synonym", "language", heldNever}, {"meaning", "stamp", heldNever}, {"suggesting", "at", heldNever},
		{"saved_reply", "id", heldNever}, {"lab_run", "id", heldNever}, {"lab_test", "id", heldNever}, {"bias_probe", "id", heldNever},
		{"template_list", "account_id", heldNever},

		{"factor", "id", heldNever}, {"recovery_code", "member_id", heldNever}, {"member_device", "member_id", heldNever},
		{"acknowledgement", "id", heldNever}, {"consent", "id", heldNever}, {"analytics_consent", "member_id", heldNever}, {"member", "id", heldNever},
		{"factor_rule", "demand", heldNever}, {"key_network", "key_id", heldNever}, {"spent_challenge", "ends_at", heldNever},

		{"ai_count", "newest", heldNever}, {"ai_hold", "id", heldNever}, {"ai_key", "vendor", heldNever}, {"ai_setting", "version", heldNever},
		{"ai_spend", "day", heldNever}, {"ai_tally", "day", heldNever}, {"ai_tally_kept", "day", heldNever}, {"usage_count", "day", heldNever}, {"alert", "id", heldNever},
		{"security_event", "id", heldNever}, {"fault_event", "id", heldNever}, {"fault", "fingerprint", heldNever}, {"attempt", "what", heldNever},
		{"appeal", "id", heldNever}, {"suspension", "id", heldNever}, {"certificate", "id", heldNever}, {"entitlement", "name", heldNever},
		{"incident_person", "id", heldNever}, {"incident_draft", "id", heldNever}, {"incident_count", "id", heldNever}, {"incident_fact", "id", heldNever},
		{"incident_notice", "id", heldNever}, {"incident", "id", heldNever},
		{"retention", "rule", heldNever}, {"policy_report", "directive", heldNever}, {"workspace_storage", "files", heldNever},
		{"workspace_counter", "no", heldNever},
	}
}

// endSpared are the tables whose rows do not end with a workspace, each with its
// reason.
func endSpared() map[string]string {
	return map[string]string{
		"workspace":           "its row goes last, when a look at every table finds nothing more",
		"audit_entry":         "who did what, as ids and numbers that nothing leads back from; it ends by its own term of 24 months",
		"audit_head":          "where that record stands",
		"audit_mark":          "the signatures over that record",
		"workspace_end":       "of the install: how the certificate of a workspace that is gone is found",
		"operator_profile":    "of the install",
		"operator_letter":     "of the install: letters to who runs it, without a name",
		"recipient":           "of the install: its published list",
		"recipient_change":    "of the install: what changed in that list",
		"recipient_reader":    "of the install: who asked to be told of that, without an account",
		"policy_version":      "of the install: its published pages",
		"news":                "of the install: what was mailed to those who allowed it",
		"suppression":         "of the install: keyed hashes that keep news from who wants none",
		"backup":              "of the install: the list of its backups",
		"proof_run":           "of the install: its promises",
		"install_look":        "of the install: its promises",
		"first_start":         "of the install: before anybody can sign in",
		"node":                "of the install: its processes",
		"privacy_ledger":      "the record of the deletion itself, by which a restore of older data does it again",
		"vault_key":           "goes with the keys, which are destroyed first",
		"vault_floor":         "of the install: which epoch takes keys",
		"privacy_ledger_hash": "goes with the keys: without them its hashes tell nothing",
	}
}
