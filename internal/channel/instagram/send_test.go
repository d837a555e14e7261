package instagram_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/instagram"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

var ana = desk.Identity{Kind: instagram.Identity, Value: "9301"}

// direct is an account of Instagram's own sign-in; account is one through its
// page.
func direct() channel.Account {
	a := account()
	a.Details = desk.AccountDetails{Login: meta.LoginInstagram, InstagramID: professional}
	return a
}

func linked(kind desk.MediaKind, mime string) desk.File {
	return desk.File{Kind: kind, Mime: mime, Size: 6, URL: "https://parley.example/f/" + string(kind)}
}

// covers 4.2 of the reference
func TestAPieceLeavesAsInstagramWantsIt(t *testing.T) {
	t.Parallel()
	image, video := linked(desk.MediaImage, "image/png"), linked(desk.MediaVideo, "video/mp4")
	for name, c := range map[string]struct {
		acct channel.Account
		out  desk.Outgoing
		path string
		want string
	}{
		"through its page": {account(), desk.Outgoing{Text: "Evet", Ref: "771"}, "/1000500010005/messages", `{"recipient":{"id":"9301"},"message":{"text":"Evet"}}`},
		"by its own sign-in": {direct(), desk.Outgoing{Text: "Evet", ReplyTo: "aWdfc1"}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"message":{"text":"Evet"},"reply_to":{"mid":"aWdfc1"}}`},
		"choices": {direct(), desk.Outgoing{Text: "Which?", Buttons: []desk.Button{{ID: "p:1", Label: "İade"}}}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"message":{"text":"Which?","quick_replies":[{"content_type":"text","title":"İade","payload":"p:1"}]}}`},
		"a member after the window": {direct(), desk.Outgoing{Text: "x", HumanAgent: true}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"x"}}`},
		"one picture": {direct(), desk.Outgoing{Files: []desk.File{image}}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"message":{"attachment":{"type":"image","payload":{"url":"https://parley.example/f/image"}}}}`},
		"two pictures": {direct(), desk.Outgoing{Files: []desk.File{image, image}}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"message":{"attachments":[{"type":"image","payload":{"url":"https://parley.example/f/image"}},{"type":"image","payload":{"url":"https://parley.example/f/image"}}]}}`},
		"a video": {direct(), desk.Outgoing{Files: []desk.File{video}}, "/" + professional + "/messages",
			`{"recipient":{"id":"9301"},"message":{"attachment":{"type":"video","payload":{"url":"https://parley.example/f/video"}}}}`},
	} {
		g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"recipient_id":"9301","message_id":"aWdfnew"}`))
		c.out.To = ana
		sent, err := instagram.New(g).Send(t.Context(), c.acct, c.out)
		if err != nil || sent.ExternalID != "aWdfnew" {
			t.Errorf("%s: %+v %v", name, sent, err)
			continue
		}
		if got := calls.Last(t); got.Body != c.want || got.Path != "/"+meta.Version+c.path {
			t.Errorf("%s: %s\n%s, want\n%s", name, got.Path, got.Body, c.want)
		}
	}
}

func TestWhatInstagramWouldRefuseIsNotSent(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{}`))
	image, unlinked := linked(desk.MediaImage, "image/png"), linked(desk.MediaImage, "image/png")
	unlinked.URL = ""
	for reason, out := range map[string]desk.Outgoing{
		"too_long":       {To: ana, Text: strings.Repeat("ğ", 501)}, // 1002 bytes
		"no_address":     {To: desk.Identity{Kind: "psid", Value: "1"}, Text: "x"},
		"empty":          {To: ana},
		"too_many_files": {To: ana, Files: []desk.File{image, linked(desk.MediaVideo, "video/mp4")}},
		"file_needs_url": {To: ana, Files: []desk.File{unlinked}},
		"file_type":      {To: ana, Files: []desk.File{linked(desk.MediaFile, "text/plain")}},
	} {
		_, err := instagram.New(g).Send(t.Context(), direct(), out)
		if e, ok := err.(*desk.Error); !ok || e.Reason != reason || e.Retry {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if len(calls.All()) != 0 {
		t.Error("something was sent")
	}
	longest := desk.Outgoing{To: ana, Text: strings.Repeat("ğ", 500)}
	g, _ = channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"message_id":"x"}`))
	if _, err := instagram.New(g).Send(t.Context(), direct(), longest); err != nil {
		t.Errorf("a thousand bytes: %v", err)
	}
}

// covers 1.3 of the reference and lessons 3.24: the id of deliveries is
// user_id, in every shape the answers were seen in.
func TestInstagramsSignInYieldsTheAccountThatDeliveriesName(t *testing.T) {
	t.Parallel()
	for name, short := range map[string]string{
		"wrapped":   `{"data":[{"access_token":"IGshort","user_id":"5550","permissions":"instagram_business_basic,instagram_business_manage_messages"}]}`,
		"flat":      `{"access_token":"IGshort","user_id":5550,"permissions":["instagram_business_basic","instagram_business_manage_messages"]}`,
		"less told": `{"access_token":"IGshort","user_id":5550}`,
	} {
		for self, me := range map[string]string{
			"flat":    `{"user_id":"17841400000090009","id":"5550","username":"atelier","name":"Atelier","account_type":"BUSINESS","profile_picture_url":"https://cdn.example/a.jpg","followers_count":1204}`,
			"wrapped": `{"data":[{"user_id":"17841400000090009","id":"5550","username":"atelier","name":"Atelier","account_type":"BUSINESS","profile_picture_url":"https://cdn.example/a.jpg","followers_count":1204}]}`,
		} {
			clk := clock.NewFake(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			g, calls := channeltest.Graph(t, clk, func(w http.ResponseWriter, c channeltest.Call) {
				answer := me
				switch {
				case c.Path == "/oauth/access_token" && c.Method == http.MethodPost && strings.Contains(c.Body, "code=c0de&") && strings.Contains(c.Body, "client_id=7777"):
					answer = short
				case c.Path == "/access_token" && c.Query.Get("access_token") == "IGshort":
					answer = `{"access_token":"IGlong","token_type":"bearer","expires_in":5183944}`
				}
				channeltest.Says(200, answer)(w, c)
			})
			all, err := instagram.New(g).Exchange(t.Context(), meta.LoginInstagram, "https://parley.example/back", "c0de#_")
			if err != nil || len(all) != 1 {
				t.Fatalf("%s, %s: %v", name, self, err)
			}
			one := all[0]
			if one.OutsideID != professional || one.Kind != instagram.Name || one.Details.ScopedID != "5550" || one.Details.Username != "atelier" || one.Details.AccountType != "BUSINESS" ||
				one.Details.Followers != 1204 || one.Blocked != "" || one.Secrets[channel.SecretToken] != secret.New("IGlong") ||
				one.Details.TokenUntil.Sub(clk.Now()) != 5183944*time.Second || one.Details.AppUser != "5550" {
				t.Errorf("%s, %s: %+v", name, self, one)
			}
			if calls.Last(t).Header.Get("Authorization") != "Bearer IGlong" {
				t.Error("asked with another token")
			}
		}
	}
	g, _ := channeltest.Graph(t, clock.Real{}, channeltest.Says(400, `{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found or was already used"}`))
	_, err := instagram.New(g).Exchange(t.Context(), meta.LoginInstagram, "x", "used")
	if e, ok := err.(*desk.Error); !ok || e.Reason != "code_used" {
		t.Error(err)
	}
}

func TestFacebooksSignInOffersLinkedAccountsOnly(t *testing.T) {
	t.Parallel()
	scopes := `"instagram_basic","instagram_manage_messages","pages_manage_metadata","pages_show_list"`
	g, _ := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		answer := `{"access_token":"EAA","expires_in":5}`
		switch {
		case strings.HasSuffix(c.Path, "/debug_token"):
			answer = `{"data":{"app_id":"4242","is_valid":true,"scopes":[` + scopes + `],"user_id":"218471"}}`
		case strings.HasSuffix(c.Path, "/me/accounts"):
			answer = `{"data":[{"id":"1","name":"No Instagram","access_token":"p1","tasks":["MESSAGING","MANAGE"]},{"id":"2","name":"Atelier","access_token":"p2","tasks":["MESSAGING","MANAGE"],"instagram_business_account":{"id":"` + professional + `"}}]}`
		case strings.HasSuffix(c.Path, "/"+professional):
			answer = `{"id":"` + professional + `","username":"atelier","followers_count":7}`
		}
		channeltest.Says(200, answer)(w, c)
	})
	all, err := instagram.New(g).Exchange(t.Context(), meta.LoginFacebook, "https://parley.example/back", "c0de")
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	if one := all[0]; one.OutsideID != professional || one.Name != "atelier" || one.Details.PageID != "2" || one.Details.Followers != 7 || one.Blocked != "" ||
		one.Secrets[channel.SecretToken] != secret.New("p2") {
		t.Errorf("%+v", one)
	}
	scopes = `"pages_show_list"`
	if all, err = instagram.New(g).Exchange(t.Context(), meta.LoginFacebook, "x", "y"); err != nil || len(all) != 1 || all[0].Blocked != "permission_missing" {
		t.Errorf("%+v %v", all, err)
	}
}

// covers lessons 2.10, 3.20…23
func TestATokenIsRenewedByItsNewEnd(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	status, answer := 200, `{"access_token":"EAApage","token_type":"bearer","expires_in":5183944}`
	g, calls := channeltest.Graph(t, clk, func(w http.ResponseWriter, c channeltest.Call) { channeltest.Says(status, answer)(w, c) })
	ch := instagram.New(g)
	acct := direct()
	got, err := ch.Renew(t.Context(), acct)
	if err != nil || got.Token != acct.Secrets[channel.SecretToken] || !got.Until.Equal(clk.Now().Add(5183944*time.Second)) {
		t.Errorf("%+v %v", got, err)
	}
	if c := calls.Last(t); c.Method != http.MethodGet || c.Path != "/refresh_access_token" || c.Query.Get("grant_type") != "ig_refresh_token" {
		t.Errorf("%+v", c)
	}
	for body, reason := range map[string]string{`{"error":{"code":190,"error_subcode":463}}`: "token_expired", `{"error":{"code":190,"error_subcode":460}}`: "password_changed",
		`{"error":{"code":100,"message":"Unsupported request - method type"}}`: "bad_request"} {
		status, answer = 400, body
		_, err := ch.Renew(t.Context(), acct)
		if e, ok := err.(*desk.Error); !ok || e.Reason != reason || e.Retry {
			t.Errorf("%s: %v", body, err)
		}
	}
	if _, err := ch.Renew(t.Context(), account()); desk.CodeOf(err) != desk.Invalid {
		t.Error("a page's token was renewed")
	}
}

func TestSubscribingTriesBothSpellings(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		if strings.Contains(c.Query.Get("subscribed_fields"), "message_reactions") {
			channeltest.Says(400, `{"error":{"code":100}}`)(w, c)
			return
		}
		channeltest.Says(200, `{"success":true}`)(w, c)
	})
	if err := instagram.New(g).Subscribe(t.Context(), direct()); err != nil || !strings.Contains(calls.Last(t).Query.Get("subscribed_fields"), "messaging_reactions") {
		t.Error(err, calls.Last(t).Query)
	}
	if calls.Last(t).Path != "/"+meta.Version+"/"+professional+"/subscribed_apps" {
		t.Error(calls.Last(t).Path)
	}
	if err := instagram.New(g).Subscribe(t.Context(), account()); err != nil || calls.Last(t).Path != "/"+meta.Version+"/1000500010005/subscribed_apps" {
		t.Error(err, calls.Last(t).Path)
	}
	if s := instagram.New(g).Subscription(account()); s != "page:1000500010005" || s == instagram.New(g).Subscription(direct()) {
		t.Errorf("%s is not what Messenger names the same page", s)
	}
	h, err := instagram.New(g).Probe(t.Context(), direct())
	if err != nil || len(h.Findings) != 2 {
		t.Errorf("%+v %v", h, err)
	}
}
