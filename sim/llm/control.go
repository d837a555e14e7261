package llm

import (
	"encoding/json"
	"net/http"
)

// control is the stand-in's own API, for this machine's programs (a page of a
// browser is refused):
//
//	GET    /sim/weather   the knobs that are set
//	PUT    /sim/weather   {"knob": {"times": 1, …}, …} sets some
//	DELETE /sim/weather   calms all
//	GET    /sim/calls     the record
//	DELETE /sim/calls     forgets it
func (s *Sim) control(w http.ResponseWriter, r *http.Request, what string) {
	if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
		http.Error(w, "pages of a browser cannot steer the stand-in", http.StatusForbidden)
		return
	}
	switch r.Method + " " + what {
	case "GET weather":
		writeJSON(w, http.StatusOK, s.Forces())
	case "PUT weather":
		var set map[Knob]Force
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
		d.DisallowUnknownFields()
		if err := d.Decode(&set); err != nil {
			http.Error(w, "write {\"knob\": {\"times\": 1}}: "+err.Error(), http.StatusBadRequest)
			return
		}
		for k := range set {
			if !k.Known() {
				writeJSON(w, http.StatusBadRequest, map[string]any{"unknown": k, "knobs": Knobs()})
				return
			}
		}
		for k, f := range set {
			s.Weather(k, f)
		}
		writeJSON(w, http.StatusOK, s.Forces())
	case "DELETE weather":
		s.Calm()
		w.WriteHeader(http.StatusNoContent)
	case "GET calls":
		writeJSON(w, http.StatusOK, s.Calls())
	case "DELETE calls":
		s.Forget()
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}
