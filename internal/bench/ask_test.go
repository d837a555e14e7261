package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAskCountsRightWrongAndSilentApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	shop := write("shop.txt", "1. Returns\nYou can return a coat within thirty days of delivery.\n2. Opening\n2.1 Berlin\nThe store in Berlin opens at ten in the morning.\n2.2 Hamburg\nThe store in Hamburg opens at noon on every working day.\n")
	bank := write("bank.txt", "Cards: We send a new bank card within a week.\nAccounts: An account is closed on the day you ask for it.\n")
	questions := write("q.tsv", strings.Join([]string{
		"id\tpolicy\tkind\tsection\tquestion",
		"1\tshop\tplain\t1\tCan I return a coat within thirty days?",
		"2\tshop\tplain\t2\tWhen does the store in Hamburg open?",
		"3\tbank\tplain\tCards:\tWhen do you send a new bank card?",
		"4\tshop\tunanswerable\t-\tDo you sell laptops?",
		"5\tbank\tunanswerable\t-\tWho is your president?",
	}, "\n")+"\n")
	figures, all, err := Ask(t.Context(), []string{shop, bank}, questions)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 5 {
		t.Fatalf("%d questions asked", len(all))
	}
	for _, f := range figures {
		switch f.Metric {
		case "plain/first", "plain/five":
			if f.Value != 3 {
				t.Errorf("%s: %v of 3", f.Metric, f.Value)
			}
		case "plain/quoted-wrong", "unanswerable/quoted":
			if f.Value != 0 {
				t.Errorf("%s: %v", f.Metric, f.Value)
			}
		}
	}
	if _, _, err := Ask(t.Context(), []string{bank}, questions); err == nil {
		t.Error("a section that the document lacks goes unnoticed")
	}
}

func TestASectionHoldsAllBelowIt(t *testing.T) {
	t.Parallel()
	body := "1. One\na\n1.1 Sub\nb\n10. Ten\nc\n| Row | x |\n| Last | y |\n"
	for name, want := range map[string]string{
		"1": "1. One\na\n1.1 Sub\nb\n", "1.1": "1.1 Sub\nb\n", "10": "10. Ten\nc\n| Row | x |\n| Last | y |\n", "Row": "| Row | x |",
	} {
		if p, ok := section(body, name); !ok || p.Of(body) != want {
			t.Errorf("section %s: %q", name, p.Of(body))
		}
	}
}

func TestTheDataIsReadAsItsReadmeSays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"xquad.en.json":        `{"data":[{"paragraphs":[{"context":"A.","qas":[{"question":"Q1?"},{"question":"Q2?"}]},{"context":"B.","qas":[{"question":"Q3?"}]}]}]}`,
		"hint3.shop.train.csv": "sentence,label\na,X\nb,X\nc,Y\n",
		"hint3.shop.test.csv":  "sentence,label\nd,Y\ne,NO_NODES_DETECTED\nf,UNKNOWN\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x, err := loadXQuAD(dir, "en")
	if err != nil || len(x.questions) != 3 || x.gold[2] != 1 || x.bodies[1] != "B." {
		t.Errorf("%+v %v", x, err)
	}
	h, err := loadHINT3(dir, "shop")
	if err != nil || len(h.titles) != 2 || h.titles[0] != "a\nb\n" || len(h.gold) != 2 || h.gold[0] != 1 || h.gold[1] != noDocument {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := loadXQuAD(dir, "tr"); err == nil {
		t.Error("a missing file goes unnoticed")
	}
}
