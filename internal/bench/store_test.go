package bench

import (
	"context"
	"fmt"
	"testing"

	"parley/internal/knowledge/index"
)

// The figures themselves need a quiet machine and many minutes; here each bench
// runs small and has to come to its end with every figure.
func TestTheStoresBenchesRun(t *testing.T) {
	t.Parallel()
	small := map[string]Options{
		"list":    {Conversations: 400, Messages: 200},
		"search":  {Conversations: 10, Messages: 500},
		"erase":   {Conversations: 3, Messages: 300},
		"backup":  {Conversations: 20, Messages: 3},
		"copy":    {Conversations: 3, Messages: 600},
		"sweep":   {Conversations: 400, Messages: 4_000},
		"leave":   {Conversations: 3, Messages: 300},
		"numbers": {Conversations: 400},
		"audit":   {Messages: 300},
	}
	least := map[string]int{"list": 24, "search": 32, "erase": 2, "backup": 5, "copy": 3, "sweep": 7, "leave": 3, "numbers": 6, "audit": 2}
	for name, opt := range small {
		for _, engine := range []string{"sqlite", "postgres"} {
			t.Run(name+"/"+engine, func(t *testing.T) {
				t.Parallel()
				opt.Engine = engine
				figures, err := Run(context.Background(), name, opt)
				if err != nil {
					t.Fatal(err)
				}
				if len(figures) < least[name] {
					t.Errorf("%d figures, want %d", len(figures), least[name])
				}
				for _, f := range figures {
					if f.Engine != engine || f.Bench != name {
						t.Errorf("%+v is not of this bench", f)
					}
				}
			})
		}
	}
}

func TestAKeptIndexIsReadyAfterAStart(t *testing.T) {
	t.Parallel()
	docs := make([]index.Document, 120)
	for i := range docs {
		docs[i] = index.Document{ID: int64(i), Language: "en", Body: fmt.Sprint("The team won game ", i, " of the last year.")}
	}
	figures, err := readySpeed(t.Context(), Options{Dir: t.TempDir()}, size{passages: len(docs)}, docs)
	if err != nil || len(figures) != 2 {
		t.Errorf("%v %v", figures, err)
	}
}
