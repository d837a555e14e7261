package talk_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/talk"
)

// pieced is a world whose channel takes a long message in four pieces and dies
// with call number killed, after it took the piece (0 = never).
type pieced struct {
	*talk.World
	p    *talk.Place
	mu   sync.Mutex
	refs []string
}

func openPieced(t *testing.T, w *storetest.World, killed int) *pieced {
	t.Helper()
	x := &pieced{World: talk.New(t, w)}
	x.Channel.Skills.TextLimit = 150
	x.Channel.Answer = func(_ context.Context, out desk.Outgoing) (desk.Sent, error) {
		x.mu.Lock()
		x.refs = append(x.refs, out.Ref)
		n := len(x.refs)
		x.mu.Unlock()
		if n == killed {
			panic("killed here")
		}
		return desk.Sent{ExternalID: "p" + strconv.Itoa(n)}, nil
	}
	x.Run(nil)
	x.p = x.Place("shop", 0)
	must(t, x.p.Handle.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeAccount(x.p.Account.ID, func(a *desk.Account) error { a.Mode = desk.ModeOff; return nil })
		return err
	}))
	x.p.Says("ana", "hello")
	x.Quiet()
	c := x.p.With("ana")
	_, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: strings.Repeat("word ", 100)})
	must(t, err)
	return x
}

// calls are the words that the pieces were sent with so far.
func (x *pieced) calls() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]string(nil), x.refs...)
}

func (x *pieced) answer() desk.Message {
	all := x.p.Thread("ana")
	return all[len(all)-1]
}

func (x *pieced) settles(t *testing.T, as desk.Status) {
	t.Helper()
	x.Until("it is "+string(as), func() bool {
		x.Fake.Advance(time.Second)
		return x.answer().Status == as
	})
}

// reports delivers what the channel says of piece n.
func (x *pieced) reports(n int, state desk.Status) {
	x.p.Delivers(channeltest.Item{Type: "receipt", From: "ana", State: string(state), IDs: []string{"p" + strconv.Itoa(n)}, Ref: x.calls()[n-1]})
	x.Quiet()
}

// A message that was killed between its pieces is never repeated: the person
// gets each piece at most once. It stays unknown until the last piece, which
// leaves only after the others, is reported.
func TestAMessageKilledBetweenItsPiecesStaysUnknownUntilItsLastIsReported(t *testing.T) {
	t.Parallel()
	for killed, want := range map[int]desk.Status{2: desk.StatusUnknown, 4: desk.StatusDelivered} {
		t.Run("at piece "+strconv.Itoa(killed), func(t *testing.T) {
			t.Parallel()
			storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
				x := openPieced(t, w, killed)
				x.settles(t, desk.StatusUnknown)
				for n := 1; n <= killed; n++ {
					x.reports(n, desk.StatusSent)
					x.reports(n, desk.StatusDelivered)
				}
				x.settles(t, want)
				if calls := x.calls(); len(calls) != killed || !strings.HasSuffix(calls[0], "/1-4") {
					t.Errorf("calls %q", calls)
				}
				if want == desk.StatusUnknown {
					x.reports(1, desk.StatusFailed) // what is said of a piece holds for the whole
					x.settles(t, desk.StatusFailed)
				}
			})
		})
	}
}

// A message of several pieces is there with its last one, and failed with any.
func TestAMessageIsThereWithItsLastPieceAndFailedWithAny(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := openPieced(t, w, 0)
		x.settles(t, desk.StatusSent)
		for _, step := range []struct {
			piece int
			state desk.Status
			want  desk.Status
		}{
			{1, desk.StatusDelivered, desk.StatusSent}, {2, desk.StatusRead, desk.StatusSent}, {4, desk.StatusDelivered, desk.StatusDelivered},
			{4, desk.StatusSent, desk.StatusDelivered}, {4, desk.StatusFailed, desk.StatusDelivered}, {3, desk.StatusFailed, desk.StatusFailed},
		} {
			x.reports(step.piece, step.state)
			if got := x.answer().Status; got != step.want {
				t.Errorf("after %s of piece %d: %s, want %s", step.state, step.piece, got, step.want)
			}
		}
		if !x.p.With("ana").SendFailed {
			t.Error("nobody is asked to look at the failed message")
		}
	})
}
