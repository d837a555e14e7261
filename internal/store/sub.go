package store

import "errors"

const (
	sqlSavepoint = `SAVEPOINT sub`
	sqlRelease   = `RELEASE SAVEPOINT sub`
	sqlUndo      = `ROLLBACK TO SAVEPOINT sub`
)

// Sub runs fn as a part that may fail alone: its rows and events are undone and
// its error returned, while what the transaction did before stays. An error
// that spoils the whole transaction (busy, serialisation, lost connection) is
// returned as it came, and the caller must return it too.
func (t *Tx) Sub(fn func(*Tx) error) error {
	events, work := len(t.events), t.work
	if _, err := t.exec(sqlSavepoint); err != nil {
		return err
	}
	err := runSub(t, fn)
	if err == nil {
		_, err = t.exec(sqlRelease)
		return err
	}
	t.events, t.work = t.events[:events], work
	if Spoils(err) {
		return err
	}
	_, e1 := t.exec(sqlUndo)
	_, e2 := t.exec(sqlRelease)
	if spoilt := errors.Join(e1, e2); spoilt != nil {
		return spoilt
	}
	return plain(err)
}

// Spoils reports whether err left the whole transaction useless, so that it has
// to be run again from its start.
func Spoils(err error) bool { return transient(err) || lost(err) }

// runSub turns a panic in one part into its error.
func runSub(t *Tx, fn func(*Tx) error) error {
	j := job{fn: fn, tx: t}
	return j.run()
}
