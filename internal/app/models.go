package app

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/anthropic"
	"parley/internal/llm/openai"
)

// Names of the rules by which models are called.
const (
	ruleOpenAI    = "model.openai"
	ruleAnthropic = "model.anthropic"
	ruleVectors   = "model.vectors"
	ownRule       = ".own" // after one of them: the address that the operator named
)

// Limits of a call to a model. The caller's deadline is shorter; vectors of many
// passages are long.
const (
	maxModelAnswer = 32 << 20
	maxModelTime   = 2 * time.Minute
)

// modelRules are the lines of the register for models: the two vendors, and what
// the operator named.
func modelRules(cfg config.Config) ([]httpx.Rule, error) {
	var rules []httpx.Rule
	add := func(name, own, set string, row llm.Vendor) error {
		r := httpx.Rule{Name: name, Purpose: httpx.Subprocessor, Max: maxModelAnswer, Timeout: maxModelTime}
		if own != "" {
			r.Ready = contract(row.DPA, max(row.RetentionDays, 1))
			if err := r.Add(own); err != nil {
				return err
			}
			rules = append(rules, r)
		}
		if set == "" || sameHost(set, own) {
			return nil
		}
		r = httpx.Rule{Name: name + ownRule, Purpose: httpx.Subprocessor, Max: maxModelAnswer, Timeout: maxModelTime}
		if host, ok := inside(set); ok { // no company gets anything
			r.Purpose, r.Private = httpx.Infrastructure, []string{host}
		} else if err := r.Add(set); err != nil {
			return err
		} else {
			r.Ready = contract(cfg.ModelDPA, cfg.ModelDays)
		}
		rules = append(rules, r)
		return nil
	}
	first, _ := llm.VendorOf(llm.OpenAI)
	second, _ := llm.VendorOf(llm.Anthropic)
	err := errors.Join(add(ruleOpenAI, openai.Own, cfg.OpenAIURL, first), add(ruleAnthropic, anthropic.Own, cfg.AnthropicURL, second),
		add(ruleVectors, "", cfg.EmbeddingsURL, llm.Vendor{}))
	return rules, err
}

// contract refuses a company whose agreement is not known, or which keeps what it
// gets for longer than the policy says; nil = it may be called.
func contract(agreement string, days int) func(context.Context) error {
	refused := lacks(agreement, days)
	if refused == nil {
		return nil
	}
	return func(context.Context) error { return refused }
}

func lacks(agreement string, days int) error {
	switch {
	case agreement == "":
		return llm.ErrNoDPA
	case days < 1 || days > llm.MaxDays:
		return llm.ErrKeepsLong
	}
	return nil
}

func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	v, other := url.Parse(b)
	return err == nil && other == nil && strings.EqualFold(u.Host, v.Host) && u.Scheme == v.Scheme
}

// inside reports whether an address lies on this machine or its network, and
// gives its host: numbers that are not public, or a name that only an own network
// can have.
func inside(raw string) (host string, ok bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", false
	}
	name := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(name); err == nil {
		return strings.ToLower(u.Host), ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".lan", ".home.arpa"} {
		if strings.HasSuffix(name, end) {
			return strings.ToLower(u.Host), true
		}
	}
	return strings.ToLower(u.Host), !strings.Contains(name, ".")
}

// Models makes models of what workspaces chose. Everybody who uses one key
// shares its circuit.
type Models struct {
	cfg      config.Config
	out      *httpx.Client
	clk      clock.Clock
	circuits *llm.Circuits
}

func newModels(cfg config.Config, out *httpx.Client, clk clock.Clock) *Models {
	return &Models{cfg: cfg, out: out, clk: clk, circuits: llm.NewCircuits(clk)}
}

// target is where and how a choice is called.
type target struct {
	url, rule string
	key       secret.Text
	anthropic bool
	style     openai.Style
}

// Open makes the model of a choice. Its errors are *llm.Error: BadRequest for a
// choice that cannot be, BadKey without a key, NotAllowed for an address that
// the operator did not name. It calls nobody.
func (m *Models) Open(s llm.Settings, care llm.Care) (llm.Adapter, error) {
	at, err := m.resolve(s)
	if err != nil {
		return nil, err
	}
	var inner llm.Adapter
	if at.anthropic {
		inner, err = anthropic.New(anthropic.Options{URL: at.url, Key: at.key, Calls: m.out, Rule: at.rule})
	} else {
		inner, err = openai.New(openai.Options{URL: at.url, Key: at.key, Calls: m.out, Rule: at.rule, Style: at.style})
	}
	if err != nil {
		return nil, err
	}
	return llm.NewCareful(inner, m.circuits.For(circuitOf(s), at.url, at.key), m.clk, care), nil
}

// State tells whether calls of a choice rest, and why.
func (m *Models) State(s llm.Settings) llm.State {
	at, err := m.resolve(s)
	if err != nil {
		return llm.State{}
	}
	return m.circuits.For(circuitOf(s), at.url, at.key).State()
}

// circuitOf names what rests together.
func circuitOf(s llm.Settings) string {
	if s.Vectors {
		return s.Vendor + " vectors"
	}
	return s.Vendor
}

// resolve finds the address, the rule and the key of a choice. The install's key
// goes to the install's address only.
func (m *Models) resolve(s llm.Settings) (target, error) {
	t, own, set, key := target{rule: ruleOpenAI}, openai.Own, m.cfg.OpenAIURL, m.cfg.OpenAIKey
	switch s.Vendor {
	case llm.OpenAI: // wherever the operator points it, it is asked by OpenAI's own way
		t.style = openai.Responses
	case llm.Compatible:
		t.style = openai.Chat
	case llm.Anthropic:
		t, own, set, key = target{rule: ruleAnthropic, anthropic: true}, anthropic.Own, m.cfg.AnthropicURL, m.cfg.AnthropicKey
	default:
		return t, &llm.Error{Kind: llm.BadRequest, Cause: errors.New("the vendor is openai, compatible or anthropic")}
	}
	if s.Vectors && s.Vendor == llm.Compatible && m.cfg.EmbeddingsURL != "" && (s.URL == "" || sameHost(s.URL, m.cfg.EmbeddingsURL)) {
		// The operator's own key: the workspace's is for another server.
		return target{url: m.cfg.EmbeddingsURL, rule: ruleVectors + ownRule, key: m.cfg.EmbeddingsKey, style: openai.Chat}, nil
	}
	install := set
	if install == "" && s.Vendor != llm.Compatible {
		install = own
	}
	t.url, t.key = s.URL, s.Key
	if t.url == "" {
		t.url = install
	}
	switch {
	case t.url == "":
		return t, &llm.Error{Kind: llm.BadRequest, Cause: errors.New("the operator named no server of this kind: PARLEY_OPENAI_URL")}
	case sameHost(t.url, own):
	case set != "" && sameHost(t.url, set):
		t.rule += ownRule
	default:
		return t, &llm.Error{Kind: llm.NotAllowed, Cause: errors.New("workspaces may choose the vendors' own addresses and those the operator named")}
	}
	if t.key.IsZero() && sameHost(t.url, install) {
		t.key = key
	}
	if t.key.IsZero() && (sameHost(t.url, own) || t.anthropic) {
		return t, &llm.Error{Kind: llm.BadKey, Cause: errors.New("no key is set")}
	}
	return t, nil
}

// Choices are the vendors and servers that a workspace of this install may
// choose, each with what is known of it.
func (m *Models) Choices() []llm.Choice {
	var all []llm.Choice
	for _, v := range llm.Vendors() {
		set, key := m.cfg.OpenAIURL, m.cfg.OpenAIKey
		if v.Name == llm.Anthropic {
			set, key = m.cfg.AnthropicURL, m.cfg.AnthropicKey
		}
		all = append(all, llm.Choice{Vendor: v.Name, URL: v.URL, Register: &v, InstallKey: !key.IsZero() && (set == "" || sameHost(set, v.URL))})
		if set == "" || sameHost(set, v.URL) {
			continue
		}
		c := llm.Choice{Vendor: v.Name, URL: set, InstallKey: !key.IsZero(), Default: true}
		_, c.Own = inside(set)
		if v.Name == llm.OpenAI {
			c.Vendor = llm.Compatible
		}
		switch lack := lacks(m.cfg.ModelDPA, m.cfg.ModelDays); {
		case c.Own || lack == nil:
		case errors.Is(lack, llm.ErrNoDPA):
			c.Refused = llm.NoDPA
		default:
			c.Refused = llm.KeepsLong
		}
		all = append(all, c)
	}
	return all
}
