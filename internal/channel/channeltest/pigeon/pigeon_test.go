package pigeon_test

import (
	"bytes"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/channeltest/pigeon"
	"parley/internal/channel/instagram"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/widget"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

// A new channel is this folder and the last line of this list: everything else
// is reached through the registry, by data and by what it can do.
func TestAFourthChannelIsOneFolderAndOneLine(t *testing.T) {
	t.Parallel()
	g := meta.NewGraph(channeltest.MetaApp("http://127.0.0.1:1"), nil, clock.Real{})
	r := channel.NewRegistry(
		widget.New(),
		instagram.New(g),
		messenger.New(g),
		whatsapp.New(g),
		pigeon.New(),
	)
	if len(r.All()) != 5 || len(r.Door(messenger.Door)) != 3 || len(r.Door(pigeon.Door)) != 1 {
		t.Fatalf("%d channels, %d at Meta's door", len(r.All()), len(r.Door(messenger.Door)))
	}
	ch, err := r.Find(pigeon.Name)
	if err != nil {
		t.Fatal(err)
	}
	if _, can := ch.(channel.Authorizer); can {
		t.Error("a bird has a sign-in")
	}
	offered, err := ch.(channel.Checker).Check(t.Context(), "ring", map[string]secret.Text{"ring": secret.New("7")})
	if err != nil || len(offered) != 1 || offered[0].Kind != pigeon.Name {
		t.Fatal(offered, err)
	}
	acct := channel.Account{Account: desk.Account{Kind: offered[0].Kind, OutsideID: offered[0].OutsideID}, Secrets: offered[0].Secrets}
	long := desk.Outgoing{Ref: "9", Text: "Your coat is ready. " + string(bytes.Repeat([]byte("We are open until seven. "), 12)), Buttons: []desk.Button{{ID: "y", Label: "I come today"}}}
	var flown []string
	for _, piece := range channel.Pieces(long, channel.SkillsOf(ch, acct.Account)) {
		sent, err := ch.Send(t.Context(), acct, piece)
		if err != nil {
			t.Fatal(err)
		}
		flown = append(flown, sent.ExternalID)
	}
	if len(flown) != 2 || flown[0] != "flown-9/1-2" || flown[1] != "flown-9/2-2" {
		t.Error(flown)
	}
	if err := channel.CheckFile(ch.Info().Skills, desk.File{Kind: desk.MediaFile, Size: 21, URL: "https://x"}); err == nil {
		t.Error("a bird carries anything")
	}
	var b bytes.Buffer
	if _, err := ch.(channel.Fetcher).Fetch(t.Context(), acct, desk.MediaRef{ID: "feather"}, 10, &b); err != nil || b.String() != "feather" {
		t.Error(b.String(), err)
	}
}

func TestThePigeonKeepsTheContract(t *testing.T) {
	t.Parallel()
	wax := secret.New("red wax")
	channeltest.Run(t, channeltest.Case{Channel: pigeon.New(), Account: channel.Account{Account: desk.Account{Kind: pigeon.Name, OutsideID: "loft-7"}}, Secret: wax,
		Good:  pigeon.Seal(wax, []byte("loft-7|anas bird|1|Is the coat ready?\nloft-7|anas bird|1|*\n")),
		Mixed: pigeon.Seal(wax, []byte("loft-7|\nloft-7|||\nnonsense\nloft-7|anas bird|1|Is the coat ready?\n")), GoodText: "Is the coat ready?"})
}
