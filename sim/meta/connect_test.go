package meta_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

const back = "http://127.0.0.1:9/connect/callback"

func (p *place) dialog(instagram bool, more string) string {
	u := p.sim.URLs()
	if instagram {
		return u.Instagram + "/oauth/authorize?client_id=" + p.sim.App().InstagramID + "&redirect_uri=" + url.QueryEscape(back) + "&response_type=code&state=s1&" + more
	}
	return u.Graph + "/v26.0/dialog/oauth?client_id=" + p.sim.App().ID + "&redirect_uri=" + url.QueryEscape(back) + "&response_type=code&state=s1&" + more
}

// approve gives the code a dialog hands over.
func (p *place) approve(address string, ch meta.Choice) string {
	p.t.Helper()
	to, err := p.sim.Approve(address, ch)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil || u.Query().Get("state") != "s1" || !strings.HasPrefix(to, back+"?") {
		p.t.Fatalf("sent back to %s (%v)", to, err)
	}
	return u.Query().Get("code")
}

func (p *place) exchange(code, redirect string) reply {
	q := url.Values{"client_id": {p.sim.App().ID}, "client_secret": {p.sim.App().Secret}, "code": {code}}
	if redirect != "" {
		q.Set("redirect_uri", redirect)
	}
	return p.graph("GET", fb+"oauth/access_token?"+q.Encode(), "", nil)
}

func TestFacebookLoginGivesPageTokensWithoutEnd(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(o *meta.Options) { o.RequireProof = true })
	p.selin.Page("Second page")
	at := p.dialog(false, "scope=pages_show_list,pages_messaging,pages_manage_metadata")
	code := p.approve(at, meta.Choice{Targets: []string{p.page.ID}})
	p.refused(p.exchange(code, back+"/"), 100, 36008)
	short := p.exchange(code, back)
	p.accepted(short)
	p.refused(p.exchange(code, back), 100, 0) // a code works once
	app := p.sim.App()
	long := p.graph("GET", fb+"oauth/access_token?grant_type=fb_exchange_token&client_id="+app.ID+"&client_secret="+app.Secret+"&fb_exchange_token="+short.text("access_token"), "", nil)
	p.accepted(long)
	if long.json["expires_in"] != float64(5183944) {
		t.Errorf("got %s", long.raw)
	}
	user := long.text("access_token")
	p.refused(p.graph("GET", fb+"me/accounts", user, nil), 100, 0) // without proof
	proof := "appsecret_proof=" + meta.Proof(app.Secret, user)
	r := p.graph("GET", fb+"me/accounts?fields=id,name,access_token,tasks,instagram_business_account&"+proof, user, nil)
	p.accepted(r)
	var list struct {
		Data []struct {
			ID, Name, AccessToken string              `json:"-"`
			Token                 string              `json:"access_token"`
			Page                  string              `json:"id"`
			IG                    struct{ ID string } `json:"instagram_business_account"`
		}
	}
	if err := json.Unmarshal(r.raw, &list); err != nil || len(list.Data) != 1 || list.Data[0].Page != p.page.ID || list.Data[0].IG.ID != p.ig.ID {
		t.Fatalf("%v %s", err, r.raw)
	}
	token := list.Data[0].Token
	r = p.graph("GET", fb+"debug_token?input_token="+token+"&access_token="+app.ID+"|"+app.Secret, "", nil)
	if !bytes.Contains(r.raw, []byte(`"type":"PAGE"`)) || !bytes.Contains(r.raw, []byte(`"expires_at":0`)) || !bytes.Contains(r.raw, []byte(`"is_valid":true`)) {
		t.Errorf("got %s", r.raw)
	}
	p.clk.Advance(61 * 24 * time.Hour)
	p.refused(p.graph("GET", fb+"me?"+proof, user, nil), 190, 463)
	pageProof := "?appsecret_proof=" + meta.Proof(app.Secret, token)
	p.accepted(p.graph("GET", fb+"me"+pageProof, token, nil))
	p.selin.Revoke(460)
	p.refused(p.graph("GET", fb+"me"+pageProof, token, nil), 190, 460)
}

func TestDialogsRefuseWhatMetaRefuses(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	for _, at := range []string{
		p.dialog(false, ""),
		p.dialog(false, "scope=pages_show_list,make_coffee"),
		p.dialog(false, "config_id=1"),
		p.dialog(true, "scope=business_basic"), // the old names died in January 2025
		strings.Replace(p.dialog(false, "scope=email"), "client_id=4242", "client_id=1", 1),
		strings.Replace(p.dialog(false, "scope=email"), "127.0.0.1%3A9", "evil.example", 1),
	} {
		if to, err := p.sim.Approve(at, meta.Choice{}); err == nil {
			t.Errorf("%s was approved: %s", at, to)
		}
		if r := p.graph("GET", strings.TrimPrefix(at, p.url), "", nil); r.status != http.StatusBadRequest || !bytes.Contains(r.raw, []byte("refused")) {
			t.Errorf("the page answers %d", r.status)
		}
	}
	to, err := p.sim.Approve(p.dialog(false, "scope=email"), meta.Choice{Deny: true})
	if err != nil || !strings.Contains(to, "error=access_denied") || !strings.Contains(to, "error_reason=user_denied") || !strings.Contains(to, "state=s1") {
		t.Errorf("%v %s", err, to)
	}
}

func TestTheDialogPageDoesWhatApproveDoes(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	at := strings.TrimPrefix(p.dialog(false, "config_id="+meta.SignupConfig), p.url)
	page := p.graph("GET", at, "", nil)
	if page.status != http.StatusOK || !bytes.Contains(page.raw, []byte(p.waba.ID)) || !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatalf("%d %s", page.status, page.raw)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(p.url+at, url.Values{"decision": {"continue"}, "person": {p.selin.ID}, "target": {p.waba.ID}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	to, err := res.Location()
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("%v %v", err, to)
	}
}

func TestEmbeddedSignupByRedirect(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	at := p.dialog(false, "config_id="+meta.SignupConfig)
	late := p.approve(at, meta.Choice{})
	p.clk.Advance(31 * time.Second)
	p.refused(p.exchange(late, back), 100, 36007)
	r := p.exchange(p.approve(at, meta.Choice{}), "") // as the SDK's code: no redirect_uri
	p.accepted(r)
	token, app := r.text("access_token"), p.sim.App()
	r = p.graph("GET", fb+"debug_token?input_token="+token+"&access_token="+app.ID+"|"+app.Secret, "", nil)
	if !bytes.Contains(r.raw, []byte(`{"scope":"whatsapp_business_management","target_ids":["`+p.waba.ID+`"]}`)) {
		t.Errorf("got %s", r.raw)
	}
	p.accepted(p.graph("DELETE", fb+p.waba.ID+"/subscribed_apps", token, nil))
	p.accepted(p.graph("POST", fb+p.waba.ID+"/subscribed_apps", token, nil))
	r = p.graph("GET", fb+p.waba.ID+"/phone_numbers?fields=id,display_phone_number,quality_rating,status,throughput", token, nil)
	if !bytes.Contains(r.raw, []byte(`"display_phone_number":"+15550783881"`)) {
		t.Errorf("got %s", r.raw)
	}
	p.refused(p.graph("GET", fb+p.waba.ID+"/phone_numbers?fields=colour", token, nil), 100, 0)
	p.num.Unregistered()
	p.ana.WritesWhatsApp(p.num).Says("hi")
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", token, waText("+16505551234", "x")), 133010, 0)
	p.refused(p.graph("POST", fb+p.num.ID+"/register", token, m{"messaging_product": "whatsapp", "pin": "12"}), 131009, 0)
	for range 10 {
		p.accepted(p.graph("POST", fb+p.num.ID+"/register", token, m{"messaging_product": "whatsapp", "pin": "123456"}))
	}
	p.refused(p.graph("POST", fb+p.num.ID+"/register", token, m{"messaging_product": "whatsapp", "pin": "123456"}), 133016, 0)
	p.accepted(p.graph("POST", fb+p.num.ID+"/messages", token, waText("+16505551234", "x")))
	stranger := p.sim.Person("Somebody else").WABA("Other", "4915100000")
	if r := p.graph("GET", fb+stranger.ID+"/phone_numbers", token, nil); r.status != http.StatusForbidden {
		t.Errorf("another's account answers %d %s", r.status, r.raw)
	}
}

func TestInstagramLoginAndItsTokenLife(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	at := p.dialog(true, "scope=instagram_business_basic,instagram_business_manage_messages")
	to, err := p.sim.Approve(at, meta.Choice{Targets: []string{p.alone.ID}})
	if err != nil || !strings.HasSuffix(to, "#_") {
		t.Fatalf("%v %s", err, to)
	}
	u, _ := url.Parse(to)
	app := p.sim.App()
	form := url.Values{"client_id": {app.InstagramID}, "client_secret": {app.InstagramSecret}, "grant_type": {"authorization_code"}, "redirect_uri": {back}, "code": {u.Query().Get("code")}}
	r := p.graph("POST", "/instagram/oauth/access_token", "", form)
	p.accepted(r)
	var short struct {
		Data []struct {
			Token string `json:"access_token"`
			User  string `json:"user_id"`
		}
	}
	if err := json.Unmarshal(r.raw, &short); err != nil || short.Data[0].User != p.alone.ID {
		t.Fatalf("%v %s", err, r.raw)
	}
	r = p.graph("POST", "/api.instagram.com/oauth/access_token", "", form)
	if string(r.raw) != `{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found or was already used"}` {
		t.Errorf("got %s", r.raw)
	}
	r = p.graph("GET", "/meta/access_token?grant_type=ig_exchange_token&client_secret="+app.InstagramSecret+"&access_token="+short.Data[0].Token, "", nil)
	p.accepted(r)
	long := r.text("access_token")
	refresh := func(tok string) reply {
		return p.graph("GET", "/graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token="+tok, "", nil)
	}
	if r := refresh(long); r.status != http.StatusBadRequest {
		t.Errorf("a fresh token was refreshed: %s", r.raw)
	}
	p.refused(p.graph("POST", "/graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token="+long, "", nil), 100, 0)
	p.clk.Advance(50 * 24 * time.Hour)
	r = refresh(long)
	p.accepted(r)
	if r.text("access_token") != long {
		t.Error("the first refresh keeps the string")
	}
	p.clk.Advance(59 * 24 * time.Hour)
	r = p.graph("GET", ig+"me?fields=id,user_id,username,name,account_type,profile_picture_url,followers_count", long, nil)
	if r.text("id") != p.alone.ScopedID || r.text("user_id") != p.alone.ID {
		t.Errorf("got %s", r.raw)
	}
	p.clk.Advance(2 * 24 * time.Hour)
	p.refused(refresh(long), 190, 463)
	p.refused(p.graph("GET", ig+"me", long, nil), 190, 463)
}

func TestProfilesNeedConsentAndMayBeBare(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	id, token := chat.CustomerID(), p.page.Token()
	p.refused(p.graph("GET", fb+id+"?fields=first_name,last_name,profile_pic", token, nil), 100, 2018218)
	chat.Says("hello")
	r := p.graph("GET", fb+id+"?fields=first_name,last_name,name,profile_pic,id", token, nil)
	if r.text("first_name") != "Ana" || r.text("last_name") != "Silva" || r.text("id") != id {
		t.Errorf("got %s", r.raw)
	}
	insta := p.ana.WritesInstagram(p.alone)
	p.refused(p.graph("GET", ig+insta.CustomerID()+"?fields=name", p.alone.Token(), nil), 230, 0)
	insta.Says("hello")
	r = p.graph("GET", ig+insta.CustomerID()+"?fields=name,username,profile_pic,follower_count,is_user_follow_business", p.alone.Token(), nil)
	if r.text("username") != "anasilva" || r.json["profile_pic"] != nil {
		t.Errorf("got %s", r.raw)
	}
	p.refused(p.graph("GET", fb+id+"?fields=name", p.selin.Page("Other").Token(), nil), 100, 33)
}

func TestCompliancePostsASignedRequest(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	signed := p.sim.SignedRequest(p.selin, false)
	status, _, err := p.sim.Callback(p.ctx(), p.door.URL+"/hooks/meta/deletion", signed)
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if body := p.door.got()[0]; string(body) != "signed_request="+signed || strings.Count(signed, ".") != 1 {
		t.Errorf("posted %s", body)
	}
}

func TestVersionsAreServedAndRemarkedOn(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	token := p.page.Token()
	p.accepted(p.graph("GET", "/graph.facebook.com/v21.0/me", token, nil))
	if len(p.sim.Remarks()) != 0 {
		t.Errorf("got %v", p.sim.Remarks())
	}
	p.accepted(p.graph("GET", "/graph.facebook.com/me", token, nil))
	p.accepted(p.graph("GET", "/graph.facebook.com/v3.0/me", token, nil))
	if r := p.sim.Remarks(); len(r) != 2 || r[0].Rule != "no_version" || r[1].Rule != "old_version" {
		t.Errorf("got %v", r)
	}
	p.refused(p.graph("GET", "/graph.facebook.com/v99.0/me", token, nil), 2500, 0)
	p.refused(p.graph("GET", fb+"123456", token, nil), 100, 33)
	p.refused(p.graph("GET", fb+p.page.ID+"/nonsense", token, nil), 2500, 0)
}

func TestAPageConnectedForMessengerAloneTellsNothingOfInstagram(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.accepted(p.graph("DELETE", fb+p.page.ID+"/subscribed_apps", p.page.Token(), nil))
	code := p.approve(p.dialog(false, "scope=pages_show_list,pages_messaging,pages_manage_metadata"), meta.Choice{})
	user := p.exchange(code, back).text("access_token")
	r := p.graph("GET", fb+"me/accounts?fields=access_token", user, nil)
	_, token, _ := strings.Cut(string(r.raw), `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)
	p.accepted(p.graph("POST", fb+p.page.ID+"/subscribed_apps?subscribed_fields=messages", token, nil))
	p.ana.WritesInstagram(p.ig).Says("unheard")
	p.ana.Writes(p.page).Says("heard")
	if got := p.wait(1); len(got) != 1 || !bytes.Contains(got[0], []byte("heard")) || bytes.Contains(got[0], []byte("unheard")) {
		t.Errorf("got %s", got)
	}
}

func TestWhatsAppIsOfferedWhereItsPermissionsAreAsked(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	at := strings.TrimPrefix(p.dialog(false, "scope=whatsapp_business_management,whatsapp_business_messaging"), p.url)
	if page := p.graph("GET", at, "", nil); !bytes.Contains(page.raw, []byte(p.waba.ID)) || bytes.Contains(page.raw, []byte(p.page.ID)) {
		t.Errorf("the dialog offers %s", page.raw)
	}
}
