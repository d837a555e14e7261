package app

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	sim "parley/sim/llm"
)

// modelsOf makes the Models of an install with these settings.
func modelsOf(t *testing.T, cfg config.Config) *Models {
	t.Helper()
	rules, err := modelRules(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clock.Real{}, rules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return newModels(cfg, out, clock.Real{})
}

func question() llm.Request {
	return llm.Request{Model: "claude-haiku-4-5", Messages: []llm.Turn{{Role: llm.User, Text: "Say OK."}}, MaxTokens: 20}
}

func standIn(t *testing.T, keys ...string) (*sim.Sim, sim.URLs) {
	t.Helper()
	s := sim.New(sim.Options{Keys: keys})
	at := httptest.NewServer(s.Handler())
	t.Cleanup(at.Close)
	t.Cleanup(s.Close)
	s.At(at.URL)
	return s, s.URLs()
}

func TestAnInstallPointedAtAStandInAsksIt(t *testing.T) {
	t.Parallel()
	s, at := standIn(t, "sk-install")
	m := modelsOf(t, config.Config{OpenAIURL: at.OpenAI, OpenAIKey: secret.New("sk-install"), AnthropicURL: at.Anthropic, AnthropicKey: secret.New("sk-install")})
	for _, vendor := range []string{llm.OpenAI, llm.Compatible, llm.Anthropic} {
		model, err := m.Open(llm.Settings{Vendor: vendor}, llm.Care{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := model.Generate(t.Context(), question()); err != nil || got.Text != "OK" {
			t.Errorf("%s: %q %v", vendor, got.Text, err)
		}
	}
	if n := len(s.Calls()); n != 3 {
		t.Errorf("%d calls", n)
	}
	own, err := m.Open(llm.Settings{Vendor: llm.Anthropic, Key: secret.New("sk-workspace")}, llm.Care{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own.Generate(t.Context(), question()); llm.KindOf(err) != llm.BadKey {
		t.Errorf("the workspace's own key was not used: %v", err)
	}
	if st := m.State(llm.Settings{Vendor: llm.Anthropic, Key: secret.New("sk-workspace")}); !st.Resting || st.Last.Kind != llm.BadKey {
		t.Errorf("%+v", st)
	}
	if st := m.State(llm.Settings{Vendor: llm.Anthropic}); st.Resting {
		t.Error("one workspace's wrong key stopped another's")
	}
}

func TestTheInstallsKeyGoesToTheInstallsAddressOnly(t *testing.T) {
	t.Parallel()
	m := modelsOf(t, config.Config{OpenAIURL: "http://127.0.0.1:9/v1", OpenAIKey: secret.New("sk-install")})
	if _, err := m.Open(llm.Settings{Vendor: llm.OpenAI, URL: "https://api.openai.com/v1"}, llm.Care{}); llm.KindOf(err) != llm.BadKey {
		t.Errorf("OpenAI itself without a key: %v", err)
	}
	at, err := m.resolve(llm.Settings{Vendor: llm.OpenAI, URL: "https://api.openai.com/v1", Key: secret.New("sk-mine")})
	if err != nil || at.key.Reveal() != "sk-mine" || at.rule != ruleOpenAI {
		t.Errorf("%+v %v", at, err)
	}
	if _, err := m.Open(llm.Settings{Vendor: llm.Anthropic}, llm.Care{}); llm.KindOf(err) != llm.BadKey {
		t.Error(err)
	}
}

func TestAWorkspaceChoosesAmongWhatTheOperatorNamed(t *testing.T) {
	t.Parallel()
	s, at := standIn(t)
	m := modelsOf(t, config.Config{})
	for _, url := range []string{at.OpenAI, "https://evil.example/v1", "http://169.254.169.254/", "http://localhost:5432", "http://api.openai.com/v1", "x"} {
		if _, err := m.Open(llm.Settings{Vendor: llm.OpenAI, URL: url, Key: secret.New("sk")}, llm.Care{}); llm.KindOf(err) != llm.NotAllowed {
			t.Errorf("%s: %v", url, err)
		}
	}
	if len(s.Calls()) != 0 {
		t.Error("a call left")
	}
	for _, bad := range []llm.Settings{{}, {Vendor: "google"}, {Vendor: llm.Compatible}} {
		if _, err := m.Open(bad, llm.Care{}); llm.KindOf(err) != llm.BadRequest {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// covers A-7.2-03, A-7.3-02
func TestACompanyWithoutAnAgreementIsRefused(t *testing.T) {
	t.Parallel()
	settings := llm.Settings{Vendor: llm.Compatible, Key: secret.New("sk")}
	m := modelsOf(t, config.Config{OpenAIURL: "https://models.example/v1"})
	model, err := m.Open(settings, llm.Care{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := model.Generate(t.Context(), question()); llm.KindOf(err) != llm.NoDPA {
		t.Error(err)
	}
	refused := 0
	for _, c := range m.Choices() {
		if c.Refused == llm.NoDPA {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d choices are refused", refused)
	}
	for _, days := range []int{0, 31} { // nobody knows for how long it keeps texts, or for too long
		m := modelsOf(t, config.Config{OpenAIURL: "https://models.example/v1", ModelDPA: "7", ModelDays: days})
		if model, err = m.Open(settings, llm.Care{}); err != nil {
			t.Fatal(err)
		}
		if _, err := model.Generate(t.Context(), question()); llm.KindOf(err) != llm.KeepsLong {
			t.Errorf("%d days: %v", days, err)
		}
		if !slices.ContainsFunc(m.Choices(), func(c llm.Choice) bool { return c.Refused == llm.KeepsLong }) {
			t.Errorf("%d days: %+v", days, m.Choices())
		}
	}
	for _, c := range modelsOf(t, config.Config{OpenAIURL: "https://models.example/v1", ModelDPA: "7", ModelDays: 30}).Choices() {
		if c.Refused != "" || c.Own {
			t.Errorf("%+v", c)
		}
	}
}

func TestAServerOfOnesOwnIsNoCompany(t *testing.T) {
	t.Parallel()
	for url, own := range map[string]bool{"http://127.0.0.1:11434/v1": true, "http://[::1]:1/": true, "http://10.0.0.7:8000": true, "http://ollama:11434": true,
		"https://models.internal/v1": true, "https://models.example/v1": false, "http://203.0.113.7:80": false, "http://localhost.evil.example": false} {
		if _, got := inside(url); got != own {
			t.Errorf("%s: own %v", url, got)
		}
		rules, err := modelRules(config.Config{AnthropicURL: url})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules {
			if strings.HasSuffix(r.Name, ownRule) && (r.Purpose == httpx.Infrastructure) != own {
				t.Errorf("%s: %s", url, r.Purpose)
			}
		}
	}
}
