package app_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/notify"
	"parley/internal/privacy/backup"
	"parley/internal/store"
)

// Backups that are no longer made, and keys past their term, are told to whoever
// runs the install: once for each time it begins, and not while all is well.
func TestTheOperatorIsToldOnceOfWhatGoesWrongUnseen(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	told := func() (all []string) {
		t.Helper()
		var letters []desk.OperatorLetter
		err := s.Watch(t.Context())
		if err == nil {
			err = s.DB.In(0).Read(t.Context(), func(r *store.Rx) (err error) { letters, err = r.OperatorLetters(1<<62, 100); return err })
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range letters {
			all = append(all, string(l.Kind)+" "+l.About)
		}
		slices.Sort(all)
		return all
	}
	want := func(when string, want ...string) {
		t.Helper()
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("%s: told %v, want %v", when, got, want)
		}
	}
	s.backup(t)
	s.clk.Advance(backup.Late + time.Hour)
	want("without an address")
	s.Notify.Server, s.Notify.Operator = notify.Server{Address: "127.0.0.1:9"}, notify.Operator{Address: "ops@example.com", Locale: "tr"}
	late := []string{"backup data", "backup keys"}
	want("too late", late...)
	want("an hour later", late...)
	s.backup(t)
	want("saved again", late...)
	s.clk.Advance(backup.Late + time.Hour)
	twice := []string{"backup data", "backup data", "backup keys", "backup keys"}
	want("late a second time", twice...)
	s.clk.Jump(500 * 24 * time.Hour)
	want("keys of more than a year", append(twice, "keys epoch", "keys root")...)
}
