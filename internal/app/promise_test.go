package app

import (
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/kit/config"
	"parley/internal/kit/secret"
	"parley/internal/promise"
)

func TestPromisesPageIsUpToDate(t *testing.T) {
	t.Parallel()
	const path = "../../docs/promises.md"
	r, err := promise.Load()
	if err != nil {
		t.Fatal(err)
	}
	page := promise.List(r)
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Fatalf("docs/promises.md is out of date; run go test ./internal/app -run Page -update (%v)", err)
	}
}

func TestEveryTermThatIsPublishedIsCarriedOut(t *testing.T) {
	t.Parallel()
	a := &App{Install: &Install{}}
	var carried []string
	for _, e := range a.every() {
		carried = append(carried, e.Name)
	}
	for _, term := range promise.Terms() {
		if !slices.Contains(carried, term.Rule) || term.After <= 0 && term.Months <= 0 {
			t.Errorf("%s is published, but no rule of retention.go is named %q", term.Name, term.Rule)
		}
	}
}

// covers A-8.1-01, A-2-05
func TestOnlyWhatIsSwitchedOnIsListedAsARecipient(t *testing.T) {
	t.Parallel()
	ids := func(cfg config.Config) (names []string) {
		for _, r := range services(cfg) {
			names = append(names, r.ID)
		}
		return names
	}
	if got := ids(config.Config{PostHogURL: "https://eu.i.posthog.com"}); len(got) != 0 {
		t.Errorf("nothing is set and %v are listed", got)
	}
	inside := config.Config{SMTPURL: secret.New("smtp://127.0.0.1:25?from=a@b.test"), SentryDSN: secret.New("http://key@127.0.0.1:9000/1"), PostHogKey: secret.New("k"), PostHogURL: "http://10.0.0.3"}
	if got := ids(inside); len(got) != 0 {
		t.Errorf("servers of one's own network are listed as companies: %v", got)
	}
	outside := config.Config{SMTPURL: secret.New("smtps://u:p@mail.example.com?from=a@b.test"), SentryDSN: secret.New("https://key@errors.example.com/1"), SentryDPA: "of 2026-01-01",
		PostHogKey: secret.New("k"), PostHogURL: "https://eu.i.posthog.com"}
	if got := ids(outside); !slices.Equal(got, []string{"mail", "sentry"}) {
		t.Errorf("a service without an agreement is not called and so not listed: %v", got)
	}
	for _, r := range services(outside) {
		if strings.ContainsAny(r.Company, ":/@") {
			t.Errorf("%s names more than a host", r.Company)
		}
	}
}
