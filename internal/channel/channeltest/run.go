package channeltest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
)

// Case is what a channel shows of itself to be tested.
type Case struct {
	Channel channel.Channel
	Account channel.Account
	// Secret signs Good; empty for a channel that api feeds after its own check.
	Secret secret.Text
	// Good is a delivery for Account.OutsideID with at least one message.
	Good channel.Raw
	// Mixed holds one item that cannot be understood beside a good message.
	Mixed channel.Raw
	// GoodText is the text of the good message, which errors must not repeat.
	GoodText string
}

// Run holds a channel to the contract of package channel.
func Run(t *testing.T, c Case) {
	t.Run("says what it can do", c.info)
	if !c.Secret.IsZero() {
		t.Run("takes only what carries its signature", c.verify)
	}
	t.Run("splits by account and within bounds", c.split)
	t.Run("parses the same bytes to the same nouns", c.parse)
	t.Run("keeps the neighbours of a bad item", c.neighbours)
	t.Run("survives any bytes", c.anyBytes)
}

func (c Case) info(t *testing.T) {
	info := c.Channel.Info()
	if info.Name == "" || info.Name != strings.ToLower(info.Name) || info.Icon == "" {
		t.Errorf("name %q and icon %q: both are needed, the name in lower case", info.Name, info.Icon)
	}
	if info.Skills.TextLimit <= 0 || (info.Skills.TextUnit != "characters" && info.Skills.TextUnit != "bytes") {
		t.Errorf("text limit %d %q", info.Skills.TextLimit, info.Skills.TextUnit)
	}
	if !json.Valid(info.Form) {
		t.Error("the form is not JSON")
	}
	for _, r := range info.Skills.Media {
		if r.Kind == "" || r.Max <= 0 {
			t.Errorf("files of kind %q up to %d bytes", r.Kind, r.Max)
		}
	}
	for _, l := range i18n.Locales() {
		for _, way := range info.Ways {
			for _, s := range way.Scopes {
				if said := channel.ScopeWords(l, s); strings.HasPrefix(said, "scope.") || s.Feature == "" {
					t.Errorf("nobody says in %s what %s is for", l, s.Name)
				}
			}
			for _, f := range way.Fields {
				if strings.HasPrefix(channel.FieldWords(l, f), "field.") {
					t.Errorf("nobody says in %s what %s is", l, f.Name)
				}
			}
		}
	}
	for _, h := range info.Headers {
		if h != strings.ToLower(h) {
			t.Errorf("header %q is not lower case", h)
		}
	}
}

func (c Case) verify(t *testing.T) {
	other := secret.New("another secret, still configured")
	if err := c.Channel.VerifyRaw([]secret.Text{other, c.Secret}, c.Good); err != nil {
		t.Errorf("a good delivery with two secrets configured: %v", err)
	}
	changed := channel.Raw{Header: c.Good.Header, Body: bytes.Clone(c.Good.Body)}
	changed.Body[len(changed.Body)/2] ^= 1
	for name, try := range map[string]struct {
		secrets []secret.Text
		raw     channel.Raw
	}{
		"another secret":  {[]secret.Text{other}, c.Good},
		"no secret":       {nil, c.Good},
		"a changed byte":  {[]secret.Text{c.Secret}, changed},
		"no header":       {[]secret.Text{c.Secret}, channel.Raw{Body: c.Good.Body}},
		"an empty body":   {[]secret.Text{c.Secret}, channel.Raw{Header: c.Good.Header}},
		"an added blank":  {[]secret.Text{c.Secret}, channel.Raw{Header: c.Good.Header, Body: append(bytes.Clone(c.Good.Body), ' ')}},
		"an empty secret": {[]secret.Text{secret.New("")}, c.Good},
	} {
		err := c.Channel.VerifyRaw(try.secrets, try.raw)
		if desk.CodeOf(err) != desk.Unauthenticated {
			t.Errorf("%s: %v, want unauthenticated", name, err)
			continue
		}
		if c.GoodText != "" && strings.Contains(err.Error(), c.GoodText) {
			t.Errorf("%s: the error repeats the message", name)
		}
	}
}

func (c Case) part(t *testing.T, raw channel.Raw) channel.Part {
	t.Helper()
	parts, err := c.Channel.Split(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if p.OutsideID == c.Account.OutsideID {
			return p
		}
	}
	t.Fatalf("no part for account %q", c.Account.OutsideID)
	return channel.Part{}
}

func (c Case) split(t *testing.T) {
	c.part(t, c.Good)
	parts, err := c.Channel.Split(c.Good)
	if err != nil || len(parts) > channel.MaxParts {
		t.Errorf("%d parts, %v", len(parts), err)
	}
}

func (c Case) parse(t *testing.T) {
	p := c.part(t, c.Good)
	once, err := c.Channel.Parse(c.Account, p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Channel.Parse(c.Account, channel.Part{OutsideID: p.OutsideID, Body: bytes.Clone(p.Body)})
	if err != nil || !reflect.DeepEqual(once, again) {
		t.Errorf("the second parse differs (%v)", err)
	}
	for i, a := range once {
		sound(t, i, a)
	}
	if messages(once) == 0 {
		t.Error("the good delivery holds no message")
	}
}

func sound(t *testing.T, i int, a desk.Arrival) {
	t.Helper()
	if a.Kind == "" || a.Kind.OfPerson() && (a.Sender.Kind == "" || a.Sender.Value == "") {
		t.Errorf("arrival %d: kind %q from %q: all three are needed", i, a.Kind, a.Sender.Kind)
	}
	if (a.Kind == desk.ArrivedMessage || a.Kind == desk.ArrivedEcho) && (a.ExternalID == "" || a.MsgKind == "") {
		t.Errorf("arrival %d: a message needs an external id and a kind", i)
	}
	about(t, i, a)
	for _, id := range append([]string{a.ExternalID, a.Target, a.ReplyTo, a.Sender.Value, a.Choice}, a.Receipt.ExternalIDs...) {
		if len(id) > maxID || !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
			t.Errorf("arrival %d: an id of %d bytes is too long, not UTF-8 or holds NUL", i, len(id))
		}
	}
	if len(a.MsgKind) > 40 || len(a.Choice) > 200 || len(a.Media) > 30 || len(a.Aliases) > 8 {
		t.Errorf("arrival %d: a kind, choice or list of files out of bounds", i)
	}
	if len(a.Text) > desk.MaxBody || !utf8.ValidString(string(a.Text)) || strings.ContainsRune(string(a.Text), 0) {
		t.Errorf("arrival %d: text of %d bytes is too long, not UTF-8 or holds NUL", i, len(a.Text))
	}
}

// maxID is the longest id that is filed.
const maxID = 512

// about checks that an arrival carries what its kind speaks of.
func about(t *testing.T, i int, a desk.Arrival) {
	t.Helper()
	ok := true
	switch a.Kind {
	case desk.ArrivedEcho:
		ok = a.Echo != nil && a.Window == 0
	case desk.ArrivedReaction:
		ok = a.Reaction != nil && a.Target != "" && a.ExternalID != ""
	case desk.ArrivedEdit, desk.ArrivedUnsend:
		ok = a.Target != "" && a.ExternalID != ""
	case desk.ArrivedIdentity:
		ok = len(a.Changed) > 0
	case desk.ArrivedThread:
		ok = a.Control != nil
	case desk.ArrivedOptIn:
		ok = a.OptIn != nil
	case desk.ArrivedNotice, desk.ArrivedCounted:
		ok = a.Notice != nil && a.Notice.What != ""
	}
	if !ok {
		t.Errorf("arrival %d: a %s without what it is about", i, a.Kind)
	}
}

func messages(all []desk.Arrival) int {
	n := 0
	for _, a := range all {
		if a.Kind == desk.ArrivedMessage {
			n++
		}
	}
	return n
}

func (c Case) neighbours(t *testing.T) {
	all, err := c.Channel.Parse(c.Account, c.part(t, c.Mixed))
	if err != nil {
		t.Fatalf("one bad item failed the part: %v", err)
	}
	found := false
	for i, a := range all {
		sound(t, i, a)
		found = found || string(a.Text) == c.GoodText
	}
	if !found {
		t.Error("the good message beside the bad item is gone")
	}
}

// anyBytes feeds cut, doubled and changed deliveries, and deep nesting.
func (c Case) anyBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	good := c.part(t, c.Good).Body
	for range 2000 {
		b := bytes.Clone(good)
		for range 1 + rnd.IntN(4) {
			switch at := rnd.IntN(len(b)); rnd.IntN(3) {
			case 0:
				b[at] ^= byte(1 + rnd.IntN(255))
			case 1:
				b = b[:max(1, at)]
			default:
				b = append(b[:at:at], append([]byte{byte(rnd.IntN(256))}, b[at:]...)...)
			}
		}
		c.try(t, b)
	}
	for _, b := range [][]byte{nil, []byte("null"), []byte("[]"), []byte("{}"), []byte("\xff\xfe"), bytes.Repeat([]byte("["), 1<<20),
		[]byte(strings.Repeat(`{"entries":[`, 1<<15)), bytes.Repeat([]byte("9"), 1<<16)} {
		c.try(t, b)
	}
}

func (c Case) try(t *testing.T, b []byte) {
	if parts, err := c.Channel.Split(channel.Raw{Body: b}); err == nil && len(parts) > channel.MaxParts {
		t.Errorf("%d parts", len(parts))
	}
	all, err := c.Channel.Parse(c.Account, channel.Part{OutsideID: c.Account.OutsideID, Body: b})
	if err != nil {
		return
	}
	for i, a := range all {
		sound(t, i, a)
	}
}
