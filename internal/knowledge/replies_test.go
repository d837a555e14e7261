package knowledge_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"parley/internal/desk"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// reply keeps a saved reply, as whoever sets up the workspace would.
func (w *world) reply(t *testing.T, s store.SavedReply) (desk.ID, error) {
	t.Helper()
	err := w.DB.In(w.ws).Write(t.Context(), func(tx *store.Tx) error {
		if s.ID == 0 {
			s.ID = tx.NewID()
			if err := tx.InsertSavedReply(s, strings.ToLower(s.Name)); err != nil {
				return err
			}
		} else if err := tx.SaveSavedReply(s, strings.ToLower(s.Name)); err != nil {
			return err
		}
		return w.k.MirrorReplies(tx, desk.Actor{Kind: desk.ByMember, ID: 7})
	})
	return s.ID, err
}

// The AI uses a saved reply from the commit that says so, without what names a
// person, and no longer than that.
func TestASavedReplyAnswersAsLongAsItIsMeantTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		pickup := store.SavedReply{Name: "Pick up", Language: "en",
			Body: "Hello {{contact.name}},\nyou can pick up your order at the {{ business }} warehouse in Izmir on weekdays. Your number is ‹order number›.\n\nBest regards, {{member.name}}"}
		question := "Can I pick up my order at the warehouse?"
		id, err := w.reply(t, pickup)
		if err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, question); r.Decision == desk.DecideAnswer {
			t.Fatalf("used although nobody allowed it: %q", r.Text)
		}
		pickup.ID, pickup.Answers = id, true
		if _, err := w.reply(t, pickup); err != nil {
			t.Fatal(err)
		}
		r := w.ask(t, question)
		if r.Decision != desk.DecideAnswer || r.Text != "you can pick up your order at the one warehouse in Izmir on weekdays." {
			t.Fatalf("%s %q", r.Decision, r.Text)
		}
		source, err := w.k.Source(t.Context(), w.ws, r.Sources[0].SourceID)
		if err != nil || source.Kind != knowledge.Replies || source.Name != "Saved replies" || source.State != store.SourceReady || source.Passages != 1 {
			t.Fatalf("%+v %v", source, err)
		}
		pickup.Body = "You can pick up your order at our warehouse in Ankara."
		if _, err := w.reply(t, pickup); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, question); !strings.Contains(r.Text, "Ankara") {
			t.Fatalf("%s %q", r.Decision, r.Text)
		}
		// One that says nothing without a member is refused, and nothing else moves.
		if _, err := w.reply(t, store.SavedReply{Name: "Hi", Body: "Hi {{contact.name}}! It is ‹number›.", Answers: true}); reasonOf(err) != "reply_unusable" {
			t.Fatal(err)
		}
		// Read again, under another name, it says the same.
		name := "Our texts"
		if _, err := w.k.Update(t.Context(), w.ws, source.ID, knowledge.Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		if s := w.settled(t, source.ID); s.State != store.SourceReady || s.Passages != 1 {
			t.Fatalf("%+v", s)
		}
		// Deleted as a source, the replies stay with the members and leave the AI.
		if err := w.k.Delete(t.Context(), w.ws, source.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, question); r.Decision == desk.DecideAnswer {
			t.Fatalf("still used: %q", r.Text)
		}
		w.write(t, func(tx *store.Tx) error {
			all, err := tx.SavedReplies(0, 10)
			if err == nil && (len(all) != 1 || all[0].Answers) {
				t.Errorf("%+v", all)
			}
			return err
		})
		// Allowed again and then removed.
		if _, err := w.reply(t, pickup); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(t, question); r.Decision != desk.DecideAnswer {
			t.Fatal(r.Decision)
		}
		w.write(t, func(tx *store.Tx) error {
			if err := tx.DropSavedReply(id); err != nil {
				return err
			}
			return w.k.MirrorReplies(tx, desk.Actor{})
		})
		if all, err := w.k.Sources(t.Context(), w.ws, 0, 10); err != nil || len(all) != 0 {
			t.Fatalf("%+v %v", all, err)
		}
		if r := w.ask(t, question); r.Decision == desk.DecideAnswer {
			t.Fatalf("a removed reply answers: %q", r.Text)
		}
	})
}

func workbook(t *testing.T, sheets ...[][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for i, rows := range sheets {
		name := []string{"Sheet1", "Sheet2", "Sheet3"}[i]
		if i > 0 {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for n, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, n+1)
			if err == nil {
				err = f.SetSheetRow(name, cell, &row)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Questions and answers in a workbook are pairs like any other: one passage each,
// found by the question, and edited as a form.
func TestQuestionsAndAnswersComeAsAWorkbook(t *testing.T) {
	files(t, func(t *testing.T, w *world) {
		turkish := workbook(t, [][]string{{"Soru", "Cevap", "Benzer sorular"},
			{"Kargo ücreti ne kadar?", "Kargo ücretsizdir.", "Gönderim parası; teslimat ücreti"}, {"Hangi saatlerde açıksınız?", "10–19 arası."}})
		s := w.file(t, knowledge.Upload{Name: "sss.xlsx", Raw: turkish})
		if s.Kind != knowledge.FAQ || s.State != store.SourceReady || s.Passages != 2 || s.Format != "" {
			t.Fatalf("%+v", s)
		}
		c, err := w.k.Input(t.Context(), w.ws, s.ID)
		if err != nil || len(c.Pairs) != 2 || len(c.Pairs[0].Alternatives) != 2 || c.Pairs[1].Answer != "10–19 arası." {
			t.Fatalf("%+v %v", c, err)
		}
		if found, err := w.k.Search(t.Context(), w.ws, "gönderim parası", "tr", 1); err != nil || len(found) != 1 || found[0].Text != "Kargo ücretsizdir." {
			t.Fatalf("%+v %v", found, err)
		}
		title := [][]string{{"Our questions"}, {"2026"}}
		arabic := [][]string{{"السؤال", "الإجابة"}, {"ما هي ساعات العمل؟", "من التاسعة إلى السادسة."}}
		if s := w.file(t, knowledge.Upload{Name: "asked.xlsx", Kind: knowledge.FAQ, Raw: workbook(t, title, arabic)}); s.Kind != knowledge.FAQ || s.Passages != 1 {
			t.Fatalf("%+v", s)
		}
		// A table that is no such thing says so where pairs were asked for, and is a
		// table where they were not.
		table := workbook(t, [][]string{{"City", "Days"}, {"Izmir", "2"}, {"Berlin", "5"}})
		if s := w.file(t, knowledge.Upload{Name: "none.xlsx", Kind: knowledge.FAQ, Raw: table}); s.State != store.SourceFailed || s.Reason != "columns_unknown" {
			t.Fatalf("%+v", s)
		}
		if s := w.file(t, knowledge.Upload{Name: "table.xlsx", Raw: table}); s.Kind != knowledge.File || s.State != store.SourceReady {
			t.Fatalf("%+v", s)
		}
		half := workbook(t, [][]string{{"Question", "Answer"}, {"And then?", ""}})
		if s := w.file(t, knowledge.Upload{Name: "half.xlsx", Raw: half}); s.State != store.SourceFailed || s.Reason != "pair_incomplete" {
			t.Fatalf("%+v", s)
		}
	})
}
