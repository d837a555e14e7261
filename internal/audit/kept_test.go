package audit_test

import (
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/internal/audit"
)

// rewritten is the same chain with one entry told otherwise, and everything behind
// it, checkpoints too, made anew with the key: what somebody can do who has the
// whole server.
func (b book) rewritten(t *testing.T, no int64) book {
	t.Helper()
	out := book{signer: b.signer}
	head, since := audit.Begin(ws), int64(0)
	for _, r := range b.rows {
		e := r.Entry
		if r.No == no {
			e.Actor.ID++
		}
		row, err := audit.Extend(head, e)
		if err != nil {
			t.Fatal(err)
		}
		out.rows, head = append(out.rows, row), row.Head()
		if slices.ContainsFunc(b.marks, func(m audit.Mark) bool { return m.No == r.No }) {
			m, err := b.signer.Checkpoint(ws, since, head, row.Entry.At)
			if err != nil {
				t.Fatal(err)
			}
			out.marks, since = append(out.marks, m), head.No
		}
	}
	return out
}

func (b book) against(kept ...audit.Mark) error {
	claim := b.claim()
	claim.Kept = kept
	_, err := audit.Verify(claim, all(b.rows))
	return err
}

// Whoever holds the key can write the whole chain anew, so that it verifies; not
// against a checkpoint that lies elsewhere (asvs: V16.4.2).
func TestAMarkThatWasKeptShowsAChainWrittenAnew(t *testing.T) {
	t.Parallel()
	b := newBook(t, 23, 5)
	kept := b.marks[1:3]
	if err := b.against(kept...); err != nil {
		t.Fatalf("the very chain: %v", err)
	}
	forged := b.rewritten(t, 7)
	if _, err := forged.verify(); err != nil {
		t.Fatalf("written anew it does not even verify: %v", err)
	}
	var broken *audit.Broken
	if err := forged.against(kept...); !errors.As(err, &broken) || broken.First != 6 || broken.Last != 10 {
		t.Errorf("written anew: %v", err)
	}
	if err := forged.against(b.marks[0]); err != nil {
		t.Errorf("before what was changed: %v", err)
	}
	cut := book{signer: b.signer, rows: b.rows[:12], marks: b.marks[:2]}
	if err := cut.against(kept...); !errors.As(err, &broken) || broken.First != 13 || broken.Last != 15 {
		t.Errorf("cut at its end: %v", err)
	}
	other := newBook(t, 23, 5)
	other.signer = signer(t, 2)
	claim := other.claim()
	claim.Checkpoints, claim.Kept = nil, kept
	claim.Trusted = []ed25519.PublicKey{other.signer.Public()}
	if _, err := audit.Verify(claim, all(other.rows)); !errors.As(err, &broken) {
		t.Errorf("under another key: %v", err)
	}
	elsewhere := kept[0]
	elsewhere.Workspace++
	if err := b.against(elsewhere); !errors.As(err, &broken) {
		t.Errorf("of another chain: %v", err)
	}
}

// A mark is found in what somebody saved, however the mail was broken into lines.
func TestMarksAreFoundInWhatWasKept(t *testing.T) {
	t.Parallel()
	b := newBook(t, 10, 5)
	var lines []string
	for _, m := range b.marks {
		line, err := m.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	quoted := lines[0][:70] + "=\r\n" + lines[0][70:140] + "=\r\n" + lines[0][140:]
	for name, text := range map[string]string{
		"plain":   lines[0] + "\n" + lines[1] + "\n",
		"a mail":  "Subject: x\r\n\r\nHello,\r\n" + quoted + "\r\nbye " + lines[1] + ". " + lines[0],
		"wrapped": strings.ReplaceAll(lines[0], " ", "\n") + "\n\n<p>" + lines[1] + "</p>",
		"JSON":    `{"mark":"` + lines[0] + `","public_key":"x"}` + `{"mark":"` + lines[1] + `"}`,
	} {
		if got := audit.ReadMarks(text); !slices.Equal(got, b.marks) {
			t.Errorf("%s: %d marks", name, len(got))
		}
	}
	for _, text := range []string{"", "parley-audit-mark/1", strings.Repeat("parley-audit-mark/1 ", 2000), lines[0][:len(lines[0])-3], strings.Replace(lines[0], "checkpoint", "cheque", 1)} {
		if got := audit.ReadMarks(text); len(got) != 0 {
			t.Errorf("%.40q: %d marks", text, len(got))
		}
	}
}
