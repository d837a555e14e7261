package graph_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
	standin "parley/sim/otlp"
)

// The collector of PARLEY_OTLP is told of a customer's question from the
// delivery to the call that answers it, and of a wrong password, and of nothing
// that anybody wrote, is called, or may be reached at: whatever callers put into
// addresses, headers and bodies is a canary here (covers A-8.7-01, H-51).
// asvs: V14.2.3, V16.2.5, V16.3.2, V16.4.3
func TestACollectorIsToldWhatHappenedAndOfNobody(t *testing.T) {
	const canary = "canary-7d1"
	_, models := vendor(t)
	sim := standin.Start()
	t.Cleanup(sim.Close)
	at := strings.Replace(sim.URL(), "http://", "http://collector:"+canary+"-password@", 1)
	w := open(t, "", models, settings{"PARLEY_OTLP": at})
	w.shop("openai", "reply", "suggest")
	w.connect("messenger", "facebook", meta.Choice{})
	who := w.sim.Customer(meta.Profile{Name: canary + " Somebody"})
	chat := who.Writes(w.page)
	chat.Says(canary + ": shipping to Germany costs how much, and takes how many working days?")
	_, err := chat.WaitReply(t.Context())
	w.must(err)
	w.signsIn(canary+"@example.com", canary+"-password")
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.at+"/api/v1/contacts/77"+"?"+canary+"="+canary, bytes.NewReader(nil))
	w.must(err)
	for name, value := range map[string]string{"Authorization": "Bearer " + canary, "User-Agent": canary, "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "X-Canary": canary} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	w.must(res.Body.Close())
	req.Method, req.URL.Path = "CANARY", "/"+canary
	res, err = http.DefaultClient.Do(req)
	w.must(err)
	w.must(res.Body.Close())
	w.app.Log.Error("request failed", "text", canary, "request", "12", "error", http.ErrBodyNotAllowed)
	w.app.Record.Flush(t.Context(), w.app.DB)
	missing := map[string]bool{"span POST /hooks/meta": true, "span work file": true, "span call meta": true, "span call model.openai.own": true,
		"span GET /api/v1/contacts/{id}": true, "log signin.failed": true, "log token.bad": true, "log request failed": true}
	deadline := time.After(patience)
	for len(missing) > 0 {
		select {
		case i := <-sim.Came():
			delete(missing, i.Kind+" "+i.Name)
			delete(missing, i.Kind+" "+i.Body)
		case <-deadline:
			t.Fatalf("not told: %v", missing)
		}
	}
	all := sim.Bytes()
	for _, never := range []string{canary, "0af7651916cd43dd8448eb211c80319c", "CANARY", "Selin", "Northwind", "127.0.0.1", "/contacts/77", w.key, "Germany", "host.name"} {
		if strings.Contains(strings.ReplaceAll(all, "Host: "+strings.TrimPrefix(sim.URL(), "http://"), ""), never) {
			t.Errorf("%q arrived", never)
		}
	}
	if wrong := sim.Wrong(); len(wrong) > 0 {
		t.Error(wrong)
	}
}
