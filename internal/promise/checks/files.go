package checks

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// linkChecks look at what is held of connected accounts, and at what comes over
// them besides text.
func linkChecks() []entry {
	return []entry{
		{"phone-number-held", detail("whatsapp", "phone", "+902125550142", "phone_verified", "VERIFIED")},
		{"verified-name-held", detail("whatsapp", "verified_name", "Canary Goods")},
		{"account-category", detail("instagram", "category", "Shopping & retail")},
		{"follower-count", followerCount},
		{"no-address-books", noAddressBooks},
		{"instagram-token-calls", tokenCalls("instagram")},
		{"system-token-calls", tokenCalls("whatsapp")},
		{"participant-names", participantNames},
		{"pictures-cleaned", picturesCleaned},
		{"stickers-shown", stickersShown},
		{"read-receipts", readReceipts},
		{"delivery-moves-forward", deliveryForward},
	}
}

// account is the connected account of a kind, as the API shows it.
func (t *trial) account(kind string) (details map[string]any) {
	var list struct {
		Items []struct {
			Kind    string
			Details map[string]any
		}
	}
	t.owner(http.MethodGet, "/api/v1/channels", nil, &list)
	for _, c := range list.Items {
		if c.Kind == kind {
			return c.Details
		}
	}
	return nil
}

// detail: a fact of the account is held as Meta tells it, and reaches no other
// workspace.
func detail(kind string, facts ...string) func(t *trial) {
	return func(t *trial) {
		have := t.account(kind)
		for i := 0; i+1 < len(facts); i += 2 {
			t.want(have[facts[i]] == facts[i+1], "its %s is held as Meta tells it", facts[i])
		}
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: "/api/v1/channels"})
		t.must(err)
		t.want(!strings.Contains(string(a.Body), facts[1]), "another workspace, which did not connect it, holds nothing of it")
	}
}

func followerCount(t *trial) {
	for kind, n := range map[string]float64{"messenger": 5120, "instagram": 1284} {
		t.want(t.account(kind)["followers"] == n, "the count is held as it was read")
	}
	t.want(t.account("whatsapp")["followers"] == float64(0), "an account that has no followers has none here")
}

func noAddressBooks(t *trial) {
	ops := t.operations()
	for _, path := range append(slices.Clone(ops["post"]), ops["put"]...) {
		lower := strings.ToLower(path)
		t.want(!strings.Contains(lower, "import") && !strings.Contains(lower, "address-book") && lower != "/api/v1/contacts", "%s loads no contacts", path)
	}
	t.want(len(ops["post"]) > 30, "the API is described")
	t.seen = t.seen[max(0, len(t.seen)-1):]
	for _, scope := range []string{"user_friends", "contacts", "read_mailbox"} {
		_, asked, _ := strings.Cut(t.words("/privacy/permissions"), "by its own sign-in")
		asked, _, _ = strings.Cut(asked, "never asked for")
		t.want(!strings.Contains(asked, scope), "no sign-in asks for %s", scope)
	}
	t.want(strings.Contains(t.words("/privacy/permissions"), "Address books, phone contacts and private chats"), "it is said that none is read")
	for _, c := range t.left("meta", "") {
		t.want(!strings.Contains(c.Path, "/friends") && !strings.Contains(c.Path, "/contacts"), "no call to Meta reads one")
	}
	t.seen = t.seen[:min(len(t.seen), 6)]
}

// tokenCalls: every call that carries the token of an account reads or answers its
// messages, or looks whether the connection works.
func tokenCalls(kind string) func(t *trial) {
	return func(t *trial) {
		word := canary()
		t.says(kind, "Token "+word, word)
		c := t.talkOf(word)
		answer := canary()
		t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": answer}, nil)
		t.settle()
		sent := t.left("meta", answer)
		t.want(len(sent) == 1, "the answer was sent")
		if t.err != nil {
			return
		}
		token := sent[0].Header.Get("Authorization")
		t.want(len(token) > 20, "with the account's token")
		n := 0
		for _, call := range t.left("meta", "") {
			if call.Header.Get("Authorization") != token {
				continue
			}
			n++
			path, _, _ := strings.Cut(call.Path, "?")
			last := path[strings.LastIndex(path, "/")+1:]
			serves := []string{"messages", "subscribed_apps", "phone_numbers", "message_templates", "conversations", "debug_token", "register", "media", "messenger_profile", "accounts"}
			digits := strings.Trim(last, "0123456789") == "" || strings.Trim(last, "0123456789") == "me"
			t.want(slices.Contains(serves, last) || digits && call.Method == http.MethodGet, "a call that carries it goes to %s", path)
		}
		t.want(n > 1, "%d calls carried it", n)
	}
}

func participantNames(t *trial) {
	for _, channel := range []string{"messenger", "instagram", "whatsapp"} {
		word := canary()
		name := "Named " + canary()
		t.says(channel, name, word)
		t.settle()
		var shown struct{ Name string }
		t.owner(http.MethodGet, "/api/v1/contacts/"+t.talkOf(word).Contact.ID, nil, &shown)
		t.want(shown.Name == name, "over %s the name that the network tells is held", channel)
		_, hits := t.atRest(name)
		t.want(hits == 0, "it stands readable in no file at rest")
	}
}

// placed is a picture that says where it was taken.
func placed(secret string) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 32, 32))
	for i := range 32 {
		img.Set(i, i, color.RGBA{uint8(i * 8), 200, 40, 255})
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, img, nil); err != nil {
		return nil // unreachable: 32 points are encoded into memory
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"), secret...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(out, plain.Bytes()[2:]...)
}

type file struct {
	Kind, State, URL, Mime string
}

func (t *trial) filesOf(contact string) (all []file) {
	var found struct {
		Items []struct {
			ID      string
			Contact struct{ Name string }
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations?limit=50", nil, &found)
	for _, c := range found.Items {
		if c.Contact.Name != contact {
			continue
		}
		var list struct {
			Items []struct{ Attachments []file }
		}
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=20", nil, &list)
		for _, m := range list.Items {
			all = append(all, m.Attachments...)
		}
	}
	return all
}

func (t *trial) does(channel, customer string, a promise.Act) (id string) {
	if t.err == nil {
		id, t.err = t.w.Does(t.ctx, channel, customer, a)
		t.settle()
	}
	return id
}

func picturesCleaned(t *trial) {
	place, name := canary(), "Picture "+canary()
	raw := placed(place)
	t.want(bytes.Contains(raw, []byte(place)), "the picture says where it was taken")
	t.says("messenger", name, "look")
	t.does("messenger", name, promise.Act{Kind: "image", Mime: "image/jpeg", File: raw})
	all := t.filesOf(name)
	t.want(len(all) == 1 && all[0].State == "ready" && all[0].Kind == "image", "it is held")
	if t.err != nil {
		return
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: strings.TrimPrefix(all[0].URL, t.w.Place().URL)})
	t.must(err)
	t.want(a.Status == http.StatusOK && bytes.HasPrefix(a.Body, []byte{0xff, 0xd8}) && !bytes.Contains(a.Body, []byte(place)), "what is shown no longer says so")
	_, hits := t.atRest(place)
	t.want(hits == 0, "no file at rest does")
	_, hits = t.atRest(string(a.Body[len(a.Body)/2:]))
	t.want(hits == 0, "what is at rest is no readable picture")
	liar := "Liar " + canary()
	t.says("messenger", liar, "look")
	t.does("messenger", liar, promise.Act{Kind: "image", Mime: "image/jpeg", File: []byte("<html><script>alert(1)</script></html>")})
	for _, f := range t.filesOf(liar) {
		t.want(f.State != "ready" || f.Kind != "image", "what only calls itself a picture is not shown as one")
	}
}

func stickersShown(t *trial) {
	name := "Sticker " + canary()
	t.says("messenger", name, "look")
	t.does("messenger", name, promise.Act{Kind: "sticker", Mime: "image/jpeg", File: placed("x")})
	all := t.filesOf(name)
	t.want(len(all) == 1 && all[0].Kind == "sticker" && all[0].State == "ready", "a sticker is held as a sticker")
	other := "Photo " + canary()
	t.says("messenger", other, "look")
	t.does("messenger", other, promise.Act{Kind: "image", Mime: "image/jpeg", File: placed("x")})
	all = t.filesOf(other)
	t.want(len(all) == 1 && all[0].Kind == "image", "a picture is not")
}

func (t *trial) sends(c talk, body string) (status func() string, provider string) {
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": body}, nil)
	t.settle()
	find := func() (s, id string) {
		var list struct {
			Items []struct {
				Body, Status string
				Provider     string `json:"provider_id"`
			}
		}
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=50", nil, &list)
		for _, m := range list.Items {
			if m.Body == body {
				return m.Status, m.Provider
			}
		}
		return "", ""
	}
	_, provider = find()
	return func() string { s, _ := find(); return s }, provider
}

func readReceipts(t *trial) {
	word := canary()
	name := "Reading " + word
	t.says("messenger", name, word)
	c := t.talkOf(word)
	first, _ := t.sends(c, "first "+word)
	t.want(first() != "read", "nothing is read before they looked")
	t.does("messenger", name, promise.Act{Kind: "read"})
	t.want(first() == "read", "that they read it is held")
	second, _ := t.sends(c, "second "+word)
	t.want(second() != "read" && second() != "", "one that was sent later is not called read")
}

// news is a status of a WhatsApp message as Meta delivers it (reference 5.4).
func news(number, id, status, stamp string) []byte {
	raw, _ := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "0", "changes": []any{map[string]any{"field": "messages",
		"value": map[string]any{"messaging_product": "whatsapp", "metadata": map[string]string{"phone_number_id": number, "display_phone_number": "902125550142"},
			"statuses": []any{map[string]any{"id": id, "status": status, "timestamp": stamp, "recipient_id": "905325550000"}}}}}}}})
	return raw
}

func deliveryForward(t *trial) {
	word := canary()
	t.says("whatsapp", "Forward "+word, word)
	status, id := t.sends(t.talkOf(word), "out "+word)
	t.want(id != "", "the answer has the provider's number")
	tell := func(what string) {
		_, err := t.w.Webhook(t.ctx, "meta", news(t.w.Place().Number, id, what, itoa(int(t.w.Now().Unix()))))
		t.must(err)
		t.settle()
	}
	tell("read")
	t.want(status() == "read", "news that it was read moves it")
	for _, late := range []string{"delivered", "sent"} {
		tell(late)
		t.want(status() == "read", "news that it was %s, which came late, does not move it back", late)
	}
}
