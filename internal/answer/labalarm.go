package answer

import (
	"slices"

	"parley/internal/desk"
	"parley/internal/store"
)

// What an alarm is about; the letter about it has words for each.
const (
	aboutTests = "tests" // a test failed
	aboutStale = "stale" // a source became stale
	aboutBias  = "bias"  // it mattered who asked
)

// nightFound rings when somebody should look at what a night found: a test that
// failed, or a source that was not stale the night before. What the night before
// had found too rings again, and writes no second letter.
func (l *Lab) nightFound(tx *store.Tx, run store.LabRun) error {
	if run.Kind != LabNight {
		return nil
	}
	before, err := tx.LabRunBefore(LabNight, run.ID)
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if run.Failed > 0 {
		news, err := anew(tx, before, run)
		if err != nil {
			return err
		}
		return l.ring(tx, run.ID, aboutTests, news)
	}
	if slices.ContainsFunc(run.Stale, func(id desk.ID) bool { return !slices.Contains(before.Stale, id) }) {
		return l.ring(tx, run.ID, aboutStale, true)
	}
	return nil
}

// anew reports whether a test failed that had not failed the night before.
func anew(tx *store.Tx, before, run store.LabRun) (bool, error) {
	if before.Failed == 0 {
		return true, nil
	}
	was, err := failing(tx, before)
	if err != nil {
		return false, err
	}
	now, err := failing(tx, run)
	return slices.ContainsFunc(now, func(id desk.ID) bool { return !slices.Contains(was, id) }), err
}

func failing(tx *store.Tx, run store.LabRun) (tests []desk.ID, err error) {
	all, err := tx.LabResults(run.ID, 0, 0, desk.MaxTests) // those that failed first
	for _, one := range all {
		if one.Failed {
			tests = append(tests, one.Test)
		}
	}
	return tests, err
}

// ring tells screens, and where it is news by mail whoever is in charge and may
// not be at one.
func (l *Lab) ring(tx *store.Tx, object desk.ID, about string, news bool) error {
	if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabAlarm, Object: object}); err != nil {
		return err
	}
	if !news || l.Letters == nil {
		return nil
	}
	return l.Letters.Tell(tx, desk.LetterAlarm, about)
}
