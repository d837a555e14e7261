package desk_test

import (
	"testing"
	"time"

	"parley/internal/desk"
)

// covers A-12.2-03
func TestRemindersGoBeforeADayOnItAndEveryTwoWeeksAfterIt(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	due := time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ after, want time.Duration }{
		"long before":      {-40 * day, -14 * day},
		"just at the 14th": {-14 * day, -3 * day},
		"a week before":    {-7 * day, -3 * day},
		"the eve":          {-day, 0},
		"on the day":       {0, 14 * day},
		"a day late":       {day, 14 * day},
		"a month late":     {30 * day, 42 * day},
	} {
		if got := desk.NextReminder(due, due.Add(c.after)); !got.Equal(due.Add(c.want)) {
			t.Errorf("%s: %v, wanted %v", name, got.Sub(due), c.want)
		}
	}
	for want, at := range map[string]time.Duration{"14": -14 * day, "3": -3 * day, "0": 0, "late": 14 * day} {
		if got := desk.Urgency(due, due.Add(at)); got != want {
			t.Errorf("%v: %s, wanted %s", at, got, want)
		}
	}
}
