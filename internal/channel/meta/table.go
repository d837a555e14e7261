package meta

import "parley/internal/desk"

// refusal is one line of the table of errors (6.2, 6.3): what Meta's code means
// to us. Words for people: i18n "fault."+reason.
type refusal struct {
	code, sub int64 // sub 0 = any
	reason    string
	as        desk.Code
	retry     bool
}

// again, never and config are the usual verdicts.
const (
	slow   = desk.TooMany
	down   = desk.Unavailable
	wrong  = desk.Invalid
	denied = desk.Forbidden
	gone   = desk.NotFound
	token  = desk.Unauthenticated
)

// table holds every code of the reference. A line with a sub-code comes before
// the line of its code alone; codes between 200 and 299 that are not here are
// permissions.
var table = []refusal{
	{1, 0, "temporary", down, true},
	{2, 0, "temporary", down, true},
	{1200, 0, "temporary", down, true},
	{131000, 0, "temporary", down, true},
	{131016, 0, "temporary", down, true},
	{133004, 0, "temporary", down, true},
	{135000, 0, "refused", wrong, false},
	{131057, 0, "maintenance", down, true},
	{3, 0, "no_capability", denied, false},
	{613, 2018338, "abuse_warning", slow, false},
	{4, 0, "rate_limited", slow, true},
	{17, 0, "rate_limited", slow, true},
	{32, 0, "rate_limited", slow, true},
	{613, 0, "rate_limited", slow, true},
	{80001, 0, "rate_limited", slow, true},
	{80002, 0, "rate_limited", slow, true},
	{80006, 0, "rate_limited", slow, true},
	{80007, 0, "rate_limited", slow, true},
	{80008, 0, "rate_limited", slow, true},
	{130429, 0, "rate_limited", slow, true},
	{131056, 0, "pair_limited", slow, true},
	{131048, 0, "spam_limited", slow, false},
	{133016, 0, "register_limited", slow, false},
	{133015, 0, "wait_to_register", slow, true},

	{10, 2018278, "window_closed", denied, false},
	{10, 2018065, "window_closed", denied, false},
	{10, 2534022, "window_closed", denied, false},
	{131047, 0, "window_closed", denied, false},
	{10, 2018108, "person_unavailable", denied, false},
	{551, 0, "person_unavailable", denied, false},
	{200, 1545041, "person_unavailable", denied, false},
	{1545041, 0, "person_unavailable", denied, false},
	{10, 2018300, "thread_elsewhere", denied, false},
	{10, 1893063, "page_restricted", denied, false},
	{10, 0, "permission_missing", denied, false},
	{131005, 0, "permission_missing", denied, false},
	{200, 2018028, "app_not_live", denied, false},
	{200, 2534041, "messages_off", denied, false},
	{100, 2018001, "no_such_person", gone, false},
	{100, 2534014, "no_such_person", gone, false},
	{9010, 0, "no_such_person", gone, false},
	{100, 2018218, "profile_private", gone, false},
	{230, 0, "profile_private", gone, false},
	{100, 2018008, "media_rejected", wrong, false},
	{100, 2018047, "media_rejected", wrong, false},
	{100, 2018074, "media_rejected", wrong, false},
	{100, 2018109, "media_rejected", wrong, false},
	{131053, 0, "media_rejected", wrong, false},
	{131052, 0, "media_unreadable", wrong, false},
	{100, 2534025, "comment_closed", denied, false},
	{100, 0, "bad_request", wrong, false},
	{131008, 0, "bad_request", wrong, false},
	{131009, 0, "bad_request", wrong, false},
	{131051, 0, "type_unsupported", wrong, false},
	{506, 0, "duplicate", wrong, false},
	{368, 0, "policy_blocked", denied, false},

	{190, 458, "app_removed", token, false},
	{190, 459, "checkpoint", token, false},
	{190, 460, "password_changed", token, false},
	{190, 463, "token_expired", token, false},
	{190, 464, "account_unconfirmed", token, false},
	{190, 467, "token_invalid", token, false},
	{190, 492, "role_lost", token, false},
	{190, 0, "token_invalid", token, false},
	{0, 0, "token_invalid", token, false},

	{33, 0, "number_deleted", gone, false},
	{130472, 0, "experiment", denied, false},
	{130497, 0, "country_blocked", denied, false},
	{131021, 0, "sent_to_self", wrong, false},
	{131026, 0, "undeliverable", gone, false},
	{131031, 0, "account_locked", denied, false},
	{131037, 0, "name_unapproved", denied, false},
	{131042, 0, "payment_needed", denied, false},
	{131045, 0, "not_registered", denied, false},
	{131049, 0, "held_back", denied, false},
	{131050, 0, "marketing_stopped", denied, false},
	{131062, 0, "phone_needed", wrong, false},
	{132000, 0, "template_params", wrong, false},
	{132001, 0, "template_missing", gone, false},
	{132005, 0, "template_too_long", wrong, false},
	{132007, 0, "template_policy", denied, false},
	{132012, 0, "template_params", wrong, false},
	{132015, 0, "template_paused", denied, false},
	{132016, 0, "template_disabled", denied, false},
	{132068, 0, "flow_blocked", denied, false},
	{132069, 0, "flow_limited", slow, false},
	{2388019, 0, "template_limit", denied, false},
	{133000, 0, "not_registered", denied, false},
	{133005, 0, "pin_wrong", denied, false},
	{133006, 0, "number_unverified", denied, false},
	{133008, 0, "pin_attempts", slow, false},
	{133009, 0, "pin_attempts", slow, false},
	{133010, 0, "not_registered", denied, false},
	{134011, 0, "payment_terms", denied, false},
}

// unlisted is what a code means that is not in the table.
var unlisted = refusal{reason: "refused", as: wrong}

func lookUp(code, sub int64) refusal {
	for _, r := range table {
		if r.code == code && (r.sub == 0 || r.sub == sub) {
			return r
		}
	}
	if code >= 200 && code <= 299 {
		return refusal{reason: "permission_missing", as: denied}
	}
	return unlisted
}

// ReasonOf is the reason key of a code, "refused" for one that is not known.
func ReasonOf(code, sub int64) string {
	if code == 0 {
		return unlisted.reason
	}
	return lookUp(code, sub).reason
}
