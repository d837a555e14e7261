package graph_test

import (
	"context"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/sim/meta"
)

// A number that Meta does not know as registered says so, and is brought into
// service with its PIN, which nobody keeps.
func TestANumberIsBroughtIntoServiceWithItsPIN(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
		w.must(err)
		w.number.Unregistered()
		id := w.connect("whatsapp", "whatsapp", meta.Choice{})["whatsapp"]
		codes := func() (all []string) {
			var h struct {
				Findings []struct {
					OK   bool
					Code string
				}
			}
			w.good("GET", "/api/v1/channels/"+id+"/health", nil, &h)
			for _, f := range h.Findings {
				if !f.OK {
					all = append(all, f.Code)
				}
			}
			return all
		}
		if got := strings.Join(codes(), " "); !strings.Contains(got, "not_registered") {
			w.Fatalf("health finds %q", got)
		}
		for _, bad := range []string{"12", "12345a", ""} {
			if status := w.call("POST", "/api/v1/channels/"+id+"/register", map[string]any{"pin": bad}, nil); status != 422 {
				w.Errorf("PIN %q: %d", bad, status)
			}
		}
		const pin = "918273"
		w.good("POST", "/api/v1/channels/"+id+"/register", map[string]any{"pin": pin}, nil)
		if got := codes(); len(got) > 0 {
			w.Errorf("after registering: %v", got)
		}
		if strings.Contains(w.log.text(), pin) {
			w.Error("the PIN is in a log")
		}
	})
}
