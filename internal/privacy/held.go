package privacy

import (
	"strings"
	"time"

	"parley/internal/audit"
	"parley/internal/live"
	"parley/internal/store"
)

// Ground is why the law lets a kind of data be held.
type Ground string

// The grounds of what is held of a visitor.
const (
	Asked   Ground = "asked"   // legitimate interest: they wrote and want an answer
	Consent Ground = "consent" // only with their consent
	Proof   Ground = "proof"   // legal duty to show what was done
	Agreed  Ground = "agreed"  // what a member's account is there for: the contract
	Guarded Ground = "guarded" // legitimate interest: nobody else gets in
)

// Side is who decides why and how a kind of data is held: the controller. The
// other one handles it on their behalf, or not at all.
type Side string

// The two sides (decision 6). Where a business runs its own install they are one.
const (
	Business Side = "business"
	Operator Side = "operator" // who runs the install
)

// Whole is what some data ends with, where it has no term of its own.
type Whole string

// What data ends with.
const (
	Talk       Whole = "talk"       // the conversation
	Membership Whole = "membership" // of the member it tells about
	Workspace  Whole = "workspace"
	Install    Whole = "install" // says nothing of a person, or stands in public
	Asking     Whole = "asking"  // of a reader who asked for news: until they end it
)

// Held is one kind of data that is held. Its words are the texts
// notice.held.NAME and notice.why.NAME.
type Held struct {
	Name    string
	Columns []string // "table" for all of it, or "table.column"
	Ground  Ground
	Decides Side
	// When it ends: After a fixed time or number of Months; else With something
	// else; else never.
	After  time.Duration
	Months int
	With   Whole
	By     string // the rule of app/retention.go that ends it
	Stays  bool   // an erasure leaves it to its own end
}

// OfVisitors lists all that is held of a visitor, in the order of a notice. A
// test holds it against the schema: a column that tells about a contact and
// stands in none of these fails. Of all of it the business decides.
func OfVisitors() []Held {
	all := []Held{
		{Name: "messages", Columns: []string{"conversation", "message", "message_piece", "media", "draft", "ai_run"}, Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "model", Columns: []string{"ai_log", "lab_result"}, Ground: Asked, After: store.AILogTerm, By: "AI logs"},
		{Name: "unanswered", Columns: []string{"gap_question", "phrasing"}, Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "report", Columns: []string{"ai_report"}, Ground: Proof, After: store.AIReportTerm, By: "reports of answers"},
		{Name: "person", Columns: []string{"contact", "contact_term", "contact_profile", "opt_in", "person_statement"}, Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "number", Columns: []string{"identity", "widget_session.visit", "widget_session.contact_id", "widget_session.conversation_id"},
			Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "visit", Columns: []string{"widget_session.browser", "widget_session.os", "widget_session.device", "widget_session.referrer",
			"widget_session.page_url", "widget_session.locale", "widget_session.ip"}, Ground: Consent, After: store.VisitTerm, By: "visits"},
		{Name: "request", Columns: []string{"privacy_case.contact_id", "privacy_case.conversation_id"}, Ground: Proof, Months: 36, By: "people's requests"},
		{Name: "letters", Columns: []string{"case_text"}, Ground: Proof, Months: 36, By: "people's requests", Stays: true},
		{Name: "search", Columns: []string{"message_term", "message_place"}, Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "delivery", Columns: []string{"arrival"}, Ground: Asked, After: store.ArrivalTerm, By: "raw arrivals", Stays: true},
		{Name: "deleted", Columns: []string{"dropped_message"}, Ground: Proof, After: store.DroppedTerm, By: "deleted conversations"},
		{Name: "events", Columns: []string{"event", "work", "lane"}, Ground: Asked, After: live.Keep, By: "event rows", Stays: true},
		{Name: "copy", Columns: []string{"person_copy"}, Ground: Proof, After: CopyTerm, By: "copies of persons"},
		{Name: "disclosure", Columns: []string{"disclosure"}, Ground: Proof, After: store.DemandTerm, By: "demands of authorities"},
		{Name: "incident", Columns: []string{"incident_person.contact_id", "incident_person.message_id"}, Ground: Proof, After: store.IncidentPersonTerm, By: "incidents"},
		{Name: "own", Columns: []string{"own_visit"}, Ground: Asked, After: time.Hour, By: "ways to one's own data"},
		{Name: "attempt", Columns: []string{"attempt"}, Ground: Asked, After: store.AttemptTerm, By: "ways to one's own data", Stays: true},
		{Name: "key", Columns: []string{"vault_key"}, Ground: Asked, With: Talk, By: "unsaved chats"},
		{Name: "abuse", Columns: []string{"alert.conversation_id"}, Ground: Asked, Months: 12, By: "security records"},
		{Name: "record", Columns: []string{"audit_entry"}, Ground: Proof, Months: audit.KeepMonths, By: "audit segments", Stays: true},
		{Name: "hold", Columns: []string{"legal_hold"}, Ground: Proof, After: store.HoldTerm, By: "released holds"},
		{Name: "ledger", Columns: []string{"privacy_ledger", "privacy_ledger_hash"}, Ground: Proof, Stays: true},
	}
	for i := range all {
		all[i].Decides = Business
	}
	return all
}

// Covers reports whether a column is part of what is held under this name.
func (h Held) Covers(c store.Column) bool {
	for _, name := range h.Columns {
		table, column, one := strings.Cut(name, ".")
		if table == c.Table && (!one || column == c.Name) {
			return true
		}
	}
	return false
}
