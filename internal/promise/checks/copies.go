package checks

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

func copyChecks() []entry {
	return []entry{
		{"access-copy", accessCopy},
		{"know-report", knowReport},
		{"brazil-recipients", recipientsTold},
		{"canada-accuracy", disagreementKept},
	}
}

// handed has a copy made for a person and reads all of its files as one text.
func (t *trial) handed(contact string, wish map[string]any) string {
	raw := t.copied(promise.Ask{As: promise.As{Role: "owner"}}, contact, wish)
	if t.err != nil {
		return ""
	}
	return t.unzipped(raw)
}

// copied has somebody make a copy for a person, and gives its file.
func (t *trial) copied(who promise.Ask, contact string, wish map[string]any) []byte {
	at := "/api/v1/contacts/" + contact + "/export"
	ask := func(method, path string, body any) promise.Answer {
		one := who
		one.Method, one.Path, one.Header = method, path, who.Header.Clone()
		if one.Header == nil {
			one.Header = http.Header{}
		}
		if body != nil {
			raw, err := json.Marshal(body)
			t.must(err)
			one.Body = raw
			one.Header.Set("Idempotency-Key", canary())
		}
		if t.err != nil {
			return promise.Answer{}
		}
		a, err := t.w.HTTP(t.ctx, one)
		t.must(err)
		return a
	}
	var one struct{ ID string }
	a := ask(http.MethodPost, at, wish)
	if t.err == nil && a.Status != http.StatusAccepted {
		t.err = fmt.Errorf("a copy is begun with %d", a.Status)
	}
	if t.err == nil {
		t.must(json.Unmarshal(a.Body, &one))
	}
	t.settle()
	for range 5 { // it is made beside what is being done, and may wait for a second try
		if a = ask(http.MethodGet, at+"/"+one.ID+"/file", nil); t.err != nil || a.Status != http.StatusConflict {
			break
		}
		t.advance(time.Minute)
	}
	if t.err == nil && a.Status != http.StatusOK {
		t.err = fmt.Errorf("the file of a copy answered %d", a.Status)
	}
	return a.Body
}

// unzipped reads all files of an archive as one text.
func (t *trial) unzipped(raw []byte) string {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	t.must(err)
	var all strings.Builder
	for i := 0; t.err == nil && i < len(z.File); i++ {
		in, err := z.File[i].Open()
		t.must(err)
		if err == nil {
			_, err = io.Copy(&all, in)
			t.must(err)
			t.must(in.Close())
		}
	}
	return all.String()
}

// accessCopy asks for the copy of somebody beside whom somebody else wrote.
func accessCopy(t *trial) {
	word, other := canary(), canary()
	t.says("messenger", "Copy Person", word)
	t.says("messenger", "Copy Neighbour", other)
	c, neighbour := t.talkOf(word), t.talkOf(other)
	copied := t.handed(c.Contact.ID, map[string]any{})
	t.want(strings.Contains(copied, word) && strings.Contains(copied, "Copy Person"), "a copy holds what the person wrote and what they are called")
	t.want(!strings.Contains(copied, other) && !strings.Contains(copied, "Copy Neighbour"), "it holds no word of who wrote beside them")
	t.want(strings.Contains(t.handed(neighbour.Contact.ID, map[string]any{}), other), "which the neighbour's own holds")
	status := t.as(promise.As{Role: "agent"}, http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/export", nil, nil)
	t.want(status == http.StatusForbidden, "who does not answer for people's requests has none made")
}

// knowReport asks for the kinds of data instead of the data.
func knowReport(t *trial) {
	word := canary()
	t.says("messenger", "Report Person", word)
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Noted."}, nil)
	t.settle()
	report := t.handed(c.Contact.ID, map[string]any{"report": true, "language": "en"})
	t.want(strings.Contains(report, `"name": "messages"`) && strings.Contains(report, "Legal ground"), "a report names kinds of data, why they are held, and on which ground")
	t.want(strings.Contains(report, "Messenger (Meta)") && strings.Contains(report, "Where it comes from"), "it says from where they come and who received something")
	t.want(!strings.Contains(report, word), "it holds no word of the data itself")
	t.want(strings.Contains(t.handed(c.Contact.ID, map[string]any{}), word), "which a copy holds")
}

// recipientsTold compares who was written to through a network with who was not.
func recipientsTold(t *trial) {
	word, silent := canary(), canary()
	t.says("messenger", "Told Person", word)
	t.says("messenger", "Silent Person", silent)
	c, before := t.talkOf(word), t.told(t.talkOf(silent))
	was := t.told(c)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Noted."}, nil)
	t.settle()
	t.want(t.told(c)["messenger"] == was["messenger"]+1, "a message that left through a network stands in the list of who was told")
	t.want(t.told(t.talkOf(silent))["messenger"] == before["messenger"], "and in nobody else's")
}

func (t *trial) told(c talk) map[string]int {
	var list struct {
		Items []struct {
			To    string
			Count int
		}
	}
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID+"/disclosures", nil, &list)
	by := map[string]int{}
	for _, d := range list.Items {
		by[d.To] = d.Count
	}
	return by
}

// disagreementKept notes what a person holds for wrong of what cannot be changed.
func disagreementKept(t *trial) {
	word, says := canary(), canary()
	t.says("messenger", "Accuracy Person", word)
	c := t.talkOf(word)
	at := "/api/v1/contacts/" + c.Contact.ID + "/rectify"
	t.want(!strings.Contains(t.handed(c.Contact.ID, map[string]any{}), says), "before, nobody's disagreement is kept")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, at, map[string]any{}, nil) == http.StatusUnprocessableEntity, "a challenge says what is wrong")
	t.owner(http.MethodPost, at, map[string]any{"name": "Accurate Person", "statement": says}, nil)
	copied := t.handed(c.Contact.ID, map[string]any{})
	t.want(strings.Contains(copied, says) && strings.Contains(copied, word), "a disagreement stands beside what it is about, which is not changed")
	t.want(strings.Contains(copied, "Accurate Person"), "what can be changed is corrected")
}
