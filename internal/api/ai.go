package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/store"
)

// AISettings is what the workspace decided about its AI.
type AISettings struct {
	Version      int64             `json:"version" doc:"Of what is shown; a change names the version it was made from"`
	At           *stamp            `json:"at,omitempty" doc:"When it was made; absent for what a new workspace begins with"`
	By           *ActorRef         `json:"by,omitempty"`
	Provider     string            `json:"provider" enum:",openai,anthropic,compatible" doc:"Empty: answers quote the knowledge and nothing leaves"`
	Fallback     string            `json:"fallback" enum:",openai,anthropic,compatible"`
	Models       map[string]string `json:"models" doc:"The model of each vendor"`
	Temperature  float64           `json:"temperature" minimum:"0" maximum:"1"`
	MaxTokens    int               `json:"max_tokens" minimum:"50" maximum:"4000"`
	History      int               `json:"history" minimum:"0" maximum:"40" doc:"Earlier lines of the engagement that go along"`
	Instructions string            `json:"instructions" maxLength:"8000"`
	Tone         string            `json:"tone" enum:"neutral,warm,formal"`
	Purposes     []string          `json:"purposes" nullable:"false" doc:"What a model may be called for: reply, suggest, rewrite, meaning, phrase, evaluate; empty = nothing"`
	Meaning      AIMeaning         `json:"meaning" required:"false"`
	TokensPerDay int64             `json:"tokens_per_day" minimum:"0"`
	CentsPerDay  int64             `json:"cents_per_day" minimum:"0" doc:"US cents"`
	Confidence   float64           `json:"confidence" minimum:"0" maximum:"1" doc:"Below it an answer waits as a draft; 0 = wherever the gate lets it go"`
	Topics       []AITopic         `json:"topics" nullable:"false" maxItems:"50"`
	Rules        []AIRule          `json:"rules" nullable:"false" maxItems:"100"`
	Hours        desk.Hours        `json:"hours"`
	DoNotSay     []string          `json:"do_not_say" nullable:"false" maxItems:"100"`
	Domains      []string          `json:"domains" nullable:"false" maxItems:"100"`
}

// ActorRef says who did something.
type ActorRef struct {
	Kind string  `json:"kind" enum:"member,key,system"`
	ID   desk.ID `json:"id"`
}

// AITopic is a subject with what the AI may do about it.
type AITopic struct {
	Name  string   `json:"name" minLength:"1" maxLength:"64"`
	Mode  string   `json:"mode" enum:"off,draft,autopilot" doc:"off: a person is called"`
	Words []string `json:"words" nullable:"false" maxItems:"100"`
}

// AIRule says how far the AI may go where all of its conditions hold.
type AIRule struct {
	ID       desk.ID `json:"id" doc:"0 for a new rule"`
	Channel  string  `json:"channel" maxLength:"64" doc:"Kind of channel"`
	Account  desk.ID `json:"account_id"`
	Topic    string  `json:"topic" maxLength:"64"`
	Language string  `json:"language" maxLength:"3"`
	Tag      string  `json:"tag" maxLength:"64"`
	Hours    string  `json:"hours" enum:",open,closed"`
	Mode     string  `json:"mode" enum:"off,draft,autopilot"`
}

func aiSettingsOf(s desk.AISettings) AISettings {
	out := AISettings{Version: s.Version, Provider: string(s.Provider), Fallback: string(s.Fallback), Models: map[string]string{},
		Temperature: s.Temperature, MaxTokens: s.MaxTokens, History: s.History, Instructions: s.Instruction, Tone: string(s.Tone),
		Purposes: []string{}, Meaning: AIMeaning{string(s.Meaning.Vendor), s.Meaning.URL, s.Meaning.Model, s.Meaning.Dimensions}, TokensPerDay: s.TokensPerDay, CentsPerDay: s.CentsPerDay, Confidence: s.Confidence, Topics: []AITopic{}, Rules: []AIRule{},
		Hours: s.Hours, DoNotSay: orEmpty(s.DoNotSay), Domains: orEmpty(s.Domains)}
	if s.Version > 0 {
		when := stamp(s.At)
		out.At, out.By = &when, &ActorRef{string(s.By.Kind), s.By.ID}
	}
	for v, model := range s.Models {
		out.Models[string(v)] = model
	}
	for _, p := range s.Purposes {
		out.Purposes = append(out.Purposes, string(p))
	}
	for _, t := range s.Topics {
		out.Topics = append(out.Topics, AITopic{t.Name, string(t.Mode), orEmpty(t.Words)})
	}
	for _, r := range s.Rules {
		out.Rules = append(out.Rules, AIRule{r.ID, r.Channel, r.Account, r.Topic, r.Language, r.Tag, string(r.Hours), string(r.Mode)})
	}
	return out
}

// desk makes settings of what came; the number of a rule is its place.
func (s AISettings) desk() desk.AISettings {
	out := desk.AISettings{Version: s.Version, Provider: desk.Vendor(s.Provider), Fallback: desk.Vendor(s.Fallback), Models: map[desk.Vendor]string{},
		Temperature: s.Temperature, MaxTokens: s.MaxTokens, History: s.History, Instruction: s.Instructions,
		Tone: desk.Tone(s.Tone), Purposes: []desk.AIPurpose{}, Meaning: desk.Meaning{Vendor: desk.Vendor(s.Meaning.Vendor), URL: s.Meaning.URL, Model: s.Meaning.Model, Dimensions: s.Meaning.Dimensions}, TokensPerDay: s.TokensPerDay, CentsPerDay: s.CentsPerDay, Confidence: s.Confidence,
		Topics: []desk.AITopic{}, Rules: []desk.Rule{}, Hours: s.Hours, DoNotSay: s.DoNotSay, Domains: s.Domains}
	for v, model := range s.Models {
		out.Models[desk.Vendor(v)] = model
	}
	for _, p := range s.Purposes {
		out.Purposes = append(out.Purposes, desk.AIPurpose(p))
	}
	for _, t := range s.Topics {
		out.Topics = append(out.Topics, desk.AITopic{Name: t.Name, Mode: desk.Mode(t.Mode), Words: t.Words})
	}
	for i, r := range s.Rules {
		out.Rules = append(out.Rules, desk.Rule{ID: desk.ID(i + 1), Channel: r.Channel, Account: r.Account, Topic: r.Topic, Language: r.Language, Tag: r.Tag,
			Hours: desk.When(r.Hours), Mode: desk.Mode(r.Mode)})
	}
	return out
}

// AIState is the settings with what surrounds them.
type AIState struct {
	Settings AISettings `json:"settings"`
	Vendors  []AIVendor `json:"vendors" nullable:"false"`
	Tokens   int64      `json:"tokens_today"`
	Cents    float64    `json:"cents_today" doc:"US cents, of models whose price is known"`
}

// AIVendor is who runs models, with what the register says of it.
type AIVendor struct {
	Name      string `json:"name" enum:"openai,anthropic,compatible"`
	Company   string `json:"company"`
	Key       string `json:"key" enum:"none,own,install" doc:"own: the workspace's; install: the operator's"`
	Hint      string `json:"hint" doc:"Last characters of the workspace's key"`
	Retention int    `json:"retention_days" doc:"How long the vendor keeps texts at most"`
	ZeroKept  bool   `json:"zero_retention"`
	Training  bool   `json:"training"`
	DPA       string `json:"dpa"`
	Region    string `json:"region"`
	CheckedOn string `json:"checked_on"`
}

type aiChange struct{ Body AIChange }

// AIChange is a new version of the settings.
type AIChange struct {
	AISettings
	Override string `json:"override,omitempty" maxLength:"500" doc:"Why it is saved although tests fail; recorded"`
}

type aiVersion struct {
	Version int64 `path:"version" minimum:"1"`
	Body    *struct {
		Override string `json:"override,omitempty" maxLength:"500" doc:"Why it is made the newest although tests fail; recorded"`
	}
}

// ByVendor is an operation on what belongs to one vendor.
type ByVendor struct {
	Vendor string `path:"vendor" enum:"openai,anthropic,compatible"`
}

type aiKeyBody struct {
	ByVendor
	Body struct {
		Key string `json:"key" minLength:"1" maxLength:"1000"`
	}
}

type aiTest struct {
	Body struct {
		Vendor string `json:"vendor" enum:"openai,anthropic,compatible"`
		Model  string `json:"model,omitempty" maxLength:"200"`
	}
}

// AITested is what became of trying a vendor.
type AITested struct {
	OK     bool    `json:"ok"`
	Reason string  `json:"reason" doc:"What failed: key, quota, busy, timeout, refused, bad_request, too_long, broken, network, server, no_dpa, keeps_long, not_allowed"`
	Words  string  `json:"words" doc:"The vendor's own"`
	Model  string  `json:"model"`
	MS     float64 `json:"ms"`
}

const aiOrder = "ai settings"

// aiRoutes: whoever reads the knowledge sees what the AI may do; whoever sets up
// the workspace changes it.
func aiRoutes(a *API) {
	path := "/api/v1/ai"
	read, write := Need(desk.ReadKnowledge), Need(desk.WriteWorkspace)
	declare(a, Route{ID: "get-ai", Method: http.MethodGet, Path: path, Needs: read, Tag: "ai",
		Summary: "What the workspace decided about its AI, the vendors, and what was spent today"}, a.aiState)
	declare(a, Route{ID: "change-ai", Method: http.MethodPut, Path: path, Needs: write, Tag: "ai",
		Summary: "A new version of the settings; 409 when somebody else made one meanwhile, or when tests fail under it (tests_failed)"}, a.changeAI)
	declare(a, Route{ID: "list-ai-versions", Method: http.MethodGet, Path: path + "/history", Needs: write, Tag: "ai",
		Summary: "Every version of the settings, newest first"}, a.listAIVersions)
	declare(a, Route{ID: "restore-ai", Method: http.MethodPost, Path: path + "/history/{version}/restore", Needs: write, Tag: "ai",
		Summary: "Make an old version the newest again; 409 when tests fail under it (tests_failed)"}, a.restoreAI)
	declare(a, Route{ID: "put-ai-key", Method: http.MethodPut, Path: path + "/keys/{vendor}", Needs: write, Fresh: true, Status: http.StatusNoContent, Tag: "ai",
		Summary: "Keep the workspace's key of a vendor; it is never shown again"},
		func(ctx context.Context, c *call, in *aiKeyBody) (*nothing, error) {
			err := a.Answers.PutKey(ctx, c.Workspace.ID, c.Actor, desk.Vendor(in.Vendor), secret.New(in.Body.Key))
			return nil, pointing(err, map[string]string{"key_malformed": "key"})
		})
	declare(a, Route{ID: "drop-ai-key", Method: http.MethodDelete, Path: path + "/keys/{vendor}", Needs: write, Fresh: true, Status: http.StatusNoContent, Tag: "ai",
		Summary: "Delete the workspace's key of a vendor"},
		func(ctx context.Context, c *call, in *ByVendor) (*nothing, error) {
			return nil, a.Answers.DropKey(ctx, c.Workspace.ID, c.Actor, desk.Vendor(in.Vendor))
		})
	declare(a, Route{ID: "test-ai", Method: http.MethodPost, Path: path + "/test", Needs: write, Limit: limitAsk, Tag: "ai",
		Summary: "Ask a vendor's model for one word; nothing of anybody goes along"}, a.testAI)
	declare(a, Route{ID: "list-ai-spend", Method: http.MethodGet, Path: path + "/spend", Needs: Need(desk.ReadBilling), Tag: "ai",
		Summary: "What calls to models cost, by day, purpose and model"}, a.listAISpend)
}

func (a *API) aiState(ctx context.Context, c *call, _ *nothing) (*given[AIState], error) {
	var out AIState
	var keys []store.AIKey
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		s, err := r.AISettings()
		if err != nil {
			return err
		}
		out.Settings = aiSettingsOf(s)
		if keys, err = r.AIKeys(); err != nil {
			return err
		}
		tokens, micros, err := r.Spent(a.Clock.Now())
		out.Tokens, out.Cents = tokens, float64(micros)/10_000
		return err
	})
	out.Vendors = []AIVendor{}
	for _, v := range desk.Vendors() {
		out.Vendors = append(out.Vendors, a.aiVendor(v, keys))
	}
	return reply(out, err)
}

func (a *API) aiVendor(v desk.Vendor, keys []store.AIKey) AIVendor {
	one := AIVendor{Name: string(v), Key: "none"}
	if a.Answers.Models.Installed(v) {
		one.Key = "install"
	}
	for _, k := range keys {
		if k.Vendor == v {
			one.Key, one.Hint = "own", k.Hint
		}
	}
	if row, ok := llm.VendorOf(string(v)); ok {
		one.Company, one.Retention, one.ZeroKept, one.Training = row.Company, row.RetentionDays, row.ZeroRetention, row.Training
		one.DPA, one.Region, one.CheckedOn = row.DPA, row.Region, row.CheckedOn
	}
	return one
}

func (a *API) changeAI(ctx context.Context, c *call, in *aiChange) (*given[AISettings], error) {
	wanted := in.Body.desk()
	if err := a.mayPublish(ctx, c, wanted, in.Body.Override); err != nil {
		return nil, err
	}
	s, err := a.Answers.SaveSettings(ctx, c.Workspace.ID, c.Actor, wanted)
	return reply(aiSettingsOf(s), err)
}

// restoreAI holds an old version to the tests of today, as it would a new one.
func (a *API) restoreAI(ctx context.Context, c *call, in *aiVersion) (*given[AISettings], error) {
	var wanted desk.AISettings
	err := c.ws.Read(ctx, func(r *store.Rx) (err error) { wanted, err = r.AIVersion(in.Version); return err })
	if err != nil {
		return nil, err
	}
	why := ""
	if in.Body != nil {
		why = in.Body.Override
	}
	if err := a.mayPublish(ctx, c, wanted, why); err != nil {
		return nil, err
	}
	s, err := a.Answers.RestoreSettings(ctx, c.Workspace.ID, c.Actor, in.Version)
	return reply(aiSettingsOf(s), err)
}

func (a *API) listAIVersions(ctx context.Context, c *call, in *Paging) (*given[Page[AISettings]], error) {
	before, err := in.after(aiOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Answers.SettingsHistory(ctx, c.Workspace.ID, int64(before), in.Limit+1)
	return reply(page(rows, in.Limit, aiSettingsOf, func(s desk.AISettings) string { return cursor.Make(aiOrder, s.Version) }), err)
}

func (a *API) testAI(ctx context.Context, c *call, in *aiTest) (*given[AITested], error) {
	t, err := a.Answers.TestVendor(ctx, c.Workspace.ID, desk.Vendor(in.Body.Vendor), in.Body.Model)
	return reply(AITested{t.OK, string(t.Kind), t.Words, t.Model, float64(t.Took.Microseconds()) / 1000}, err)
}

// AISpend is what calls of one kind cost on one day.
type AISpend struct {
	Day     string  `json:"day"`
	Purpose string  `json:"purpose"`
	Vendor  string  `json:"vendor"`
	Model   string  `json:"model"`
	Calls   int64   `json:"calls"`
	Failed  int64   `json:"failed"`
	In      int64   `json:"tokens_in"`
	Out     int64   `json:"tokens_out"`
	Cents   float64 `json:"cents" doc:"US cents; 0 where the model's price is not known"`
}

type aiSpendQuery struct {
	Days int `query:"days" default:"30" minimum:"1" maximum:"366"`
}

func (a *API) listAISpend(ctx context.Context, c *call, in *aiSpendQuery) (*given[Page[AISpend]], error) {
	p := Page[AISpend]{Items: []AISpend{}}
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		all, err := r.Spends(a.Clock.Now().Add(-time.Duration(in.Days) * 24 * time.Hour))
		for _, d := range all {
			p.Items = append(p.Items, AISpend{d.Day.Format(time.DateOnly), string(d.Call.Purpose), string(d.Call.Vendor), d.Call.Model, d.Calls, d.Failed,
				d.Call.In, d.Call.Out, float64(d.Call.Micros) / 10_000})
		}
		return err
	})
	return reply(p, err)
}
