package privacy

import (
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// OfMembers lists what is held of those who sign in, and of who asked for news
// without an account.
func OfMembers() []Held {
	return []Held{
		{Name: "account", Columns: []string{"member", "factor", "recovery_code", "outside_identity", "sign_in", "analytics_consent"},
			Ground: Agreed, Decides: Operator, With: Membership, By: "members who leave"},
		{Name: "sessions", Columns: []string{"member_session", "spent_challenge"}, Ground: Guarded, Decides: Operator, After: desk.SessionTerm, By: "sessions"},
		{Name: "ways_in", Columns: []string{"reset_ask", "outside_trip"}, Ground: Agreed, Decides: Operator, After: store.AskTerm, By: "sessions"},
		{Name: "browsers", Columns: []string{"member_device"}, Ground: Guarded, Decides: Operator, After: store.DeviceTerm, By: "letters to members"},
		{Name: "mail", Columns: []string{"letter"}, Ground: Proof, Decides: Operator, After: store.LetterTerm, By: "letters to members"},
		{Name: "tries", Columns: []string{"security_event", "key_network"}, Ground: Guarded, Decides: Operator, After: store.SecurityTerm, By: "security records"},
		{Name: "alerts", Columns: []string{"alert.subject_id", "alert.mark", "alert.closed_by", "alert.note"},
			Ground: Guarded, Decides: Business, After: store.SecurityTerm, By: "security records"},
		{Name: "faults", Columns: []string{"fault", "fault_event"}, Ground: Guarded, Decides: Operator, After: store.FaultTerm, By: "errors"},
		{Name: "use", Columns: []string{"usage_count"}, Ground: Agreed, Decides: Operator, Months: store.UsageMonths, By: "counts of use"},
		{Name: "choices", Columns: []string{"consent"}, Ground: Proof, Decides: Operator, After: store.ConsentTerm, By: "consents"},
		{Name: "agreed", Columns: []string{"acknowledgement"}, Ground: Proof, Decides: Operator, With: Workspace, By: "workspaces that end"},
		{Name: "access", Columns: []string{"access_key", "connect_offer"}, Ground: Agreed, Decides: Business, With: Workspace, By: "workspaces that end"},
		{Name: "support", Columns: []string{"privacy_case.subject", "privacy_case.code_hash", "privacy_case.proof_hash", "privacy_case.assignee_id", "privacy_case.decided_by"},
			Ground: Agreed, Decides: Operator, Months: 36, By: "people's requests"},
		{Name: "stopped", Columns: []string{"suspension", "appeal"}, Ground: Proof, Decides: Operator, With: Workspace, By: "workspaces that end"},
		{Name: "signed", Columns: []string{"duty"}, Ground: Proof, Decides: Business, After: store.DutyTerm, By: "done duties"},
		{Name: "demands", Columns: []string{"demand"}, Ground: Proof, Decides: Operator, After: store.DemandTerm, By: "demands of authorities"},
		{Name: "incidents", Columns: []string{"incident", "incident_count", "incident_draft", "incident_fact", "incident_notice"},
			Ground: Proof, Decides: Operator, After: store.IncidentTerm, By: "incidents"},
		{Name: "readers", Columns: []string{"recipient_reader", "suppression"}, Ground: Consent, Decides: Operator, With: Asking, By: "list of recipients"},
	}
}

// OfNobody lists what is held besides, which tells about no person, or about one
// only as the number of the colleague who wrote it.
func OfNobody() []Held {
	return []Held{
		{Name: "settings", Columns: []string{"workspace", "workspace_counter", "workspace_storage", "retention", "entitlement", "factor_rule", "blob_drop",
			"ai_setting", "ai_key", "ai_hold", "ai_spend", "channel_account", "account_card", "account_secret", "template_list"},
			Decides: Business, With: Workspace, By: "workspaces that end"},
		{Name: "knowledge", Columns: []string{"source", "source_page", "source_crawl", "passage", "passage_edit", "passage_vector", "catalogue_item",
			"knowledge_index", "knowledge_version", "saved_reply", "synonym", "meaning", "suggesting", "finding", "gap", "lab_test"},
			Decides: Business, With: Workspace, By: "workspaces that end"},
		{Name: "tried", Columns: []string{"lab_run"}, Decides: Business, After: store.LabRunTerm, By: "AI logs"},
		{Name: "probes", Columns: []string{"bias_probe"}, Decides: Business, After: store.ProbeTerm, By: "AI logs"},
		{Name: "counts", Columns: []string{"ai_tally"}, Decides: Business, After: store.TallyDays * 24 * time.Hour, By: "AI figures"},
		{Name: "sums", Columns: []string{"ai_count", "ai_tally_kept"}, Decides: Business, With: Workspace, By: "workspaces that end"},
		{Name: "certificates", Columns: []string{"certificate", "workspace_end"}, Decides: Business, After: EndKeep, By: "certificates"},
		{Name: "reports", Columns: []string{"policy_report"}, Decides: Operator, After: store.PolicyTerm, By: "reports of browsers"},
		{Name: "news", Columns: []string{"news", "operator_letter"}, Decides: Operator, After: store.LetterTerm, By: "consents"},
		{Name: "install", Columns: []string{"audit_head", "audit_mark", "backup", "proof_run", "install_look", "first_start", "node", "vault_floor",
			"operator_profile", "policy_version", "recipient", "recipient_change"}, Decides: Operator, With: Install},
	}
}

// All is everything that is held.
func All() []Held { return slices.Concat(OfVisitors(), OfMembers(), OfNobody()) }
