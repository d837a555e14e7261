package desk

import (
	"testing"
	"time"
)

func TestCountsComeAtEightOfTheBusinesssDay(t *testing.T) {
	t.Parallel()
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	for _, c := range []struct {
		every          DigestEvery
		now, zone, due string
	}{
		{DigestDaily, "2026-11-23T04:59:00Z", "Europe/Istanbul", "2026-11-23T05:00:00Z"},
		{DigestDaily, "2026-11-23T05:00:00Z", "Europe/Istanbul", "2026-11-24T05:00:00Z"},
		{DigestWeekly, "2026-11-23T05:00:00Z", "Europe/Istanbul", "2026-11-30T05:00:00Z"},
		{DigestWeekly, "2026-11-29T23:00:00Z", "Europe/Istanbul", "2026-11-30T05:00:00Z"},
		{DigestDaily, "2026-03-28T12:00:00Z", "Europe/Berlin", "2026-03-29T06:00:00Z"}, // the night that has an hour less
		{DigestDaily, "2026-10-24T12:00:00Z", "Europe/Berlin", "2026-10-25T07:00:00Z"}, // and the one that has one more
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.every.Next(now, zone(c.zone)).UTC().Format(time.RFC3339); got != c.due {
			t.Errorf("%s after %s in %s is due at %s, not %s", c.every, c.now, c.zone, got, c.due)
		}
	}
	if !DigestOff.Next(time.Unix(0, 0), time.UTC).IsZero() {
		t.Error("who wants none has a next one")
	}
}
