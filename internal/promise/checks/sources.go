package checks

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/promise"
)

// sourceChecks put knowledge in by every way there is, and take it out again.
func sourceChecks() []entry {
	return []entry{
		{"documents-read", documentsRead},
		{"faq-pairs", faqPairs},
		{"catalogue-prices", cataloguePrices},
		{"business-profile", businessProfile},
		{"never-asks-for-special", neverAsksForSpecial},
		{"every-automation-has-a-switch", everySwitch},
		{"limited-data-use", limitedDataUse},
		{"no-worse-for-asking", noWorseForAsking},
	}
}

// uploads hands a file in and waits until it is read.
func (t *trial) uploads(name, mime string, file []byte) (source string) {
	if t.err != nil {
		return ""
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	head := map[string][]string{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {mime}}
	part, err := form.CreatePart(head)
	t.must(err)
	_, err = part.Write(file)
	t.must(err)
	t.must(form.Close())
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodPost, Path: "/api/v1/knowledge/sources", Body: body.Bytes(),
		Header: http.Header{"Content-Type": {form.FormDataContentType()}, "Idempotency-Key": {canary()}}})
	t.must(err)
	var s struct{ ID, State string }
	if a.Status != http.StatusCreated && strings.Contains(string(a.Body), "reader_died") && t.err == nil {
		t.err = promise.ErrShut // no program of its own that reads files
	}
	if t.want(a.Status == http.StatusCreated, "the file is taken"); t.err != nil {
		return ""
	}
	t.must(json.Unmarshal(a.Body, &s))
	t.settle()
	t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+s.ID, nil, &s)
	t.want(s.State == "ready", "it is read")
	return s.ID
}

type tried struct {
	Answer, Decision, Engine string
	Passages                 []struct {
		SourceID string `json:"source_id"`
	}
}

// tries asks as a customer would; nothing is sent.
func (t *trial) tries(question string) (a tried) {
	t.owner(http.MethodPost, "/api/v1/answers", map[string]any{"question": question}, &a)
	return a
}

// document is a PDF of one page with one line of text.
func document(text string) []byte {
	stream := "BT /F1 12 Tf 20 100 Td (" + text + ") Tj ET"
	parts := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		"<</Length " + itoa(len(stream)) + ">>stream\n" + stream + "\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
	out, at := "%PDF-1.4\n", []int{}
	for i, p := range parts {
		at = append(at, len(out))
		out += itoa(i+1) + " 0 obj" + p + "endobj\n"
	}
	start := len(out)
	out += "xref\n0 6\n0000000000 65535 f \n"
	for _, n := range at {
		digits := itoa(n)
		out += strings.Repeat("0", 10-len(digits)) + digits + " 00000 n \n"
	}
	return []byte(out + "trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + itoa(start) + "\n%%EOF\n")
}

func documentsRead(t *trial) {
	word := canary()
	source := t.uploads("rules.pdf", "application/pdf", document("The deposit for the "+word+" tent is 80 EUR."))
	a := t.tries("How much is the deposit for the " + word + " tent?")
	t.want(strings.Contains(a.Answer, "80 EUR") && len(a.Passages) > 0 && a.Passages[0].SourceID == source, "an answer quotes the document and names it")
	broken := append(document("x")[:200], bytes.Repeat([]byte{0xff}, 4000)...)
	var s struct{ ID, State, Reason string }
	raw, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodPost, Path: "/api/v1/knowledge/sources?name=" + url.QueryEscape("broken.pdf"), Body: broken,
		Header: http.Header{"Content-Type": {"application/octet-stream"}, "Idempotency-Key": {canary()}}})
	t.must(err)
	_ = json.Unmarshal(raw.Body, &s) // a refusal has no id
	t.settle()
	if s.ID != "" {
		t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+s.ID, nil, &s)
	}
	t.want(raw.Status >= 400 || s.State == "failed" && s.Reason != "", "a broken one fails with a reason, and the program goes on")
	_, hits := t.atRest("deposit for the " + word)
	t.want(hits == 0, "what it says stands readable in no file at rest")
}

func faqPairs(t *trial) {
	question, answer := t.fact()
	a := t.tries(question)
	t.want(a.Decision == "answer" && strings.Contains(a.Answer, answer) && len(a.Passages) > 0 && a.Passages[0].SourceID != "", "an answer is a written one, and names it")
	word := canary()
	source := t.uploads("questions.csv", "text/csv", []byte("question,answer\nWhere is the "+word+" desk?,The "+word+" desk is on the second floor.\n"))
	a = t.tries("Where is the " + word + " desk?")
	t.want(strings.Contains(a.Answer, "second floor") && len(a.Passages) > 0 && a.Passages[0].SourceID == source, "so is an imported one")
}

func cataloguePrices(t *trial) {
	one, two := canary(), canary()
	t.uploads("prices.csv", "text/csv", []byte("sku,name,price,currency\nA1,"+one+",41.30,EUR\nA2,"+two+",1250.00,EUR\n"))
	a := t.tries("How much does the " + two + " cost?")
	t.want(strings.Contains(strings.NewReplacer(",", "", " ", "", ".00", "").Replace(a.Answer), "1250") && !strings.Contains(a.Answer, "41"), "a price is quoted exactly, and only that of the item")
	var list struct {
		Items []struct{ Format, Kind, Name string }
	}
	t.owner(http.MethodGet, "/api/v1/knowledge/sources?limit=100", nil, &list)
	found := false
	for _, s := range list.Items {
		found = found || s.Name == "prices.csv" && (s.Kind == "catalogue" || s.Format == "catalogue")
	}
	t.want(found, "the list is held as a price list")
}

func businessProfile(t *trial) {
	word := canary()
	var s struct{ ID, State string }
	t.owner(http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "profile", "name": "About " + word,
		"profile": map[string]any{"description": "We mend " + word + " boats.", "addresses": []map[string]string{{"label": "Workshop", "text": word + " Street 7"}}}}, &s)
	t.settle()
	t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+s.ID, nil, &s)
	t.want(s.State == "ready", "it is read")
	rests := func() bool {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/knowledge/search?q=" + word})
		t.must(err)
		return strings.Contains(string(a.Body), word+" Street 7")
	}
	t.want(rests(), "what the business says of itself is found as its own text")
	t.owner(http.MethodDelete, "/api/v1/knowledge/sources/"+s.ID, nil, nil)
	t.settle()
	t.want(!rests(), "and no longer once it was taken out")
	t.restart()
	t.want(!rests(), "nor when the program is started anew")
}

func knowledgeDeleted(t *trial) {
	word := canary()
	source := t.knows("Where is the "+word+" moored?", "The "+word+" is moored at pier nine.")
	t.advance(40 * day)
	ask := "Where is the " + word + " moored?"
	t.want(strings.Contains(t.tries(ask).Answer, "pier nine"), "after 40 days it still answers")
	t.owner(http.MethodDelete, "/api/v1/knowledge/sources/"+source, nil, nil)
	t.settle()
	t.want(!strings.Contains(t.tries(ask).Answer, "pier nine"), "deleted, it answers nothing any more")
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/knowledge/search?q=" + word})
	t.must(err)
	t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), "pier"), "no search finds it")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/knowledge/sources/"+source, nil, nil) == http.StatusNotFound, "it is not shown")
}

// neverAsksForSpecial puts a question about a protected matter into the knowledge
// itself: even a quoted one is not sent.
func neverAsksForSpecial(t *trial) {
	word := canary()
	t.knows("What do you need for the "+word+" form?", "Please tell us your religion and your diagnosis.")
	other := canary()
	t.knows("How do I return the "+other+" parcel?", "Please tell us your order number.")
	t.autopilot()
	_, byAI := t.answered("messenger", "Special "+canary(), "What do you need for the "+word+" form?")
	for _, l := range byAI {
		t.want(!strings.Contains(l.Body, "religion"), "an answer that asks for such a matter is not sent")
	}
	t.saw("an answer that asks for such a matter is not sent")
	_, byAI = t.answered("messenger", "Plain "+canary(), "How do I return the "+other+" parcel?")
	t.want(len(byAI) == 1 && strings.Contains(byAI[0].Body, "order number"), "one that asks for something else is")
}

func everySwitch(t *trial) {
	question, _ := t.fact()
	_, byAI := t.answered("messenger", "Off "+canary(), question)
	t.want(len(byAI) == 0, "switched off for the workspace, nothing is answered by itself")
	t.autopilot()
	name := "On " + canary()
	c, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "switched on, it is")
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/ai", map[string]any{"mode": "off"}, nil)
	_, byAI = t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "switched off for one conversation, it says nothing more there")
	t.control(question)
	id := t.accountOf("messenger")
	t.after(func() { t.owner(http.MethodPatch, "/api/v1/channels/"+id, map[string]any{"mode": ""}, nil) })
	t.owner(http.MethodPatch, "/api/v1/channels/"+id, map[string]any{"mode": "off"}, nil)
	_, byAI = t.answered("messenger", "Channel "+canary(), question)
	t.want(len(byAI) == 0, "switched off for one channel, it says nothing there")
	_, byAI = t.answered("instagram", "Channel "+canary(), question)
	t.want(len(byAI) == 1, "on another it does")
}

// accountOf is the id of the connected account of a kind.
func (t *trial) accountOf(kind string) string {
	for _, c := range t.channels() {
		if c.Kind == kind {
			return c.ID
		}
	}
	t.want(false, "an account of %s is connected", kind)
	return ""
}

// gaps are the questions that found no answer.
func (t *trial) gaps() (all string) {
	next := ""
	for t.err == nil {
		var page struct {
			Items json.RawMessage
			Next  string
		}
		t.owner(http.MethodGet, "/api/v1/knowledge/gaps?limit=100&cursor="+url.QueryEscape(next), nil, &page)
		all += string(page.Items)
		if next = page.Next; next == "" {
			break
		}
	}
	return all
}

// unlike is a canary that begins like no other: what is alike to a question is
// offered as what might be meant.
func unlike() string { return strings.TrimPrefix(canary(), "canary") }

// vainly asks what nothing answers, and once more: the first time something alike may
// be offered instead.
func (t *trial) vainly(who, question string) {
	for range 2 {
		t.says("messenger", who, question)
	}
}

// listed waits until a question that found no answer is among the gaps: it is noted
// after the answer left.
func (t *trial) listed(word string) bool {
	for range 100 {
		if strings.Contains(t.gaps(), word) {
			return true
		}
		t.settle()
	}
	return false
}

func limitedDataUse(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name, secret, other := "Limited "+canary(), unlike(), unlike()
	c, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "somebody is answered")
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"limited": true}, nil)
	_, byAI = t.answered("messenger", name, question)
	t.want(len(byAI) == 2, "marked for limited use, they still are")
	t.vainly(name, "Where may a "+secret+" lorry be parked at night?")
	t.vainly("Usual "+canary(), "Where may a "+other+" caravan be parked at night?")
	t.want(t.listed(other), "what somebody else asked in vain is listed, to better the knowledge")
	t.want(!strings.Contains(t.gaps(), secret), "what they asked is not")
}

func noWorseForAsking(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	name := "Asking " + canary()
	c, _ := t.answered("messenger", name, question)
	for _, kind := range []string{"access", "rectify"} {
		t.owner(http.MethodPost, "/api/v1/privacy/cases", map[string]any{"kind": kind, "law": "ccpa", "locale": "en", "contact_id": c.Contact.ID, "words": "My request " + canary()}, nil)
	}
	t.settle()
	before := t.answeredBy(c)
	_, byAI := t.answered("messenger", name, question)
	t.want(t.answeredBy(c) == before+1 && len(byAI) > 0 && strings.Contains(byAI[len(byAI)-1].Body, answer), "who asked for their data is answered as before")
	control := t.control(question)
	lines := t.lines(control.ID)
	t.want(len(lines) > 0 && (strings.Contains(lines[len(lines)-1].Body, answer) || strings.Contains(lines[0].Body, answer)), "and just as anybody else")
}
