package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley/internal/alert"
	"parley/internal/answer"
	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/knowledge"
	pages "parley/internal/knowledge/web"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/fake"
	"parley/internal/media"
	"parley/internal/member"
	"parley/internal/privacy"
	"parley/internal/privacy/backup"
	"parley/internal/privacy/port"
	"parley/internal/record"
	"parley/internal/report"
	"parley/internal/store"
	"parley/test/storetest"
)

const password = "three green boats at noon"

// site stands for the web build: a page with a nonce place and one asset.
func site() fstest.MapFS {
	return fstest.MapFS{
		"index.html":         {Data: []byte(`<!doctype html><script nonce="__CSP_NONCE__" src="/assets/app-1.js"></script>`)},
		"assets/app-1.js":    {Data: []byte("raw script")},
		"assets/app-1.js.br": {Data: []byte("br script")},
		"assets/app-1.js.gz": {Data: []byte("gz script")},
		"favicon.svg":        {Data: []byte("<svg/>")},
		"w/chat.html":        {Data: []byte(`__BOOT__`)},
	}
}

// finder answers from knowledge as the program does.
type finder struct{ k *knowledge.Knowledge }

func (f finder) Answer(ctx context.Context, ws desk.ID, q answer.Question) (answer.Finding, error) {
	r, err := f.k.Answer(ctx, ws, q.Text, q.Language)
	out := answer.Finding{Decision: r.Decision, Text: r.Text, Language: r.Language, Confidence: r.Confidence, Score: r.Score, Reason: r.Reason,
		Engine: answer.Extractive, Sources: r.Sources, Checks: r.Checks}
	for i, p := range r.Passages {
		out.Passages = append(out.Passages, answer.Passage{Ref: p.Ref(i + 1), Text: p.Text, Score: p.Score})
	}
	return out, err
}

func (f finder) Languages(ctx context.Context, ws desk.ID) ([]string, error) {
	return f.k.Languages(ctx, ws)
}

func (f finder) Stale(ctx context.Context, ws desk.ID) ([]desk.ID, error) { return f.k.Stale(ctx, ws) }

// models are of an install without keys of its own.
type models struct{}

func (models) Installed(desk.Vendor) bool { return false }

func (models) Open(llm.Settings, llm.Care) (llm.Adapter, error) { return fake.New(), nil }

// world is a whole HTTP face over real features, with two workspaces.
type world struct {
	*storetest.World
	members   *member.Roster
	inbox     *inbox.Inbox
	cases     *privacy.Cases
	casework  *privacy.Casework
	knowledge *knowledge.Knowledge
	media     *media.Media
	copies    *privacy.Copies
	clearing  *privacy.Clearing
	lab       *answer.Lab
	record    *record.Recorder
	told
	api    *api.API
	server *httptest.Server
	a, b   *shop
}

// shop is one workspace with one of everything; its texts hold its canary.
type shop struct {
	ws                                                  desk.Workspace
	owner                                               desk.Member
	canary                                              string
	cookie, key                                         string
	keyID, contact, conversation, message               desk.ID
	draft, channel, source, session, agent, file        desk.ID
	passage, saved, run, gap, phrasing, caseID, finding desk.ID
	labTest, labRun, factor, personCase, incident       desk.ID
	extra
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, sw *storetest.World) { fn(t, open(t, sw)) })
}

func one(t *testing.T) *world { t.Helper(); return open(t, storetest.Open(t, storetest.Options{})) }

func open(t *testing.T, sw *storetest.World) *world {
	t.Helper()
	w := &world{World: sw, record: record.New(sw.Clock, nil)}
	w.members = member.Open(member.Config{Store: sw.DB, Clock: sw.Clock, Cost: 4, Audit: audit.NewLog(sw.DB)})
	hub := live.New(sw.DB, sw.Clock, nil)
	channels := channel.NewRegistry(chat{})
	work := flow.New(flow.Config{DB: sw.DB, Clock: sw.Clock})
	blobs, err := blob.Open(t.TempDir(), sw.DB.Vault(), sw.Clock)
	must(t, err)
	w.media = media.New(media.Parts{DB: sw.DB, Flow: work, Channels: channels, Blobs: blobs, PublicURL: "http://parley.test"})
	w.copies = privacy.NewCopies(privacy.CopyParts{DB: sw.DB, Keys: sw.Keys, Flow: work, Blobs: blobs, Audit: audit.NewLog(sw.DB)})
	w.inbox = inbox.New(inbox.Parts{DB: sw.DB, Flow: work, Channels: channels, Frames: api.TypingFrames{Live: hub}, Files: w.media, Audit: audit.NewLog(sw.DB)})
	w.knowledge = knowledge.New(knowledge.Parts{DB: sw.DB, Flow: work, Audit: audit.NewLog(sw.DB), Web: &pages.Fetcher{Clock: sw.Clock}})
	answers := answer.New(answer.Parts{DB: sw.DB, Flow: work, Finder: finder{w.knowledge}, Models: models{}, Audit: audit.NewLog(sw.DB)})
	w.lab = answer.NewLab(answers)
	w.cases = privacy.NewCases(privacy.CaseParts{DB: sw.DB, Flow: work, Audit: audit.NewLog(sw.DB)})
	restrict, eraser := w.restricting(work), w.erasing(work)
	w.api, err = api.New(api.Deps{Ending: w.ends(work, channels, blobs), Port: &port.Port{DB: sw.DB, Blobs: blobs, Audit: audit.NewLog(sw.DB)}, Promise: publisher(t, sw), Media: w.media, Cases: w.cases, Casework: w.casework, Breach: w.incidents(work), Duties: w.owing(), Listed: w.listing(work), Reports: &privacy.Reports{DB: sw.DB, Flow: work, Audit: audit.NewLog(sw.DB), Sayings: answers}, Backups: backup.New(backup.Parts{DB: sw.DB}), Retention: &privacy.Retention{DB: sw.DB, Audit: audit.NewLog(sw.DB)}, Store: sw.DB, Members: w.members, Inbox: w.inbox, Answers: answers, Lab: w.lab, Report: report.New(report.Parts{DB: sw.DB, Pleased: answer.Pleased}), Knowledge: w.knowledge, Live: hub,
		Flow: work, Channels: channels, Audit: audit.NewLog(sw.DB), Connect: connect.New(connect.Parts{DB: sw.DB, Flow: work, Channels: channels, Audit: audit.NewLog(sw.DB)}), Eraser: eraser, Clearing: w.clearing, Restrict: restrict, Copies: w.copies, Own: w.owning(work, restrict, answers), Clock: sw.Clock, Log: w.record.Watch(slog.New(slog.NewTextHandler(t.Output(), nil))), Record: w.record, Alerts: alert.New(alert.Parts{DB: sw.DB, Audit: audit.NewLog(sw.DB)}), Web: site(), Config: api.Config{PublicURL: "http://parley.test"}})
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(w.api.Handler())
	t.Cleanup(func() {
		hub.Close() // ends the streams, so that the server can close
		w.server.CloseClientConnections()
		w.server.Close()
	})
	w.a, w.b = w.open(t, "Alpha", "canary-alpha"), w.open(t, "Beta", "canary-beta")
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) open(t *testing.T, name, canary string) *shop {
	t.Helper()
	ctx := t.Context()
	s := &shop{canary: canary}
	var err error
	s.ws, s.owner, err = w.members.Add(ctx, name, member.Person{Name: canary + " owner", Email: "owner@" + canary + ".test", Role: desk.RoleOwner, Password: password})
	must(t, err)
	_, agent, err := w.members.Add(ctx, name, member.Person{Name: canary + " agent", Email: "agent@" + canary + ".test", Role: desk.RoleAgent, Password: password})
	must(t, err)
	s.agent = agent.ID
	signed, err := w.members.SignIn(ctx, member.SignIn{Email: s.owner.Email, Password: password, Address: canary})
	must(t, err)
	s.cookie, s.session = signed.Token, signed.Who.Session
	key, err := w.members.AddKey(ctx, s.ws.ID, member.KeyWish{Name: canary + " key", Role: desk.RoleOwner}, signed.Who.Actor)
	must(t, err)
	s.key, s.keyID = key.Token, key.ID
	src, err := w.knowledge.AddText(ctx, s.ws.ID, knowledge.Source{Name: canary + " source"}, canary+" text", false)
	must(t, err)
	s.source = src.ID
	must(t, w.DB.In(s.ws.ID).Write(ctx, s.cut))
	saved, err := w.inbox.AddSaved(ctx, s.ws.ID, signed.Who.Actor, store.SavedReply{Name: canary + " reply", Body: canary + " text"})
	must(t, err)
	s.saved = saved.ID
	must(t, w.DB.In(s.ws.ID).Write(ctx, s.talk))
	must(t, w.DB.In(s.ws.ID).Write(ctx, s.learn))
	must(t, w.DB.In(s.ws.ID).Write(ctx, s.complain))
	must(t, w.DB.In(s.ws.ID).Write(ctx, func(tx *store.Tx) error {
		f := store.Factor{Factor: desk.Factor{Member: s.agent, Kind: desk.FactorTOTP, Name: canary + " phone"}, Secret: []byte("twenty bytes of seeds")}
		err := tx.InsertFactor(&f)
		s.factor = f.ID
		return err
	}))
	file, err := w.media.Upload(ctx, s.ws.ID, media.Upload{Conversation: s.conversation, Name: canary + ".txt", Body: strings.NewReader(canary + " file")})
	must(t, err)
	s.file = file.ID
	test, err := w.lab.AddTest(ctx, s.ws.ID, signed.Who.Actor, desk.Question{Text: canary + " question", Expect: desk.Expected{Outcome: desk.ExpectPerson}})
	must(t, err)
	run, err := w.lab.Begin(ctx, s.ws.ID, signed.Who.Actor, desk.Trial{Exclude: []desk.ID{s.source}})
	must(t, err)
	s.labTest, s.labRun = test.ID, run.ID
	w.asks(t, s)
	return s
}

// cut gives the source a passage that nobody finds.
func (s *shop) cut(tx *store.Tx) error {
	if err := tx.ReplacePassages(s.source, []store.Passage{{Language: "en", Hidden: true, PassageBody: store.PassageBody{Text: s.canary + " text"}}}); err != nil {
		return err
	}
	all, err := tx.Passages(s.source)
	s.passage = all[0].ID
	return err
}

// talk adds a channel and a conversation with a message and a draft.
func (s *shop) talk(tx *store.Tx) error {
	settings, err := chat{}.CheckSettings(nil)
	if err != nil {
		return err
	}
	acct := desk.Account{ID: tx.NewID(), Workspace: s.ws.ID, Kind: "widget", OutsideID: "key-" + s.canary, Name: s.canary + " chat", State: desk.AccountActive, Settings: settings, ConnectedAt: tx.Now()}
	who := desk.Contact{ID: tx.NewID(), Name: s.canary + " visitor", Email: "v@" + s.canary + ".test", Language: "en"}
	row := store.Row{Conversation: desk.Conversation{ID: tx.NewID(), Contact: who.ID, Account: acct.ID, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, CreatedAt: tx.Now()}}
	s.channel, s.contact, s.conversation = acct.ID, who.ID, row.ID
	if err := tx.InsertAccount(acct); err != nil {
		return err
	}
	if err := tx.InsertContact(who); err != nil {
		return err
	}
	if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: who.ID, Account: acct.ID, Kind: "visitor", Value: s.canary}); err != nil {
		return err
	}
	if err := tx.InsertConversation(row.Conversation); err != nil {
		return err
	}
	if row, err = tx.LockConversation(row.ID); err != nil {
		return err
	}
	m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: who.ID, Name: who.Name}, Kind: desk.KindText,
		Body: desk.Body(s.canary + " asks"), Status: desk.StatusDelivered}
	if err := tx.AppendMessage(&row, &m); err != nil {
		return err
	}
	s.message = m.ID
	row.Arrived(tx.Now())
	row.DraftReady = true
	s.run = tx.NewID()
	about := desk.About{Topics: []string{s.canary}}
	if err := tx.InsertRun(row.Contact, desk.Run{ID: s.run, Conversation: row.ID, Trigger: s.message, Decision: desk.DecideAnswer, Outcome: "drafted", About: about}); err != nil {
		return err
	}
	log := store.AILog{ID: tx.NewID(), Conversation: row.ID, Contact: row.Contact, Run: s.run, Body: store.AILogBody{Prompt: s.canary}}
	if err := tx.InsertAILog(log); err != nil {
		return err
	}
	d := desk.Draft{ID: tx.NewID(), Conversation: row.ID, Body: desk.Body(s.canary + " draft"), Confidence: "high", Decision: desk.DecideAnswer}
	s.draft = d.ID
	if err := tx.PutDraft(row, d); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.MessageArrived, Conversation: row.ID, Message: m.ID, Seq: m.Seq})
	return tx.SaveConversation(row)
}

// ask is one request; the zero credentials are nobody's.
type ask struct {
	method, path, body string
	cookie, key        string
	header             map[string]string
}

// got is what came back.
type got struct {
	status int
	header http.Header
	body   string
}

func (g got) problem(t *testing.T) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal([]byte(g.body), &p); err != nil || g.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s is no problem+json: %.200s", g.status, g.header.Get("Content-Type"), g.body)
	}
	return p
}

func (g got) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(g.body), v); err != nil {
		t.Fatalf("%v: %.300s", err, g.body)
	}
}

func (w *world) request(t *testing.T, a ask) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), a.method, w.server.URL+a.path, strings.NewReader(a.body))
	must(t, err)
	if a.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if a.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "session", Value: a.cookie})
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if a.key != "" {
		req.Header.Set("Authorization", "Bearer "+a.key)
	}
	for name, value := range a.header {
		if value == "" {
			req.Header.Del(name)
			continue
		}
		req.Header.Set(name, value)
	}
	return req
}

func (w *world) do(t *testing.T, a ask) got {
	t.Helper()
	res, err := w.server.Client().Do(w.request(t, a))
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return got{res.StatusCode, res.Header, string(body)}
}

func (w *world) want(t *testing.T, status int, a ask) got {
	t.Helper()
	g := w.do(t, a)
	if g.status != status {
		t.Fatalf("%s %s: %d, want %d: %.300s", a.method, a.path, g.status, status, g.body)
	}
	return g
}

// messages counts what is stored of a conversation.
func (w *world) messages(t *testing.T, s *shop) int {
	t.Helper()
	n := 0
	must(t, w.DB.In(s.ws.ID).Read(t.Context(), func(r *store.Rx) error {
		all, err := r.MessagesBefore(s.conversation, 0, 1000)
		n = len(all)
		return err
	}))
	return n
}

const patience = 30 * time.Second

// multipartBody makes a form with one file.
func multipartBody(name, content string) (body, kind string) {
	var b bytes.Buffer
	b.WriteString("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content + "\r\n--x--\r\n")
	return b.String(), "multipart/form-data; boundary=x"
}

// empty is a world in which nobody can sign in yet.
func empty(t *testing.T) *world {
	t.Helper()
	sw := storetest.Open(t, storetest.Options{})
	w := &world{World: sw, members: member.Open(member.Config{Store: sw.DB, Clock: sw.Clock, Cost: 4})}
	hub := live.New(sw.DB, sw.Clock, nil)
	t.Cleanup(hub.Close)
	var err error
	w.api, err = api.New(api.Deps{Store: sw.DB, Members: w.members, Inbox: inbox.New(inbox.Parts{}), Live: hub,
		Channels: channel.NewRegistry(), Clock: sw.Clock, Web: site()})
	must(t, err)
	w.server = httptest.NewServer(w.api.Handler())
	t.Cleanup(w.server.Close)
	return w
}

// trusting answers requests for any host name, believing the proxies named.
func (w *world) trusting(t *testing.T, proxies ...string) func(ask, string) got {
	t.Helper()
	var nets []netip.Prefix
	for _, p := range proxies {
		nets = append(nets, netip.MustParsePrefix(p))
	}
	face, err := api.New(api.Deps{Store: w.DB, Members: w.members, Inbox: w.inbox, Knowledge: w.knowledge, Channels: channel.NewRegistry(),
		Clock: w.Clock, Web: site(), Config: api.Config{TrustedProxies: nets}})
	must(t, err)
	return func(a ask, host string) got {
		req := w.request(t, a)
		req.Host, req.RemoteAddr = host, "127.0.0.1:4711"
		rec := httptest.NewRecorder()
		face.Handler().ServeHTTP(rec, req)
		return got{rec.Code, rec.Header(), rec.Body.String()}
	}
}

func (w *world) figures(t *testing.T) string {
	t.Helper()
	rec := httptest.NewRecorder()
	w.api.Admin().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	return rec.Body.String()
}
