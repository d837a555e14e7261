package audit_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
)

const ws = 12

func start() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func entry(n int64) audit.Entry {
	return audit.Entry{
		Workspace: ws, At: start().Add(time.Duration(n) * time.Second), Verb: audit.Read,
		Action: "contact.open", Actor: audit.Thing{Kind: "member", ID: 5},
		Object: audit.Thing{Kind: "contact", ID: n}, Count: n % 3, Reason: []byte{1, byte(n), 0xff},
	}
}

func signer(t testing.TB, seed byte) audit.Signer {
	t.Helper()
	s, err := audit.NewSigner(bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// book is a chain of n entries with a checkpoint after every `every`.
type book struct {
	signer audit.Signer
	rows   []audit.Row
	marks  []audit.Mark
	prune  *audit.Mark
}

func newBook(t testing.TB, n, every int) book {
	t.Helper()
	b := book{signer: signer(t, 1)}
	head, since := audit.Begin(ws), int64(0)
	for i := range n {
		row, err := audit.Extend(head, entry(int64(i)+1))
		if err != nil {
			t.Fatal(err)
		}
		b.rows, head = append(b.rows, row), row.Head()
		if (i+1)%every == 0 {
			m, err := b.signer.Checkpoint(ws, since, head, row.Entry.At)
			if err != nil {
				t.Fatal(err)
			}
			b.marks, since = append(b.marks, m), head.No
		}
	}
	return b
}

func (b book) claim() audit.Claim {
	return audit.Claim{Workspace: ws, Checkpoints: b.marks, Prune: b.prune, Trusted: []ed25519.PublicKey{b.signer.Public()}}
}

func all(rows []audit.Row) iter.Seq2[audit.Row, error] {
	return func(yield func(audit.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (b book) verify() (audit.Report, error) { return audit.Verify(b.claim(), all(b.rows)) }

func wantWhole(t *testing.T, b book, want audit.Report) {
	t.Helper()
	if got, err := b.verify(); err != nil || got != want {
		t.Fatalf("Verify = %+v, %v; want %+v", got, err, want)
	}
}

func wantBroken(t *testing.T, b book, first, last int64) {
	t.Helper()
	_, err := b.verify()
	var broken *audit.Broken
	if !errors.As(err, &broken) {
		t.Fatalf("Verify = %v; want a fault at %d to %d", err, first, last)
	}
	if broken.Workspace != ws || broken.First != first || broken.Last != last {
		t.Fatalf("the fault is said to be at: %v; want %d to %d", err, first, last)
	}
}

func TestWholeChainVerifies(t *testing.T) {
	t.Parallel()
	b := newBook(t, 23, 5)
	wantWhole(t, b, audit.Report{Entries: 23, Checkpoints: 4, Unsigned: 3, Last: b.rows[22].Head()})
	wantWhole(t, newBook(t, 0, 5), audit.Report{Last: audit.Begin(ws)})
}

func TestAnyChangedFieldIsFoundAndItsEntryNamed(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*audit.Row){
		"workspace":    func(r *audit.Row) { r.Entry.Workspace++ },
		"at":           func(r *audit.Row) { r.Entry.At = r.Entry.At.Add(time.Microsecond) },
		"verb":         func(r *audit.Row) { r.Entry.Verb = audit.Change },
		"action":       func(r *audit.Row) { r.Entry.Action = "contact.opem" },
		"actor kind":   func(r *audit.Row) { r.Entry.Actor.Kind = "key" },
		"actor":        func(r *audit.Row) { r.Entry.Actor.ID ^= 1 << 40 },
		"object kind":  func(r *audit.Row) { r.Entry.Object.Kind = "contacts" },
		"object":       func(r *audit.Row) { r.Entry.Object.ID++ },
		"count":        func(r *audit.Row) { r.Entry.Count = -1 },
		"reason cut":   func(r *audit.Row) { r.Entry.Reason = r.Entry.Reason[:2] },
		"reason gone":  func(r *audit.Row) { r.Entry.Reason = nil },
		"kinds merged": func(r *audit.Row) { r.Entry.Actor.Kind, r.Entry.Object.Kind = "memberc", "ontact" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range 23 {
				b := newBook(t, 23, 5)
				change(&b.rows[i])
				wantBroken(t, b, int64(i)+1, int64(i)+1)
			}
		})
	}
}

func TestAnyFlippedBitOfReasonOrHashIsFound(t *testing.T) {
	t.Parallel()
	b := newBook(t, 7, 3)
	for i := range b.rows {
		whole := b.rows[i]
		for bit := range 8 * len(whole.Hash) {
			b.rows[i].Hash[bit/8] ^= 1 << (bit % 8)
			wantBroken(t, b, int64(i)+1, int64(i)+1)
			b.rows[i] = whole
		}
		for bit := range 8 * len(whole.Entry.Reason) {
			b.rows[i].Entry.Reason = bytes.Clone(whole.Entry.Reason)
			b.rows[i].Entry.Reason[bit/8] ^= 1 << (bit % 8)
			wantBroken(t, b, int64(i)+1, int64(i)+1)
			b.rows[i] = whole
		}
	}
}

func TestEntriesLeftOutPutInOrMovedAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do          func([]audit.Row) []audit.Row
		first, last int64
	}{
		"first gone":   {func(r []audit.Row) []audit.Row { return r[1:] }, 1, 1},
		"middle gone":  {func(r []audit.Row) []audit.Row { return slices.Delete(r, 6, 9) }, 7, 9},
		"end gone":     {func(r []audit.Row) []audit.Row { return r[:17] }, 18, 20},
		"all gone":     {func([]audit.Row) []audit.Row { return nil }, 1, 20},
		"twice":        {func(r []audit.Row) []audit.Row { return slices.Insert(r, 8, r[7]) }, 8, 8},
		"swapped":      {func(r []audit.Row) []audit.Row { r[4], r[5] = r[5], r[4]; return r }, 5, 5},
		"places taken": {func(r []audit.Row) []audit.Row { r[4].Entry, r[5].Entry = r[5].Entry, r[4].Entry; return r }, 5, 5},
		"renumbered": {func(r []audit.Row) []audit.Row {
			r = slices.Delete(r, 6, 7)
			for i := 6; i < len(r); i++ {
				r[i].No--
			}
			return r
		}, 7, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t, 23, 5)
			b.rows = c.do(b.rows)
			wantBroken(t, b, c.first, c.last)
		})
	}
}

// Somebody with the database but not the seed rewrites an entry and computes
// all later hashes anew.
func TestRewrittenChainIsFoundAtItsSegment(t *testing.T) {
	t.Parallel()
	for at := range 20 {
		b := newBook(t, 23, 5)
		head := audit.Begin(ws)
		for i := range b.rows {
			e := b.rows[i].Entry
			if i == at {
				e.Object.ID = 999
			}
			row, err := audit.Extend(head, e)
			if err != nil {
				t.Fatal(err)
			}
			b.rows[i], head = row, row.Head()
		}
		segment := int64(at / 5 * 5)
		wantBroken(t, b, segment+1, segment+5)
	}
}

func TestForgedOrMissingCheckpointsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do          func(t *testing.T, b *book)
		first, last int64
	}{
		"middle one gone": {func(_ *testing.T, b *book) { b.marks = slices.Delete(b.marks, 1, 2) }, 6, 15},
		"first one gone":  {func(_ *testing.T, b *book) { b.marks = b.marks[1:] }, 1, 10},
		"time changed":    {func(_ *testing.T, b *book) { b.marks[2].At = start().Add(time.Hour) }, 11, 15},
		"hash changed":    {func(_ *testing.T, b *book) { b.marks[2].Hash[31] ^= 1 }, 11, 15},
		"signature":       {func(_ *testing.T, b *book) { b.marks[2].Signature[0] ^= 1 }, 11, 15},
		"unsigned":        {func(_ *testing.T, b *book) { b.marks[2].Signature = [64]byte{} }, 11, 15},
		"another's key": {func(t *testing.T, b *book) {
			m, err := signer(t, 2).Checkpoint(ws, 10, b.rows[14].Head(), start())
			if err != nil {
				t.Fatal(err)
			}
			b.marks[2] = m
		}, 11, 15},
		"another workspace's": {func(t *testing.T, b *book) {
			m, err := b.signer.Checkpoint(ws+1, 10, b.rows[14].Head(), start())
			if err != nil {
				t.Fatal(err)
			}
			b.marks[2] = m
		}, 11, 15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t, 23, 5)
			c.do(t, &b)
			wantBroken(t, b, c.first, c.last)
		})
	}
}

func TestPrunedSegmentsLeaveTheirSignedCheckpoints(t *testing.T) {
	t.Parallel()
	b := newBook(t, 23, 5)
	now := b.marks[1].At.AddDate(0, audit.KeepMonths, 0)
	upTo, ok := audit.Prunable(b.marks, now)
	if !ok || upTo != b.marks[1] {
		t.Fatalf("Prunable = %v, %v; want the second checkpoint", upTo.No, ok)
	}
	if _, ok := audit.Prunable(b.marks[1:], now.Add(-time.Microsecond)); ok {
		t.Fatal("a segment is prunable a microsecond too early")
	}
	if _, err := b.signer.Prune(b.marks[2], now); !errors.Is(err, audit.ErrBadMark) {
		t.Fatalf("signed a prune of a young segment: %v", err)
	}
	prune, err := b.signer.Prune(upTo, now)
	if err != nil {
		t.Fatal(err)
	}
	whole := b.rows
	b.rows, b.prune = whole[10:], &prune
	wantWhole(t, b, audit.Report{Entries: 13, Checkpoints: 4, Pruned: 10, Unsigned: 3, Last: whole[22].Head()})

	changed := b
	changed.rows = slices.Clone(b.rows)
	changed.rows[0].Entry.Count++
	wantBroken(t, changed, 11, 11)
	more := b
	more.rows = whole[12:] // two more than the prune says
	wantBroken(t, more, 11, 12)
	unsigned := b
	unsigned.prune = nil
	wantBroken(t, unsigned, 1, 10)
	forged := b
	other, err := signer(t, 2).Prune(upTo, now)
	if err != nil {
		t.Fatal(err)
	}
	forged.prune = &other
	wantBroken(t, forged, 1, 10)
	early := b
	moved := prune
	moved.At = now.Add(-time.Hour)
	early.prune = &moved
	wantBroken(t, early, 1, 10)
	young := b // the checkpoint was signed again, so that the prune came too early
	young.marks = slices.Clone(b.marks)
	if young.marks[1], err = b.signer.Checkpoint(ws, 5, whole[9].Head(), now); err != nil {
		t.Fatal(err)
	}
	wantBroken(t, young, 1, 10)
	lost := b
	lost.marks = nil
	wantBroken(t, lost, 1, 10)
}

func TestOldSigningKeysStayTrusted(t *testing.T) {
	t.Parallel()
	b := newBook(t, 10, 5)
	turned := signer(t, 2)
	m, err := turned.Checkpoint(ws, 5, b.rows[9].Head(), start())
	if err != nil {
		t.Fatal(err)
	}
	b.marks[1] = m
	c := b.claim()
	c.Trusted = append(c.Trusted, turned.Public())
	if _, err := audit.Verify(c, all(b.rows)); err != nil {
		t.Fatal(err)
	}
}

func TestFaultOfTheRowsIsPassedOn(t *testing.T) {
	t.Parallel()
	fault := errors.New("disk")
	b := newBook(t, 3, 5)
	rows := func(yield func(audit.Row, error) bool) {
		if yield(b.rows[0], nil) {
			yield(audit.Row{}, fault)
		}
	}
	if r, err := audit.Verify(b.claim(), rows); !errors.Is(err, fault) || r.Entries != 1 {
		t.Fatalf("Verify = %+v, %v", r, err)
	}
}

func TestEntriesThatCouldCarryContentAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*audit.Entry){
		"no workspace":  func(e *audit.Entry) { e.Workspace = -1 },
		"no time":       func(e *audit.Entry) { e.At = time.Time{} },
		"verb":          func(e *audit.Entry) { e.Verb = "peek" },
		"no action":     func(e *audit.Entry) { e.Action = "" },
		"words":         func(e *audit.Entry) { e.Action = "Ana asked us" },
		"an address":    func(e *audit.Entry) { e.Object.Kind = "ana@example" },
		"actor":         func(e *audit.Entry) { e.Actor.Kind = "mémber" },
		"long name":     func(e *audit.Entry) { e.Action = strings.Repeat("a", audit.MaxName+1) },
		"long reason":   func(e *audit.Entry) { e.Reason = make([]byte, audit.MaxReason+1) },
		"a NUL in kind": func(e *audit.Entry) { e.Object.Kind = "contact\x00" },
	} {
		e := entry(1)
		change(&e)
		if _, err := audit.Extend(audit.Begin(ws), e); !errors.Is(err, audit.ErrBadEntry) {
			t.Errorf("%s: %v; want ErrBadEntry", name, err)
		}
	}
}

// million makes rows as it goes, so that the test holds one at a time.
func million(n int64) iter.Seq2[audit.Row, error] {
	return func(yield func(audit.Row, error) bool) {
		head := audit.Begin(ws)
		for i := range n {
			row, err := audit.Extend(head, entry(i+1))
			if head = row.Head(); !yield(row, err) {
				return
			}
		}
	}
}

func TestMillionEntriesVerifyInOneRead(t *testing.T) {
	t.Parallel()
	const n = 1_000_000
	claim := audit.Claim{Workspace: ws}
	r, err := audit.Verify(claim, million(n))
	if err != nil || r.Entries != n || r.Last.No != n {
		t.Fatalf("Verify = %+v, %v", r, err)
	}
}

func BenchmarkVerifyEntry(b *testing.B) {
	rows := newBook(b, 1000, 100).rows
	claim := audit.Claim{Workspace: ws}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := audit.Verify(claim, all(rows)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/entry")
}
