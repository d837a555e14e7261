package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
)

var update = flag.Bool("update", false, "write the generated page")

// eventKinds reads the kinds of event with their notes where they are declared.
func eventKinds(t *testing.T) (names []desk.EventKind, notes map[desk.EventKind]string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../desk/event.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	notes = map[desk.EventKind]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "EventKind" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, desk.EventKind(text))
		notes[desk.EventKind(text)] = strings.TrimSpace(spec.Comment.Text())
		return true
	})
	if len(names) < 10 {
		t.Fatalf("saw only %d kinds of event: the search is broken", len(names))
	}
	return names, notes
}

func follower(r flow.Rule) string {
	lane := map[flow.KeyOf]string{flow.ByConversation: "conversation", flow.ByWorkspace: "workspace", flow.ByMessage: "message",
		flow.ByObject: "object", flow.ByAccount: "account"}[r.Key]
	text := fmt.Sprintf("`%s` in the lane of its %s", r.Do, lane)
	switch {
	case r.Burst:
		text += ", once the burst is over"
	case r.After > 0:
		text += fmt.Sprintf(", after %s", r.After)
	}
	if r.Coalesce {
		text += ", one at a time"
	}
	return text
}

func eventsPage(t *testing.T) string {
	t.Helper()
	names, notes := eventKinds(t)
	var b strings.Builder
	b.WriteString("# Events\n\n" +
		"Made from `internal/desk/event.go` and the rules of `internal/app/flow.go`; change them there and run\n" +
		"`go test ./internal/app -run Page -update`.\n\n" +
		"An event is a numbered row in the transaction of its cause; its followers are rows of the same transaction.\n\n| event | when | followers |\n|---|---|---|\n")
	for _, name := range names {
		var follow []string
		for _, r := range rules() {
			if r.On == name {
				follow = append(follow, follower(r))
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, notes[name], strings.Join(follow, "<br>"))
	}
	return b.String()
}

func TestEventsPageIsUpToDate(t *testing.T) {
	t.Parallel()
	const path = "../../docs/events.md"
	page := eventsPage(t)
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Fatalf("docs/events.md is out of date; run go test ./internal/app -run Page -update (%v)", err)
	}
}

// covers decision 3: a term that is told to visitors is carried out.
func TestEveryTermThatIsToldIsCarriedOut(t *testing.T) {
	t.Parallel()
	a := &App{Install: &Install{}}
	var carried []string
	for _, e := range a.every() {
		carried = append(carried, e.Name)
	}
	for _, h := range privacy.All() {
		if h.By == "" && (h.With != "" && h.With != privacy.Install || h.After > 0 || h.Months > 0) || h.By != "" && !slices.Contains(carried, h.By) {
			t.Errorf("%s ends, but no rule of retention.go is named %q", h.Name, h.By)
		}
	}
}
