package graph_test

import (
	"context"
	"strings"
	"testing"

	"parley/sim/meta"
)

// covers lessons 2.6: a send whose answer is lost is never repeated; the echo or
// the status that follows decides, on every channel.
func TestALostAnswerIsDecidedByEchoOrStatusAndNothingIsRepeated(t *testing.T) {
	each(t, func(w *world) {
		w.whatsApp()
		w.connect("messenger", "facebook", meta.Choice{})
		chats := map[string]*meta.Chat{"whatsapp": w.visitor.WritesWhatsApp(w.number), "messenger": w.visitor.Writes(w.page)}
		chats["messenger"].Says("Hello?")
		w.until("both wrote", func() bool { return len(w.thread("messenger")) == 1 && len(w.thread("whatsapp")) == 1 })
		for kind, chat := range chats {
			w.sim.Weather(meta.DropAfterAccept, meta.Force{Times: 1, Path: "/messages"})
			w.good("POST", "/api/v1/conversations/"+w.talks(kind)[0].ID+"/messages", map[string]any{"body": "Did this one leave?"}, nil)
			w.until("the outcome is known on "+kind, func() bool {
				all := w.thread(kind)
				m := all[len(all)-1]
				return m.ProviderID != "" && (m.Status == "sent" || m.Status == "delivered")
			})
			w.must(w.sim.Until(context.Background(), "every report was delivered", func() bool { return w.sim.Pending() == 0 }))
			copies := 0
			for _, m := range chat.Messages() {
				if strings.Contains(m.Text, "Did this one leave?") {
					copies++
				}
			}
			if all := w.thread(kind); copies != 1 || len(all) != 2 || w.talks(kind)[0].Owner.Kind != "member" {
				w.Errorf("%s: the person has %d copies, the thread %+v", kind, copies, all)
			}
		}
	})
}
