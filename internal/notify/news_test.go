package notify_test

import (
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/sim/smtp"
)

// News leaves only by a consent that holds when it is queued and when it leaves,
// in the operator's words, and carries the one-press link of RFC 8058 over https
// (covers A-5.5-03, A-4.2-01).
func TestNewsLeavesOnlyByAConsentAndCarriesItsEnd(t *testing.T) {
	each(t, smtp.Options{}, func(w *world) {
		var news desk.ID
		w.must(w.DB.In(0).Write(w.Context(), func(tx *store.Tx) (err error) {
			news, err = tx.AddNews([]desk.News{{Locale: "en", Subject: "New", Body: "It is faster."}, {Locale: "tr", Subject: "Yeni", Body: "Artık daha hızlı.\nDeneyin."}})
			return err
		}))
		queue := func() error {
			return w.ws.Write(w.Context(), func(tx *store.Tx) error {
				return w.n.Queue(tx, desk.Letter{Member: w.member, Kind: desk.LetterNews, About: news.String()})
			})
		}
		write := func(fn func(tx *store.Tx, m desk.Member) error) {
			w.must(w.ws.Write(w.Context(), func(tx *store.Tx) error {
				m, err := tx.Member(w.member)
				if err != nil {
					return err
				}
				return fn(tx, m)
			}))
		}
		give := func(tx *store.Tx, m desk.Member) error {
			return tx.GiveConsent(m, desk.Consent{Purpose: desk.ConsentNews, Version: "1", Hash: []byte("h"), Locale: "tr", Source: "profile"})
		}
		if err := queue(); desk.CodeOf(err) != desk.Forbidden {
			w.Fatalf("without a consent: %v", err)
		}
		write(give)
		if err := queue(); desk.CodeOf(err) != desk.Forbidden {
			w.Fatalf("to an address nobody confirmed: %v", err)
		}
		write(func(tx *store.Tx, m desk.Member) error { return tx.VerifyAddress(m.ID) })
		w.must(queue())
		write(func(tx *store.Tx, m desk.Member) error { // before it left
			_, err := tx.WithdrawConsent(m, desk.ConsentNews, desk.WithdrawnInProfile)
			return err
		})
		w.run()
		if l := w.newest(desk.LetterNews, func(l desk.Letter) bool { return l.State == desk.LetterFailed }); l.Fault != "no_consent" || len(w.sim.Mails()) != 0 {
			w.Fatalf("withdrawn before it left: %+v, %d mails", l, len(w.sim.Mails()))
		}
		write(give)
		w.must(queue())
		w.newest(desk.LetterNews, func(l desk.Letter) bool { return l.State == desk.LetterSent })
		got := w.sim.Mails()
		if len(got) != 1 {
			w.Fatalf("%d mails", len(got))
		}
		m := got[0]
		stop := strings.Trim(m.Header("List-Unsubscribe"), "<>")
		if m.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(stop, "https://chat.northwind.example/unsubscribe/") {
			w.Errorf("%s", m.Raw)
		}
		text, page := parts(w.T, m.Raw)
		for _, body := range []string{text, page} {
			if !strings.Contains(body, "Artık daha hızlı.") || !strings.Contains(body, stop) || strings.Contains(stop, "selin") {
				w.Errorf("the mail says %s", body)
			}
		}
	})
}
