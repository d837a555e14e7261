package notify_test

import (
	"strings"
	"testing"

	"parley/internal/notify"
	"parley/sim/smtp"
)

// Somebody who asked about their data, or must be told of an incident, gets a mail
// with and without a link.
func TestAMailToAPersonArrives(t *testing.T) {
	each(t, smtp.Options{}, func(w *world) {
		for _, p := range []notify.ToPerson{
			{ID: "1", To: "ana@example.com", Locale: "en", Subject: "Your request", Lines: []string{"It waits."}, Button: "Open", Link: "https://chat.northwind.example/x"},
			{ID: "2", To: "ben@example.com", Locale: "tr", Subject: "Verileriniz", Lines: []string{"Oldu."}, Foot: "Nobody else was put in."},
		} {
			if code, final := w.n.Person(w.Context(), p); code != "" || final {
				w.Fatalf("%s: %s", p.To, code)
			}
			all := w.sim.Mails()
			text, page := parts(w.T, all[len(all)-1].Raw)
			for _, said := range append(p.Lines, p.Link, p.Foot) {
				if !strings.Contains(text, said) || !strings.Contains(page, said) {
					w.Errorf("%q is missing: %s\n%s", said, text, page)
				}
			}
			if p.Link == "" && (strings.Contains(page, "<a ") || strings.Contains(text, ":\n\n")) {
				w.Errorf("a link without a link: %s\n%s", text, page)
			}
		}
	})
}
