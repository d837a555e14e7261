package messenger_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

var ana = desk.Identity{Kind: messenger.Identity, Value: "7301"}

func picture() desk.File {
	return desk.File{Kind: desk.MediaImage, Mime: "image/png", Name: "coat.png", Size: 6,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("pixels")), nil }}
}

// covers 4.1 of the reference
func TestAPieceLeavesAsMessengerWantsIt(t *testing.T) {
	t.Parallel()
	linked := picture()
	linked.URL = "https://shop.example/coat.png"
	for name, c := range map[string]struct {
		out  desk.Outgoing
		want string
	}{
		"text": {desk.Outgoing{Text: "We have it <in red> & blue.", Ref: "771"},
			`{"recipient":{"id":"7301"},"messaging_type":"RESPONSE","message":{"text":"We have it <in red> & blue.","metadata":"771"}}`},
		"answer to a message": {desk.Outgoing{Text: "Yes", ReplyTo: "m_c1"},
			`{"recipient":{"id":"7301"},"messaging_type":"RESPONSE","message":{"text":"Yes"},"reply_to":{"mid":"m_c1"}}`},
		"choices": {desk.Outgoing{Text: "Which?", Buttons: []desk.Button{{ID: "p:1", Label: "Returns"}}},
			`{"recipient":{"id":"7301"},"messaging_type":"RESPONSE","message":{"text":"Which?","quick_replies":[{"content_type":"text","title":"Returns","payload":"p:1"}]}}`},
		"a member after the window": {desk.Outgoing{Text: "It came back.", HumanAgent: true},
			`{"recipient":{"id":"7301"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"It came back."}}`},
		"a file by its address": {desk.Outgoing{Files: []desk.File{linked}},
			`{"recipient":{"id":"7301"},"messaging_type":"RESPONSE","message":{"attachment":{"type":"image","payload":{"url":"https://shop.example/coat.png"}}}}`},
	} {
		g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"recipient_id":"7301","message_id":"m_new"}`))
		c.out.To = ana
		sent, err := messenger.New(g).Send(t.Context(), account(), c.out)
		if err != nil || sent.ExternalID != "m_new" || sent.Status != desk.StatusSent {
			t.Errorf("%s: %+v %v", name, sent, err)
			continue
		}
		if got := calls.Last(t); got.Body != c.want || got.Path != "/"+meta.Version+"/"+page+"/messages" {
			t.Errorf("%s: %s\n%s, want\n%s", name, got.Path, got.Body, c.want)
		}
	}
}

func TestAFileIsUploadedFirstAndThenSent(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		if strings.HasSuffix(c.Path, "/message_attachments") {
			channeltest.Says(200, `{"attachment_id":"1857777774821032"}`)(w, c)
			return
		}
		channeltest.Says(200, `{"recipient_id":"7301","message_id":"m_new"}`)(w, c)
	})
	if _, err := messenger.New(g).Send(t.Context(), account(), desk.Outgoing{To: ana, Files: []desk.File{picture()}}); err != nil {
		t.Fatal(err)
	}
	all := calls.All()
	if len(all) != 2 || !strings.HasPrefix(all[0].Header.Get("Content-Type"), "multipart/form-data") ||
		!strings.Contains(all[0].Body, "\r\n\r\npixels\r\n") || !strings.Contains(all[0].Body, `name="filedata"; filename="coat.png"`) && !strings.Contains(all[0].Body, `filename=coat.png; name=filedata`) ||
		!strings.Contains(all[0].Body, `{"attachment":{"payload":{"is_reusable":true},"type":"image"}}`) {
		t.Fatalf("%+v", all[0])
	}
	if want := `{"recipient":{"id":"7301"},"messaging_type":"RESPONSE","message":{"attachment":{"type":"image","payload":{"attachment_id":"1857777774821032"}}}}`; all[1].Body != want {
		t.Errorf("%s", all[1].Body)
	}
}

// covers decision 15 and the limits of 4.1: refused here, without a call.
func TestWhatMessengerWouldRefuseIsNotSent(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{}`))
	large, wrong := picture(), picture()
	large.Size, wrong.Mime = 9<<20, "image/webp"
	for reason, out := range map[string]desk.Outgoing{
		"too_long":         {To: ana, Text: strings.Repeat("ğ", 2001)},
		"no_address":       {To: desk.Identity{Kind: "phone", Value: "905321112233"}, Text: "x"},
		"empty":            {To: ana},
		"too_many_files":   {To: ana, Text: "x", Files: []desk.File{picture()}},
		"file_too_large":   {To: ana, Files: []desk.File{large}},
		"file_type":        {To: ana, Files: []desk.File{wrong}},
		"file_kind":        {To: ana, Files: []desk.File{{Kind: desk.MediaSticker, Mime: "image/webp", URL: "https://x"}}},
		"too_many_choices": {To: ana, Text: "x", Buttons: make([]desk.Button, 14)},
		"type_unsupported": {To: ana, Template: &desk.TemplateUse{Name: "x"}},
	} {
		_, err := messenger.New(g).Send(t.Context(), account(), out)
		if e, ok := err.(*desk.Error); !ok || e.Reason != reason || e.Retry || e.Text == "" {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if len(calls.All()) != 0 {
		t.Error("something was sent")
	}
	if s := (*messenger.Channel)(nil).SkillsFor(desk.Account{Settings: []byte(`{"human_agent":true}`)}); !s.HumanAgent {
		t.Error("the feature of an account is not seen")
	}
	if s := channel.SkillsOf(messenger.New(g), desk.Account{}); s.HumanAgent {
		t.Error("an account has a feature that nobody granted")
	}
}

func TestSignalsAreSenderActionsAlone(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"recipient_id":"7301"}`))
	for kind, action := range map[desk.SignalKind]string{desk.SignalTyping: "typing_on", desk.SignalStopped: "typing_off", desk.SignalSeen: "mark_seen"} {
		if err := messenger.New(g).Signal(t.Context(), account(), desk.Signal{Kind: kind, To: ana}); err != nil {
			t.Error(err)
		}
		if got, want := calls.Last(t).Body, `{"recipient":{"id":"7301"},"sender_action":"`+action+`"}`; got != want {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

// covers 8 of the reference, A-3.2-01, A-3.2-18
func TestAProfileIsReadOrAbsent(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`{"name":"Ana K","profile_pic":"https://scontent.example/a.jpg","id":"7301"}`: "Ana K", `{"first_name":"Ana","last_name":"K"}`: "Ana K",
		`{"id":"7301"}`: "", `{}`: ""} {
		g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, body))
		p, err := messenger.New(g).Profile(t.Context(), account(), ana)
		if p.Name != want || (want == "") != desk.IsNotFound(err) || p.Followers != -1 {
			t.Errorf("%s: %+v %v", body, p, err)
		}
		if calls.Last(t).Query.Get("fields") != "name,profile_pic" {
			t.Error(calls.Last(t).Query)
		}
	}
	g, _ := channeltest.Graph(t, clock.Real{}, channeltest.Says(400, `{"error":{"code":100,"error_subcode":2018218}}`))
	if _, err := messenger.New(g).Profile(t.Context(), account(), ana); !desk.IsNotFound(err) {
		t.Error(err)
	}
}

// covers 1.2 of the reference, H-17, H-18, A-3.2-19
func TestFacebooksSignInOffersThePagesThatCanBeConnected(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		answer := `{}`
		switch {
		case strings.HasSuffix(c.Path, "/oauth/access_token") && c.Query.Get("code") == "c0de":
			answer = `{"access_token":"EAAshort","token_type":"bearer","expires_in":5000}`
		case strings.HasSuffix(c.Path, "/oauth/access_token") && c.Query.Get("fb_exchange_token") == "EAAshort":
			answer = `{"access_token":"EAAlong","token_type":"bearer","expires_in":5183944}`
		case strings.HasSuffix(c.Path, "/debug_token"):
			answer = `{"data":{"app_id":"4242","type":"USER","is_valid":true,"issued_at":1790000000,"expires_at":1795183944,"data_access_expires_at":1797776000,"scopes":["pages_show_list","pages_messaging","pages_manage_metadata"],"user_id":"218471"}}`
		case strings.HasSuffix(c.Path, "/me/accounts") && c.Query.Get("after") == "":
			answer = `{"data":[{"id":"` + page + `","name":"Atelier","category":"Clothing","access_token":"EAApage1","tasks":["MESSAGING","MODERATE"],"instagram_business_account":{"id":"17841400000090009"}}],"paging":{"cursors":{"after":"MQ"},"next":"https://graph.facebook.com/x"}}`
		case strings.HasSuffix(c.Path, "/me/accounts"):
			answer = `{"data":[{"id":"2","name":"Read only","access_token":"EAApage2","tasks":["ANALYZE"]},{"id":"3","name":"No token","tasks":["MESSAGING","MANAGE"]},{"name":"no id"}]}`
		}
		channeltest.Says(200, answer)(w, c)
	})
	all, err := messenger.New(g).Exchange(t.Context(), meta.LoginFacebook, "https://parley.example/back", "c0de")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d candidates, %v", len(all), err)
	}
	one := all[0]
	if one.Kind != messenger.Name || one.OutsideID != page || one.Name != "Atelier" || one.Details.PageID != page || one.Details.InstagramID != "17841400000090009" ||
		one.Details.Category != "Clothing" || one.Details.AppUser != "218471" || one.Blocked != "" || len(one.Missing) != 1 || one.Missing[0] != "pages_read_engagement" ||
		one.Secrets[channel.SecretToken] != secret.New("EAApage1") || one.Details.AccessUntil.IsZero() || !one.Details.TokenUntil.IsZero() {
		t.Errorf("%+v", one)
	}
	if all[1].Blocked != "page_task_missing" || all[2].Blocked != "page_token_missing" {
		t.Errorf("%q %q", all[1].Blocked, all[2].Blocked)
	}
	if got := calls.All()[0].Query; got.Get("redirect_uri") != "https://parley.example/back" || got.Get("client_id") != "4242" {
		t.Error(got)
	}
}

func TestTheSignInAsksForTheManifestAndNothingElse(t *testing.T) {
	t.Parallel()
	g, _ := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{}`))
	ch := messenger.New(g)
	at, err := ch.AuthURL(meta.LoginFacebook, "https://parley.example/back", "st4te")
	if err != nil || !strings.Contains(at, "/"+meta.Version+"/dialog/oauth?") || !strings.Contains(at, "state=st4te") ||
		!strings.Contains(at, "scope=pages_show_list%2Cpages_messaging%2Cpages_manage_metadata%2Cpages_read_engagement") || strings.Contains(at, "secret") {
		t.Error(at, err)
	}
	if _, err := ch.AuthURL("other", "", ""); desk.CodeOf(err) != desk.Invalid {
		t.Error(err)
	}
	bare := messenger.New(meta.NewGraph(meta.App{}, nil, clock.Real{}))
	if _, err := bare.AuthURL(meta.LoginFacebook, "", ""); desk.CodeOf(err) != desk.Unavailable {
		t.Error(err)
	}
}

// covers lessons 3.25, 3.26: a page may refuse a newer name, and a check names
// the fault.
func TestSubscribingFallsBackAndTheHealthCheckNamesTheFault(t *testing.T) {
	t.Parallel()
	listed := `{"data":[]}`
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		switch {
		case c.Method == http.MethodPost && strings.Contains(c.Query.Get("subscribed_fields"), "message_edits"):
			channeltest.Says(400, `{"error":{"code":100,"message":"Param subscribed_fields[2] must be one of {…}"}}`)(w, c)
		case c.Method == http.MethodPost:
			channeltest.Says(200, `{"success":"true"}`)(w, c)
		case strings.HasSuffix(c.Path, "/debug_token"):
			channeltest.Says(200, `{"data":{"app_id":"4242","is_valid":false,"error":{"code":190,"subcode":460}}}`)(w, c)
		case strings.HasSuffix(c.Path, "/subscribed_apps"):
			channeltest.Says(200, listed)(w, c)
		default:
			channeltest.Says(200, `{"id":"`+page+`","name":"Atelier","category":"Clothing"}`)(w, c)
		}
	})
	ch := messenger.New(g)
	if err := ch.Subscribe(t.Context(), account()); err != nil || len(calls.All()) != 3 { // a look, a refusal, a list that is taken
		t.Fatal(err, len(calls.All()))
	}
	h, err := ch.Probe(t.Context(), account())
	if err != nil || h.Details.DisplayName != "Atelier" {
		t.Fatal(h, err)
	}
	if got := reasons(h); got != "reach token:password_changed subscription:not_subscribed" {
		t.Error(got)
	}
	listed = `{"data":[{"id":"4242","name":"us","subscribed_fields":["messages"]}]}`
	listed = `{"data":[{"id":"9","subscribed_fields":["feed"]},{"id":"4242","name":"us","subscribed_fields":["messages","feed"]}]}`
	if err := ch.Subscribe(t.Context(), account()); err != nil || !strings.HasSuffix(calls.Last(t).Query.Get("subscribed_fields"), "messaging_referrals,feed") {
		t.Error("what the page was subscribed to before is lost", calls.Last(t).Query)
	}
	if h, err = ch.Probe(t.Context(), account()); err != nil || !strings.HasSuffix(reasons(h), " subscription") {
		t.Error(reasons(h), err)
	}
	if err := ch.Unsubscribe(t.Context(), account()); err != nil || calls.Last(t).Method != http.MethodDelete {
		t.Error(err)
	}
}

func reasons(h channel.Health) string {
	var all []string
	for _, f := range h.Findings {
		s := f.Name
		if !f.OK {
			s += ":" + f.Reason
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func TestAPastedTokenIsCheckedLive(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		if strings.HasSuffix(c.Path, "/debug_token") {
			channeltest.Says(400, `{"error":{"code":100,"message":"(#100) The App_id in the input_token did not match the Viewing App"}}`)(w, c)
			return
		}
		channeltest.Says(200, `{"id":"`+page+`","name":"Atelier"}`)(w, c)
	})
	all, err := messenger.New(g).Check(t.Context(), meta.LoginPaste, map[string]secret.Text{"page_id": secret.New(page), "page_token": secret.New("EAAforeign")})
	if err != nil || len(all) != 1 || all[0].OutsideID != page || !all[0].Details.Pasted || calls.Last(t).Query.Has("appsecret_proof") {
		t.Errorf("%+v %v", all, err)
	}
	if _, err := messenger.New(g).Check(t.Context(), meta.LoginPaste, nil); desk.CodeOf(err) != desk.Invalid {
		t.Error(err)
	}
}
