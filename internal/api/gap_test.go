package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// learn adds a question without an answer, and a way to ask.
func (s *shop) learn(tx *store.Tx) error {
	gap, _, err := tx.NoteGap(store.GapQuestion{Contact: s.contact, Conversation: s.conversation, Message: s.message, Language: "en"}, "no_answer", s.passage)
	if err != nil {
		return err
	}
	s.gap = gap
	p, err := tx.Passage(s.passage)
	if err != nil {
		return err
	}
	w, err := tx.AddPhrasing(p, store.Phrasing{Text: s.canary + " wording", Language: "en", State: store.PhrasingActive})
	if s.phrasing = w.ID; err != nil {
		return err
	}
	if err := tx.SetFindings([]store.Finding{{Kind: "expired", Name: "one", Passages: []store.FindingPassage{{Passage: s.passage, Source: s.source, Said: s.canary}}}}); err != nil {
		return err
	}
	all, err := tx.Findings(false, 0, 1)
	s.finding = all[0].ID
	return err
}

// What was asked in vain is read with the reader's permission, and one click
// makes an answer of it.
func TestAGapIsReadAndAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var gaps api.Page[api.Gap]
		list := ask{method: "GET", path: "/api/v1/knowledge/gaps", cookie: w.a.cookie}
		w.want(t, 200, list).into(t, &gaps)
		if len(gaps.Items) != 1 || gaps.Items[0].Count != 1 || len(gaps.Items[0].Examples) != 1 || !strings.Contains(gaps.Items[0].Examples[0].Text, w.a.canary) {
			t.Fatalf("%+v", gaps.Items)
		}
		analyst, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "analyst", Role: desk.RoleAnalyst}, desk.Actor{Kind: desk.BySystem})
		must(t, err)
		if g := w.want(t, 200, ask{method: "GET", path: list.path, key: analyst.Token}); strings.Contains(g.body, w.a.canary+" asks") {
			t.Fatalf("who may not read conversations reads %s", g.body)
		}
		path := list.path + "/" + w.a.gap.String()
		w.want(t, 422, ask{method: "POST", path: path + "/answer", body: `{"answer":"Yes."}`, cookie: w.a.cookie})
		var made api.Added
		w.want(t, 201, ask{method: "POST", path: path + "/answer", body: `{"answer":"Yes.","question":"Really?"}`, cookie: w.a.cookie}).into(t, &made)
		var src api.Source
		w.want(t, 200, ask{method: "GET", path: "/api/v1/knowledge/sources/" + made.ID.String(), cookie: w.a.cookie}).into(t, &src)
		if src.Kind != "faq" || src.Name != "From gaps" {
			t.Fatalf("%+v", src)
		}
		w.want(t, 200, list).into(t, &gaps)
		if len(gaps.Items) != 0 {
			t.Fatalf("an answered gap is open still: %+v", gaps.Items)
		}
		w.want(t, 204, ask{method: "POST", path: path + "/dismiss", cookie: w.a.cookie})
		w.want(t, 200, ask{method: "GET", path: list.path + "?state=dismissed", cookie: w.a.cookie}).into(t, &gaps)
		if len(gaps.Items) != 1 || gaps.Items[0].State != "dismissed" {
			t.Fatalf("%+v", gaps.Items)
		}
	})
}

// What the doctor found is listed until somebody says that it is all right.
func TestAFindingIsListedAndDismissed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all api.Page[api.Finding]
		path := "/api/v1/knowledge/findings"
		w.want(t, 200, ask{method: "GET", path: path, cookie: w.a.cookie}).into(t, &all)
		if len(all.Items) != 1 || all.Items[0].Kind != "expired" || all.Items[0].Passages[0].Said != w.a.canary {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 204, ask{method: "POST", path: path + "/" + w.a.finding.String() + "/dismiss", cookie: w.a.cookie})
		w.want(t, 200, ask{method: "GET", path: path, cookie: w.a.cookie}).into(t, &all)
		if len(all.Items) != 0 {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 200, ask{method: "GET", path: path + "?dismissed=true", cookie: w.a.cookie}).into(t, &all)
		if len(all.Items) != 1 || all.Items[0].Dismissed == nil || all.Items[0].Dismissed.By == nil || all.Items[0].Dismissed.By.Kind != "member" {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 204, ask{method: "POST", path: path + "/" + w.a.finding.String() + "/recall", cookie: w.a.cookie})
		w.want(t, 200, ask{method: "GET", path: path, cookie: w.a.cookie}).into(t, &all)
		if len(all.Items) != 1 || all.Items[0].Dismissed != nil || all.Items[0].Passages[0].Text == "" {
			t.Fatalf("%+v", all.Items)
		}
		var health api.KnowledgeHealth
		w.want(t, 200, ask{method: "GET", path: "/api/v1/knowledge/health", cookie: w.a.cookie}).into(t, &health)
		if health.Findings.Expired != 1 || health.Gaps != 1 || health.Reading != 1 {
			t.Fatalf("%+v", health)
		}
	})
}

// Ways to ask and synonyms are kept by the API's rules.
func TestWaysToAskAndSynonymsAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/knowledge/passages/" + w.a.passage.String() + "/phrasings"
		var made api.Phrasing
		w.want(t, 201, ask{method: "POST", path: path, body: `{"text":"May I ask?"}`, cookie: w.a.cookie}).into(t, &made)
		var all api.Page[api.Phrasing]
		w.want(t, 200, ask{method: "GET", path: path, cookie: w.a.cookie}).into(t, &all)
		if len(all.Items) != 2 || all.Items[1].ID != made.ID || all.Items[1].State != "active" || all.Items[1].Asked {
			t.Fatalf("%+v", all.Items)
		}
		w.want(t, 204, ask{method: "DELETE", path: "/api/v1/knowledge/phrasings/" + made.ID.String(), cookie: w.a.cookie})
		w.want(t, 404, ask{method: "DELETE", path: "/api/v1/knowledge/phrasings/" + made.ID.String(), cookie: w.a.cookie})
		synonyms := "/api/v1/knowledge/synonyms"
		w.want(t, 422, ask{method: "PUT", path: synonyms, body: `{"language":"en","groups":[["alone"]]}`, cookie: w.a.cookie})
		w.want(t, 204, ask{method: "PUT", path: synonyms, body: `{"language":"en","groups":[["NDA","confidentiality agreement"]]}`, cookie: w.a.cookie})
		var words api.Page[api.Synonyms]
		w.want(t, 200, ask{method: "GET", path: synonyms, cookie: w.a.cookie}).into(t, &words)
		if len(words.Items) != 1 || words.Items[0].Groups[0][1] != "confidentiality agreement" {
			t.Fatalf("%+v", words.Items)
		}
	})
}
