package talk_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/internal/channel/channeltest"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/desk"
	sim "parley/sim/meta"
	"parley/test/storetest"
)

// An account that Meta throttles rests as a whole, by Meta's own word, while the
// others go on; nothing is lost, doubled or out of order.
func TestAThrottledAccountRestsWhileTheOthersGoOn(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		l := openLines(t, w)
		const people, each = 3, 4
		var talks [][]chatLine
		var pages []*sim.Page
		for p := range 3 {
			page := l.owner.Page("Shop " + strconv.Itoa(p))
			acct := l.account(messenger.Name, page.ID, page.Token(), desk.AccountDetails{Login: meta.LoginFacebook, PageID: page.ID})
			var of []chatLine
			for c := range people {
				customer := l.sim.Customer(sim.Profile{Name: fmt.Sprint("Customer ", p, c)})
				of = append(of, l.wrote(acct, messenger.Identity, customer.Writes(page)))
			}
			talks, pages = append(talks, of), append(pages, page)
		}
		l.sim.Weather(sim.TooMany, sim.Force{Times: 1, Path: pages[0].ID + "/messages", For: 90 * time.Second})
		for n := range each {
			for _, of := range talks {
				for _, one := range of {
					l.says(one, "line "+strconv.Itoa(n))
				}
			}
		}
		l.arrives(0, append(slices.Clone(talks[1]), talks[2]...)...) // while the clock stands still
		if took := l.arrives(time.Second, talks[0]...); took < 90*time.Second || took > 10*time.Minute {
			t.Errorf("the throttled account went on after %v", took)
		}
		if calls, errors := l.refused(pages[0].ID); errors > 3 || calls-errors != people*each {
			t.Errorf("%d calls of the throttled account, %d refused", calls, errors)
		}
		for _, of := range talks {
			for _, one := range of {
				if got := one.read(); !slices.Equal(got, l.said[one.id]) {
					t.Errorf("a customer read %q of %q", got, l.said[one.id])
				}
			}
		}
	})
}

// WhatsApp takes 45 messages to one person at once and then one in six seconds:
// Meta never has to refuse, and what waits holds no worker.
func TestAPersonOnWhatsAppIsNeverSentTooMuch(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		l := openLines(t, w)
		waba := l.owner.WABA("Northwind", "902125550142")
		number := waba.Numbers[0]
		acct := l.account(whatsapp.Name, number.ID, waba.Token(), desk.AccountDetails{Login: meta.LoginWhatsApp, WABA: waba.ID, PhoneNumberID: number.ID})
		ayse := l.wrote(acct, whatsapp.Phone, l.sim.Customer(sim.Profile{Name: "Ayşe", Phone: "905325550107", Country: "TR"}).WritesWhatsApp(number))
		can := l.wrote(acct, whatsapp.Phone, l.sim.Customer(sim.Profile{Name: "Can", Phone: "905325550108", Country: "TR"}).WritesWhatsApp(number))
		for n := range 50 {
			l.says(ayse, "line "+strconv.Itoa(n))
		}
		l.says(can, "only one")
		l.arrives(0, can)
		if took := l.arrives(2*time.Second, ayse); took < 24*time.Second {
			t.Errorf("fifty messages took %v", took)
		}
		if calls, errors := l.refused(number.ID); errors > 0 || calls != 51 {
			t.Errorf("%d calls, %d refused", calls, errors)
		}
		if got := ayse.read(); !slices.Equal(got, l.said[ayse.id]) {
			t.Errorf("read %q", got)
		}
	})
}

// Meta tells with every answer how much of a limit is used: from 80 % on
// Parley goes slower by itself, so that Meta never has to refuse.
func TestAnAccountNearItsLimitGoesSlowerBeforeItIsRefused(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		l := &lines{T: t, db: w, said: map[desk.ID][]string{}}
		var mu sync.Mutex
		var at []time.Time
		graph, _ := channeltest.Graph(t, w.Clock, func(out http.ResponseWriter, c channeltest.Call) {
			mu.Lock()
			at = append(at, w.Clock.Now())
			n := len(at)
			mu.Unlock()
			out.Header().Set("X-App-Usage", `{"call_count":90,"total_cputime":10,"total_time":10}`)
			channeltest.Says(200, fmt.Sprintf(`{"recipient_id":"9","message_id":"m_%d"}`, n))(out, c)
		})
		l.run(graph)
		acct := l.account(messenger.Name, "1000500010005", "EAAtoken", desk.AccountDetails{Login: meta.LoginFacebook, PageID: "1000500010005"})
		var all []chatLine
		for n := range 4 { // how full it is is known from the first answer on
			one := l.known(acct, messenger.Identity, "99900"+strconv.Itoa(n), nil)
			l.says(one, "hello")
			if all = append(all, one); n == 0 {
				l.arrives(0, one)
			}
		}
		l.arrives(250*time.Millisecond, all...)
		mu.Lock()
		defer mu.Unlock()
		if len(at) != 4 {
			t.Fatalf("%d calls for four messages", len(at))
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < 2500*time.Millisecond {
				t.Errorf("call %d only %v after the one before, at 90 %% of the limit", i+1, gap)
			}
		}
	})
}
