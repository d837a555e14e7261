package meta_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/sim/meta"
)

var update = flag.Bool("update", false, "write the goldens anew")

// shape is every path of a value with the kind of what stands there.
func shape(v any) []string {
	var out []string
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				walk(at+"."+k, e)
			}
		case []any:
			for _, e := range v {
				walk(at+"[]", e)
			}
		case string:
			out = append(out, at+" string")
		case float64:
			out = append(out, at+" number")
		case bool:
			out = append(out, at+" bool")
		default:
			out = append(out, at+" null")
		}
	}
	walk("", v)
	slices.Sort(out)
	return slices.Compact(out)
}

// acts are what the reference's bodies need beside their kind.
func act(kind, ours, theirs string) meta.Act {
	a := meta.Act{Kind: kind, Text: "hello", Payload: "GO", Title: "Go"}
	switch kind {
	case "reply", "react", "unreact", "read", "feedback", "button_reply", "list_reply", "button":
		a.Target = ours
	case "edit", "unsend", "revoke":
		a.Target = theirs
	case "number_changed":
		a.NewPhone = "12195555358"
	}
	switch kind {
	case "images", "audio", "video", "voice", "sticker":
		a.Text = ""
	case "postback":
		a.Ref = "qr7"
	case "react":
		a.Emoji = "\u2764\ufe0f"
	case "flow_reply", "referral":
		a.Payload = ""
	case "image":
		a.Text = "caption"
		a.Files = []meta.Upload{{Mime: "image/png", Data: []byte("a picture")}} // a golden must not hang on an encoder
	}
	if kind == "file" {
		a.Files = []meta.Upload{{Mime: "application/pdf", Name: "a.pdf", Data: []byte("%PDF-1.4")}}
	}
	return a
}

// inner takes an event out of its envelope, without what is around it.
func inner(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var e struct {
		Entry []struct {
			Messaging []map[string]any
			Changes   []struct{ Value map[string]any }
		}
	}
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Entry[0].Messaging) > 0 {
		ev := e.Entry[0].Messaging[0]
		for _, k := range []string{"sender", "recipient", "timestamp"} {
			delete(ev, k)
		}
		return ev
	}
	list, _ := e.Entry[0].Changes[0].Value["messages"].([]any)
	if len(list) == 0 {
		return e.Entry[0].Changes[0].Value
	}
	msg, _ := list[0].(map[string]any)
	for _, k := range []string{"from", "from_user_id", "id", "timestamp"} {
		delete(msg, k)
	}
	return msg
}

// TestEveryEventHasTheShapeOfTheReference compares the fields of every webhook
// with Appendix A, and keeps the bodies as goldens.
func TestEveryEventHasTheShapeOfTheReference(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.SplitN(line, " ", 3)
		t.Run(parts[0]+"/"+parts[1], func(t *testing.T) {
			t.Parallel()
			body := deliver(t, meta.Channel(parts[0]), parts[1])
			var want any
			if err := json.Unmarshal([]byte(parts[2]), &want); err != nil {
				t.Fatal(err)
			}
			got := inner(t, body)
			if a, b := shape(got), shape(want); !slices.Equal(a, b) {
				t.Errorf("shape differs\ngot  %v\nwant %v", a, b)
			}
			golden(t, parts[0]+"-"+parts[1], body)
		})
	}
}

// deliver carries one act out and gives the webhook of it.
func deliver(t *testing.T, ch meta.Channel, kind string) []byte {
	t.Helper()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	switch ch {
	case meta.OnInstagram:
		chat = p.ana.WritesInstagram(p.alone)
	case meta.OnWhatsApp:
		chat = p.ana.WritesWhatsApp(p.num)
	}
	theirs := chat.Says("first")
	ours := chat.OwnerTypes("ours")
	p.sim.Calm()
	if err := p.sim.Until(p.ctx(), "quiet", func() bool { return p.sim.Pending() == 0 }); err != nil {
		t.Fatal(err)
	}
	if ch == meta.OnWhatsApp && kind == "read" {
		return nil
	}
	before := len(p.door.got())
	a := act(kind, ours, theirs)
	if ch == meta.OnMessenger && kind == "file" {
		a.Text = ""
	}
	if _, err := chat.Does(a); err != nil {
		t.Fatal(err)
	}
	return p.wait(before + 1)[before]
}

// golden holds a body to its file; addresses of the run are made alike first.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	body = bytes.ReplaceAll(body, []byte(hostOf(body)), []byte("http:\\/\\/sim"))
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(body, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), body) {
		t.Errorf("differs from %s:\n%s", path, body)
	}
}

func hostOf(body []byte) string {
	i := bytes.Index(body, []byte(`http:\/\/127.0.0.1:`))
	if i < 0 {
		return "\x00"
	}
	end := bytes.IndexByte(body[i+len(`http:\/\/`):], '\\')
	return string(body[i : i+len(`http:\/\/`)+end])
}
