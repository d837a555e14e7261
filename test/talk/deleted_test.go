package talk_test

import (
	"fmt"
	"testing"

	"parley/internal/audit"
	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/test/storetest"
	"parley/test/talk"
)

// covers A-11-03: what a provider delivers again of a deleted conversation brings
// none of it back, together or one by one; what is new begins a conversation.
func TestADeliveryThatIsRepeatedBringsNoDeletedConversationBack(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Run(nil)
		p := x.Place("shop", 0)
		var all []channeltest.Item
		for i := range 12 {
			all = append(all, channeltest.Item{Type: "message", ID: fmt.Sprint("a", i), From: "ana", Text: fmt.Sprint("thanks ", i)})
		}
		p.Delivers(all...)
		p.Says("bob", "thanks")
		x.Until("filed", func() bool { return count(p.Thread("ana"), desk.In) == 12 && count(p.Thread("bob"), desk.In) == 1 })
		x.Quiet()
		sent := len(x.Channel.Outbox())
		was := p.With("ana").ID
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		if _, err := eraser.DeleteTalk(ctx, p.Handle.Workspace(), was, desk.Actor{Kind: desk.BySystem}); err != nil {
			t.Fatal(err)
		}
		for _, one := range all { // each by itself
			p.Delivers(one)
		}
		p.Delivers(all...)                                                            // and all together
		p.Delivers(append([]channeltest.Item{{Type: "end", From: "ana"}}, all...)...) // what else came may have changed what was looked up
		p.Delivers(channeltest.Item{Type: "receipt", From: "ana", IDs: []string{"a1"}, State: "read"})
		x.Quiet()
		if c := p.With("ana"); c.ID != 0 {
			t.Errorf("conversation %v is back with %d messages", c.ID, len(p.Thread("ana")))
		}
		if n := len(x.Channel.Outbox()); n != sent {
			t.Errorf("%d messages were sent into it: %+v", n-sent, x.Channel.Outbox()[sent:])
		}
		p.Delivers(channeltest.Item{Type: "message", ID: "new", From: "ana", Text: "thanks anew"})
		x.Until("filed", func() bool { return contains(p.Thread("ana"), "thanks anew") })
		if n := count(p.Thread("ana"), desk.In); n != 1 || p.With("ana").ID == was {
			t.Errorf("the new conversation has %d messages", n)
		}
		if count(p.Thread("bob"), desk.In) != 1 {
			t.Error("a neighbour lost something")
		}
	})
}

func count(all []desk.Message, d desk.Direction) (n int) {
	for _, m := range all {
		if m.Direction == d {
			n++
		}
	}
	return n
}
