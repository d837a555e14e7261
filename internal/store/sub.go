package store

// Sub runs fn as a part that may fail alone: its rows and events are undone and
// its error returned, while what the transaction did before stays. After an
// error that spoils the whole transaction (busy, serialisation, disk full, lost
// connection) no later statement runs, whatever the caller makes of it.
func (t *Tx) Sub(fn func(*Tx) error) error {
	events, work, audit, before := len(t.events), t.work, len(t.audit), t.s.failed
	start, err := t.s.savepoint(t.ctx, "sub")
	if err != nil {
		return err
	}
	t.s.failed = nil
	if err = runSub(t, fn); err == nil {
		err = t.s.settle(t.ctx)
	}
	if err == nil && t.s.failed != nil {
		err = swallowed(t.s.failed)
	}
	if err == nil {
		t.s.failed = before
		return t.s.release(t.ctx, start)
	}
	t.events, t.work, t.audit = t.events[:events], work, t.audit[:audit]
	if t.s.spoilt != nil {
		return t.s.spoilt
	}
	if spoilt := t.s.undo(t.ctx, start); spoilt != nil {
		return spoilt
	}
	t.s.failed = before
	return plain(err)
}

// Spoilt reports whether the whole transaction is void, so that a closure that
// works through a list may stop.
func (t *Tx) Spoilt() bool { return t.s.spoilt != nil }

// runSub turns a panic in one part into its error.
func runSub(t *Tx, fn func(*Tx) error) error {
	j := job{fn: fn, tx: t}
	return j.run()
}
