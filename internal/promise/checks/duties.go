package checks

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// dutyChecks hold the register of what is owed to data protection to its word.
func dutyChecks() []entry {
	return []entry{
		{"interests-balanced", interestsBalanced},
		{"impact-sections", impactSections},
		{"impact-assessed", impactAssessed},
		{"access-reviewed", accessReviewed},
		{"safeguards-advised", safeguardsAdvised},
	}
}

type owed struct {
	ID, Kind, State string
	Due             time.Time `json:"due_at"`
	Hash            string    `json:"document_sha256"`
	Changed         bool
	Sections        []struct {
		Title string
		Lines []string
	}
	Lines []struct {
		Key, Name, Words, Verdict string
		Detail                    []string
	}
}

// text is all that somebody reads of it.
func (o owed) text() string {
	var b strings.Builder
	for _, s := range o.Sections {
		b.WriteString(s.Title + "\n" + strings.Join(s.Lines, "\n") + "\n")
	}
	for _, l := range o.Lines {
		b.WriteString(l.Words + "\n" + strings.Join(l.Detail, "\n") + "\n")
	}
	return b.String()
}

// signing is what is sent to sign it with one verdict on every line.
func (o owed) signing(verdict string) map[string]any {
	all := []map[string]string{}
	for _, l := range o.Lines {
		all = append(all, map[string]string{"key": l.Key, "verdict": verdict})
	}
	return map[string]any{"document_sha256": o.Hash, "verdicts": all}
}

const duties = "/api/v1/privacy/duties"

// owes finds the open one of a kind, with what there is to read.
func (t *trial) owes(kind string) (o owed) {
	var list struct{ Items []owed }
	t.owner(http.MethodGet, duties, nil, &list)
	i := slices.IndexFunc(list.Items, func(o owed) bool { return o.Kind == kind })
	t.want(i >= 0, "%s is owed without anybody asking for it", kind)
	if i >= 0 {
		t.owner(http.MethodGet, duties+"/"+list.Items[i].ID, nil, &o)
	}
	return o
}

func interestsBalanced(t *trial) {
	t.advance(time.Hour)
	o := t.owes("interests")
	t.want(len(o.Lines) == 6, "six interests are written down")
	for _, l := range o.Lines {
		said := strings.Join(l.Detail, " ")
		t.want(strings.Contains(said, "Wanted:") && strings.Contains(said, "Needed:"), "of %s it says what is wanted and what is needed for it", l.Words)
	}
	t.want(strings.Contains(o.text(), "objects"), "it says what becomes of an objection")
	b := t.officer()
	half := o.signing("outweighs")
	half["verdicts"] = half["verdicts"].([]map[string]string)[1:]
	t.want(b.ask(http.MethodPost, duties+"/"+o.ID+"/sign", half, nil) == http.StatusUnprocessableEntity, "it is not signed until each of them is weighed")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("outweighs"), nil) == http.StatusForbidden, "a key signs nothing")
	var done owed
	b.good(http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("outweighs"), &done)
	t.want(done.State == "done" && done.Lines[5].Verdict == "outweighs" && done.Hash == o.Hash, "what was weighed stays as it was signed")
	t.want(t.owes("interests").ID != o.ID, "and the next one is owed")
}

// impactSections reads an assessment before and after a setting changes.
func impactSections(t *trial) {
	t.advance(time.Hour)
	o := t.owes("assessment")
	t.want(len(o.Sections) == 3 && len(o.Lines) >= 8, "it has a description, the data, the need, and risks to weigh")
	t.want(strings.Contains(o.text(), "Instagram") && !strings.Contains(o.text(), "OpenAI"), "it names the channels of this workspace, and no company that it does not use")
	t.vendor("openai", "gpt-5-mini")
	o = t.owes("assessment")
	said := o.text()
	t.want(strings.Contains(said, "OpenAI"), "whose model it chooses stands in it at once")
	for _, l := range o.Lines {
		t.want(len(l.Detail) >= 2, "against %q stand measures with their proof", l.Words)
	}
	days := func(of owed) (n int) {
		for _, l := range of.Sections[1].Lines {
			if strings.Contains(l, "Why:") && strings.Contains(l, "Ground:") && strings.Contains(l, "Until:") {
				n++
			}
		}
		return n
	}
	if t.err == nil {
		t.want(days(o) >= 15, "each kind of data has a reason, a ground and a term")
	}
	t.want(strings.Contains(said, "at most 6 earlier lines"), "it says how many lines the model sees")
	t.sets(map[string]any{"history": 3})
	t.want(strings.Contains(t.owes("assessment").text(), "at most 3 earlier lines"), "and so does another setting")
}

// impactAssessed signs one, uses the model for something else and is asked again.
func impactAssessed(t *trial) {
	t.advance(time.Hour)
	address, _ := t.invited("privacy")
	b, _ := t.joins(address, canary()+canary())
	o := t.owes("assessment")
	signed := func(b *browser, o owed) {
		t.want(b.ask(http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("high"), nil) == http.StatusUnprocessableEntity, "a high risk is not signed without what is done about it")
		b.good(http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("medium"), nil)
	}
	signed(b, o)
	now := t.w.Now()
	next := t.owes("assessment")
	t.want(next.ID != o.ID && next.Due.Sub(now) > 300*24*time.Hour && !next.Changed, "what was signed is due again in a year")
	before := len(t.letters(address))
	t.vendor("openai", "gpt-5-mini")
	t.advance(time.Hour)
	next = t.owes("assessment")
	t.want(next.Changed && next.Due.Sub(t.w.Now()) <= 14*24*time.Hour, "a model that is switched on asks for the next one within two weeks")
	letters := t.letters(address)
	t.want(len(letters) == before+1 && strings.Contains(letters[len(letters)-1], "/data-rights/records"), "who answers for it is written to")
	signed(t.officer(), next)
	t.want(!t.owes("assessment").Changed, "once it is signed it stands for that, too")
}

func accessReviewed(t *trial) {
	t.advance(time.Hour)
	var key struct{ ID, Token string }
	t.owner(http.MethodPost, "/api/v1/keys", map[string]any{"name": "Review " + canary(), "role": "agent"}, &key)
	address, _ := t.invited("admin")
	admin, _ := t.joins(address, canary()+canary())
	clerk := t.officer()
	o := t.owes("access")
	t.want(o.Due.Sub(t.w.Now()) <= 90*24*time.Hour, "a review is due each quarter")
	t.want(strings.Contains(o.text(), "Last here on") && strings.Contains(o.text(), "Ends on"), "it shows everybody's last use and the end of every key")
	signing := func(o owed) map[string]any {
		s := o.signing("keep")
		for _, v := range s["verdicts"].([]map[string]string) {
			if v["key"] == "key:"+key.ID {
				v["verdict"] = "remove"
			}
		}
		return s
	}
	t.want(strings.Contains(o.text(), "Review canary"), "a key that was made lately stands in it")
	at := duties + "/" + o.ID + "/sign"
	t.want(clerk.ask(http.MethodPost, at, signing(o), nil) == http.StatusForbidden, "who manages nobody takes no access away by it")
	t.want(t.as(promise.As{Token: key.Token}, http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusOK, "until it is signed the key opens")
	o = t.owes("access")
	admin.good(http.MethodPost, at, signing(o), nil)
	t.want(t.as(promise.As{Token: key.Token}, http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusUnauthorized, "what it says to remove opens nothing any more")
	next := t.owes("access")
	t.want(next.ID != o.ID && next.Due.Sub(t.w.Now()) > 80*24*time.Hour, "the next quarter's is owed")
}

// safeguardsAdvised: a business finds words for its visitors, whose address leads to
// its notice, and signs what it did about each piece of advice.
func safeguardsAdvised(t *trial) {
	t.advance(time.Hour)
	o := t.owes("notice")
	notice := "/w/" + t.w.Place().Widget + "/privacy"
	t.want(len(o.Sections) == 2 && len(o.Lines) >= 5, "there are words in each language, and things to see to")
	for _, s := range o.Sections {
		t.want(len(s.Lines) == 2 && strings.Contains(s.Lines[0], notice) && strings.Contains(s.Lines[1], notice), "%s name the address of the notice", s.Title)
	}
	t.want(t.page(notice).Status == http.StatusOK, "at which the notice is")
	b := t.officer()
	t.want(b.ask(http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("not_needed"), nil) == http.StatusUnprocessableEntity, "advice is not passed over without a reason")
	var done owed
	b.good(http.MethodPost, duties+"/"+o.ID+"/sign", o.signing("done"), &done)
	t.want(done.State == "done" && done.Lines[0].Verdict == "done", "what was seen to stays as it was signed")
	t.want(t.owes("notice").Due.Sub(t.w.Now()) > 300*24*time.Hour, "and is asked again in a year")
}
