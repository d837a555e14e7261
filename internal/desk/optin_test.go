package desk_test

import (
	"testing"
	"time"

	"parley/internal/desk"
)

// covers decision 15: a template goes where the person allowed it.
func TestATemplateNeedsThePersonsOptIn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	given := func(topic string) desk.Consented { return desk.Consented{Topic: topic, At: now.Add(-time.Hour)} }
	ended, stopped := given(desk.TopicMessages), given(desk.TopicMessages)
	ended.Until, stopped.StoppedAt = now, now.Add(-time.Minute)
	for name, c := range map[string]struct {
		category string
		given    []desk.Consented
		inWindow bool
		reason   string
	}{
		"inside the window":                        {"UTILITY", nil, true, ""},
		"outside without":                          {"UTILITY", nil, false, "opt_in_needed"},
		"outside with":                             {"UTILITY", []desk.Consented{given(desk.TopicMessages)}, false, ""},
		"marketing allows messages, too":           {"AUTHENTICATION", []desk.Consented{given(desk.TopicMarketing)}, false, ""},
		"an opt-in that ended":                     {"UTILITY", []desk.Consented{ended}, false, "opt_in_needed"},
		"stopped":                                  {"UTILITY", []desk.Consented{stopped, given(desk.TopicMarketing)}, false, "opt_in_stopped"},
		"stopped, inside the window":               {"UTILITY", []desk.Consented{stopped}, true, "opt_in_stopped"},
		"marketing inside the window":              {"MARKETING", nil, true, "marketing_opt_in"},
		"marketing with an opt-in for messages":    {"MARKETING", []desk.Consented{given(desk.TopicMessages)}, false, "marketing_opt_in"},
		"marketing with its own":                   {"MARKETING", []desk.Consented{given(desk.TopicMarketing)}, false, ""},
		"a category nobody knows is as strict":     {"", []desk.Consented{given(desk.TopicMessages)}, true, "marketing_opt_in"},
		"marketing after messages were stopped":    {"MARKETING", []desk.Consented{stopped, given(desk.TopicMarketing)}, false, ""},
		"a topic of the channel's allows messages": {"UTILITY", []desk.Consented{given("weekly")}, false, ""},
	} {
		err := desk.MayTemplate(c.category, c.given, c.inWindow, now)
		reason := ""
		if e, ok := err.(*desk.Error); ok {
			reason = e.Reason
		}
		if reason != c.reason {
			t.Errorf("%s: %q, want %q", name, reason, c.reason)
		}
	}
}
