package promise_test

import (
	"bytes"
	"strings"
	"testing"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/promise"
	"parley/internal/store"
)

// ran is a run that proved one clause and saw another fail.
func ran(r *promise.Register) promise.Run {
	var proofs []promise.Proof
	for _, c := range r.All() {
		one := promise.Proof{Clause: c.ID, State: promise.Unproven, Why: "no check ran"}
		if c.Built && c.Check != "" && len(proofs) < 400 {
			one = promise.Proof{Clause: c.ID, State: promise.Proven, Evidence: strings.Repeat("ab", 32)}
			if c.ID == "A-12.1-02" {
				one = promise.Proof{Clause: c.ID, State: promise.Failed, Why: "it was seen otherwise"}
			}
		}
		proofs = append(proofs, one)
	}
	return promise.RunOf("", "sqlite", proofs)
}

func (in *install) standing(t *testing.T, want promise.Standing) promise.Evidence {
	t.Helper()
	e, err := in.Evidence(t.Context())
	if err != nil || e.Standing != want || e.Believed() != (len(e.Proofs) > 0) {
		t.Fatalf("standing %s with %d proofs, want %s: %v", e.Standing, len(e.Proofs), want, err)
	}
	return e
}

func (in *install) keep(t *testing.T) promise.Recorded {
	t.Helper()
	out, err := in.Keep(t.Context(), ran(in.Register), operator())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// put replaces every record that is kept, as somebody could who writes to the
// database; nil leaves a number out.
func (in *install) put(t *testing.T, all ...[]byte) {
	t.Helper()
	err := in.DB.In(0).Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.DropProofRuns(1000); err != nil {
			return err
		}
		for i, signed := range all {
			if signed == nil {
				continue
			}
			if err := tx.InsertProofRun(int64(i+1), signed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEvidenceIsSignedChainedAndHeldToWhatWasSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, in *install) {
		in.standing(t, promise.NoEvidence)
		one, two, three := in.keep(t), in.keep(t), in.keep(t)
		if one.Before != "" || two.Before != one.Hash || three.Before != two.Hash || three.Number != 3 || len(one.Install) != 16 {
			t.Fatalf("no chain: %q %q %q", one.Before, two.Before, three.Before)
		}
		e := in.standing(t, promise.Sound)
		if e.Proofs["A-12.1-02"].State != promise.Failed || e.Proofs["A-12.1-02"].Why == "" || len(e.Proofs) < 100 {
			t.Errorf("%d proofs, %+v", len(e.Proofs), e.Proofs["A-12.1-02"])
		}
		key, err := audit.NewLog(in.DB).DocumentKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if p, err := audit.ReadProof(three.Signed); err != nil || p.Verify(key) != nil {
			t.Errorf("whoever saved the record cannot check it: %v", err)
		}

		edited := bytes.Replace(three.Signed, []byte(`"failed"`), []byte(`"proven"`), 1)
		in.put(t, one.Signed, two.Signed, edited)
		in.standing(t, promise.Forged)
		in.put(t, one.Signed, two.Signed, one.Signed) // an old one in the newest's place
		in.standing(t, promise.Forged)
		in.put(t, one.Signed, two.Signed, []byte(`{"document":`))
		in.standing(t, promise.Forged)
		in.put(t, one.Signed, nil, three.Signed)
		in.standing(t, promise.Gap)
		in.put(t, nil, two.Signed, three.Signed)
		in.standing(t, promise.Gap)
		in.keep(t) // a further run does not make the loss good
		in.standing(t, promise.Gap)
		in.put(t, one.Signed, bytes.Replace(two.Signed, []byte(`"failed"`), []byte(`"proven"`), 1), three.Signed)
		in.standing(t, promise.Gap)
		in.put(t, one.Signed, two.Signed, three.Signed)
		in.standing(t, promise.Sound)
		in.Version = func() string { return "another" }
		in.standing(t, promise.OtherBuild)
	})
}

func TestOldRecordsGoAndTheNewestSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, in *install) {
		var last promise.Recorded
		for range promise.RecordsKept + 2 {
			last = in.keep(t)
		}
		if last.Oldest != 3 {
			t.Errorf("oldest %d", last.Oldest)
		}
		in.standing(t, promise.Sound)
	})
}

func TestWhatNoRunFindsIsNotSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, in *install) {
		good := promise.Found{Clause: "A-12.1-02", State: promise.Proven, Evidence: strings.Repeat("ab", 32)}
		for name, run := range map[string]promise.Run{
			"nothing":     {Engine: "sqlite"},
			"engine":      {Engine: "paper", Found: []promise.Found{good}},
			"unknown":     {Engine: "sqlite", Found: []promise.Found{{Clause: "Z-1", State: promise.Failed}}},
			"twice":       {Engine: "sqlite", Found: []promise.Found{good, good}},
			"no evidence": {Engine: "sqlite", Found: []promise.Found{{Clause: good.Clause, State: promise.Proven}}},
			"no hash":     {Engine: "sqlite", Found: []promise.Found{{Clause: good.Clause, State: promise.Proven, Evidence: "somebody@example.org"}}},
			"state":       {Engine: "sqlite", Found: []promise.Found{{Clause: good.Clause, State: "splendid"}}},
		} {
			if _, err := in.Keep(t.Context(), run, operator()); desk.CodeOf(err) != desk.Invalid {
				t.Errorf("%s is signed: %v", name, err)
			}
		}
		if _, err := in.Keep(t.Context(), promise.Run{Engine: "sqlite", Found: []promise.Found{good}}, operator()); err != nil {
			t.Error(err)
		}
		many := make([]promise.Proof, 400)
		for i := range many {
			many[i] = promise.Proof{State: promise.Failed, Why: strings.Repeat("x", 200)}
		}
		if run := promise.RunOf("", "sqlite", many); run.Found[0].Why != "" || len(run.Found) != 400 {
			t.Error("a run with many failures is too long to be handed over")
		}
	})
}
