package audit

import (
	"crypto/ed25519"
	"fmt"
	"iter"
)

// Claim is what a chain is verified against.
type Claim struct {
	Workspace   int64
	Checkpoints []Mark // all of them, rising
	Prune       *Mark  // the latest, nil when nothing was ever pruned
	Trusted     []ed25519.PublicKey
	Kept        []Mark // marks that somebody kept elsewhere, in any order
}

// Report says what Verify has seen.
type Report struct {
	Entries     int64 // rows read
	Checkpoints int   // signatures that held
	Pruned      int64 // entries removed by a signed prune
	Unsigned    int64 // entries after the last checkpoint: chained, not yet signed
	Last        Head  // where the chain ends
}

// Broken is the first fault found. First and Last are the numbers of the
// entries it lies in; they are equal when the very entry is known.
type Broken struct {
	Workspace   int64
	First, Last int64
	What        string
}

// Error names the place and the fault.
func (b *Broken) Error() string {
	if b.First == b.Last {
		return fmt.Sprintf("audit: workspace %d, entry %d: %s", b.Workspace, b.First, b.What)
	}
	return fmt.Sprintf("audit: workspace %d, entries %d to %d: %s", b.Workspace, b.First, b.Last, b.What)
}

// Verify reads a workspace's rows in rising order and answers *Broken at the
// first thing that is not as it was written, or an error of rows itself. The
// report holds as far as it came.
func Verify(c Claim, rows iter.Seq2[Row, error]) (Report, error) {
	r := Report{Last: Begin(c.Workspace)}
	if err := c.checkMarks(&r); err != nil {
		return r, err
	}
	marks := c.Checkpoints
	for len(marks) > 0 && marks[0].No <= r.Last.No {
		marks = marks[1:]
	}
	at := c.keptAt()
	var l linker
	for row, err := range rows {
		if err != nil {
			return r, err
		}
		if err := c.checkRow(row, r.Last, &l); err != nil {
			return r, err
		}
		r.Entries++
		r.Unsigned++
		r.Last = row.Head()
		if _, asked := at[row.No]; asked {
			at[row.No] = row.Hash
		}
		if len(marks) > 0 && marks[0].No == row.No {
			if marks[0].Hash != row.Hash {
				return r, c.broken(marks[0].Since+1, row.No, "the hashes were computed anew: they are not those of the signed checkpoint")
			}
			marks, r.Unsigned = marks[1:], 0
		}
	}
	if len(marks) > 0 {
		return r, c.broken(r.Last.No+1, marks[len(marks)-1].No, "missing at the end: a signed checkpoint covers them")
	}
	return r, c.checkKept(r, at)
}

func (c Claim) broken(first, last int64, what string) error {
	return &Broken{Workspace: c.Workspace, First: first, Last: last, What: what}
}

func (c Claim) checkRow(row Row, head Head, l *linker) error {
	want := head.No + 1
	switch {
	case row.No > want:
		return c.broken(want, row.No-1, "missing")
	case row.No < want:
		return c.broken(row.No, row.No, "twice, or out of order")
	case row.Entry.Workspace != c.Workspace:
		return c.broken(row.No, row.No, "belongs to another workspace")
	case l.link(head.Hash, row.No, row.Entry) != row.Hash:
		return c.broken(row.No, row.No, "changed, or its hash was")
	}
	return nil
}

// checkMarks verifies the signatures and that the checkpoints leave no gap, and
// moves the report's head past what was pruned.
func (c Claim) checkMarks(r *Report) error {
	var before Mark
	for _, m := range c.Checkpoints {
		first := min(before.No+1, m.No)
		switch {
		case m.Kind != Checkpoint || m.Workspace != c.Workspace:
			return c.broken(first, m.No, "the checkpoint belongs elsewhere")
		case m.Verify(c.Trusted...) != nil:
			return c.broken(first, m.No, "the checkpoint is not signed by a trusted key, or was changed")
		case m.Since != before.No || m.No <= before.No:
			return c.broken(first, m.No, "a checkpoint is missing, twice or out of order")
		}
		if c.Prune != nil && m.No == c.Prune.No {
			if err := c.checkPrune(m); err != nil {
				return err
			}
			r.Last, r.Pruned = Head{No: m.No, Hash: m.Hash}, m.No
		}
		before = m
		r.Checkpoints++
	}
	if c.Prune != nil && r.Pruned == 0 {
		return c.broken(1, c.Prune.No, "pruned without a checkpoint there")
	}
	return nil
}

func (c Claim) checkPrune(upTo Mark) error {
	p := *c.Prune
	switch {
	case p.Kind != Prune || p.Workspace != c.Workspace || p.Hash != upTo.Hash:
		return c.broken(1, upTo.No, "the prune belongs elsewhere")
	case p.Verify(c.Trusted...) != nil:
		return c.broken(1, upTo.No, "pruned without a trusted signature")
	case !prunable(upTo, p.At):
		return c.broken(1, upTo.No, fmt.Sprintf("pruned before they were %d months old", KeepMonths))
	}
	return nil
}
