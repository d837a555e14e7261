package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/intake"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/sim/meta"
	"parley/test/storm"
)

const (
	stormEvents  = 5_000
	stormPeople  = 50
	stormCopies  = 10
	stormSenders = 8
)

// covers issue 3 "5,000 events over 50 conversations, ten copies in random order
// from 8 senders: each once, order per conversation by provider time".
func TestAStormOfRepeatsIsFiledOnceAndReadsInOrder(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.app.SetWorkspace(w.Context(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
		w.must(err)
		w.connect("messenger", "facebook", meta.Choice{Person: w.owner})
		w.connect("instagram", "instagram", meta.Choice{Person: w.owner})
		w.connect("whatsapp", "whatsapp", meta.Choice{Person: w.owner})
		accounts := []storm.Account{{Kind: storm.Page, ID: w.page.ID}, {Kind: storm.Instagram, ID: w.ig.ID},
			{Kind: storm.WhatsApp, ID: w.number.WABA.ID, Number: w.number.ID, Phone: "902125550142"}}
		dice := rand.New(rand.NewPCG(7, 11))
		events := storm.Talk(accounts, stormPeople, 0, stormEvents, w.clock.Now().Add(-2*time.Hour).Truncate(time.Second))
		bodies := storm.Bodies(storm.Copies(events, stormCopies, dice), 40, dice)
		w.storm(bodies)
		w.until("every event is filed", func() bool { return w.filed() == stormEvents })
		w.dry() // every repeat was looked at
		talks := map[string]int{}
		for _, kind := range []string{"messenger", "instagram", "whatsapp"} {
			for _, c := range w.talks(kind) {
				talks[kind]++
				w.inOrder(c.ID)
			}
		}
		if n := w.filed(); n != stormEvents || talks["messenger"]+talks["instagram"]+talks["whatsapp"] != stormPeople {
			t.Errorf("%d messages of %d in %v", n, stormEvents, talks)
		}
	})
}

// storm delivers from several senders at once; each delivery is taken the first
// time.
func (w *world) storm(bodies [][]byte) {
	w.Helper()
	var wg sync.WaitGroup
	for from := range stormSenders {
		wg.Go(func() {
			for i := from; i < len(bodies); i += stormSenders {
				req, err := http.NewRequest(http.MethodPost, w.at+"/hooks/meta", bytes.NewReader(bodies[i]))
				if err != nil {
					w.Error(err)
					return
				}
				key := "app-secret"
				if bytes.Contains(bodies[i], []byte(`"object":"instagram"`)) && i%2 == 1 {
					key = "instagram-secret" // either app may deliver for Instagram
				}
				req.Header.Set(storm.SignatureHeader, storm.Signature(key, bodies[i]))
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					w.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				if _ = res.Body.Close(); res.StatusCode != http.StatusOK {
					w.Errorf("delivery %d answered %d", i, res.StatusCode)
				}
			}
		})
	}
	wg.Wait()
}

// filed counts the messages of all conversations.
func (w *world) filed() (n int64) {
	w.Helper()
	w.must(w.app.DB.In(w.ws).Read(w.Context(), func(r *store.Rx) error {
		n = 0
		all, err := r.List(store.All, 0, store.Place{}, 1000)
		for _, c := range all {
			n += c.LastSeq
		}
		return err
	}))
	return n
}

// dry waits until nothing waits behind the door. Repeats make no event, so the
// work itself is asked.
func (w *world) dry() {
	w.Helper()
	tick, over := clock.Real{}.NewTicker(20*time.Millisecond), clock.Real{}.NewTimer(patience)
	defer tick.Stop()
	defer over.Stop()
	for waits := true; waits; {
		w.must(w.app.DB.In(0).Read(w.Context(), func(r *store.Rx) error {
			all, err := r.Backlogs()
			waits = slices.ContainsFunc(all, func(b store.Backlog) bool { return b.Kind == intake.Work })
			return err
		}))
		select {
		case <-tick.C():
		case <-over.C():
			w.Fatal("the door's work did not end")
		}
	}
}

// inOrder reads a whole conversation: its person's events, each once and in the
// order of writing.
func (w *world) inOrder(conversation string) {
	w.Helper()
	var said []string
	for next := ""; ; {
		var page struct {
			Items []struct {
				Kind, Body string
				At         time.Time `json:"received_at"`
			}
			Next string
		}
		w.good("GET", "/api/v1/conversations/"+conversation+"/messages?limit=40&cursor="+next, nil, &page)
		for _, m := range page.Items {
			if m.Kind == desk.KindText {
				said = append(said, m.Body)
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	who, _, _ := strings.Cut(said[0], " ")
	var k int
	if _, err := fmt.Sscan(who, &k); err != nil {
		w.Fatal(err)
	}
	for i := range said {
		want := fmt.Sprint(k, " ", k+stormPeople*(len(said)-1-i))
		if said[i] != want {
			w.Fatalf("the conversation of %s reads %q in place %d from the end, want %q", who, said[i], i, want)
		}
	}
	if len(said) != stormEvents/stormPeople {
		w.Errorf("the conversation of %s has %d messages", who, len(said))
	}
}

// covers lessons 2.4, 2.5: an id belongs to its page, and a delivery that comes
// twice at once is taken once.
func TestTheSameIdOnTwoPagesIsTwoPeople(t *testing.T) {
	each(t, func(w *world) {
		second := w.owner.Page("Northwind Outlet")
		w.connect("messenger", "facebook", meta.Choice{})
		var bodies [][]byte
		for i, page := range []string{w.page.ID, second.ID} {
			e := storm.Event{To: storm.Account{Kind: storm.Page, ID: page}, From: "7000000000000777", ID: fmt.Sprint("m_same", i), Text: "Hello", At: w.clock.Now()}
			for range 2 * stormSenders {
				bodies = append(bodies, storm.Body(e))
			}
		}
		w.storm(bodies)
		w.until("both are filed", func() bool { return w.filed() == 2 })
		w.dry()
		if all := w.talks("messenger"); len(all) != 2 || w.filed() != 2 {
			t.Errorf("%d conversations with %d messages", len(all), w.filed())
		}
	})
}
