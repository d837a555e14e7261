package knowledge_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/scan"
	"parley/internal/knowledge"
	"parley/sim/clam"
	"parley/test/storetest"
)

// asvs: V5.4.3
func TestAFileOfKnowledgeIsKeptOnlyWhenTheScannerFoundNothing(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	sim, err := clam.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	k := knowledge.New(knowledge.Parts{DB: w.DB, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock}),
		Scanner: &scan.Scanner{Clock: w.Clock, Dial: func(ctx context.Context) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", sim.Address())
		}}})
	ws := storetest.Workspace(t, w.DB, "one").Workspace()
	add := func(raw string) string {
		_, err := k.AddFile(t.Context(), ws, knowledge.Source{}, knowledge.Upload{Name: "a.txt", Raw: []byte(raw)})
		var e *desk.Error
		errors.As(err, &e)
		if e == nil {
			return ""
		}
		return e.Reason
	}
	if r := add("We open at nine."); r != "" {
		t.Error(r)
	}
	if r := add("We open at ten. " + string(clam.EICAR())); r != "media_virus" {
		t.Errorf("the test file: %q", r)
	}
	sim.Close()
	if r := add("We open at eleven."); r != "media_unchecked" {
		t.Errorf("without the scanner: %q", r)
	}
}
