package talk_test

import (
	"testing"

	"parley/internal/desk"
	"parley/test/storetest"
	"parley/test/talk"
)

// A channel that has no room for the labels gets numbers, and a person who
// answers with one has pressed that choice; otherwise a number is a number.
func TestANumberIsAChoiceOnlyRightAfterNumberedChoices(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Channel.Skills.ButtonLabel = 3
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "which one")
		x.Quiet()
		p.Says("ana", "2.")
		x.Quiet()
		thread := p.Thread("ana")
		same(t, talk.Lines(thread[3:]), []string{"ai sent: About passage 12"})
		if m := thread[2]; m.Kind != desk.KindChoice || m.Buttons[0] != (desk.Button{ID: "passage:12", Label: "Sizes"}) || m.Body != "2." {
			t.Errorf("filed as %s %v", m.Kind, m.Buttons)
		}
		p.Says("ana", "2")
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana")[5:]), []string{"ai sent: Answer to: 2"})
		p.Says("bea", "which one")
		x.Quiet()
		for _, said := range []string{"9", "room 2", "2x"} {
			p.Says("bea", said)
			x.Quiet()
			all := p.Thread("bea")
			for _, m := range all[1:] {
				if m.Kind == desk.KindChoice {
					t.Errorf("%q is the choice %v", m.Body, m.Buttons)
				}
			}
		}
	})
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w) // its channel shows these as buttons
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "which one")
		x.Quiet()
		p.Says("ana", "2")
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana")[3:]), []string{"ai sent: Answer to: 2"})
	})
}
