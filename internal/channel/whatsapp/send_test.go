package whatsapp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

var (
	phone = desk.Identity{Kind: whatsapp.Phone, Value: "905321112233"}
	user  = desk.Identity{Kind: whatsapp.UserID, Value: "TR.13490000000007"}
)

const taken = `{"messaging_product":"whatsapp","contacts":[{"input":"+905321112233","wa_id":"905321112233","user_id":"TR.13490000000007"}],"messages":[{"id":"wamid.NEW","message_status":"accepted"}]}`

func document() desk.File {
	return desk.File{Kind: desk.MediaFile, Mime: "application/pdf", Name: "receipt.pdf", Size: 4,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("%PDF")), nil }}
}

// covers 4.3 and 3.5 of the reference, H-26
func TestAPieceLeavesAsWhatsAppWantsIt(t *testing.T) {
	t.Parallel()
	linked, voice := document(), desk.File{Kind: desk.MediaAudio, Mime: "audio/ogg; codecs=opus", Size: 4, Voice: true, URL: "https://parley.example/v"}
	linked.URL = "https://parley.example/r"
	four := []desk.Button{{ID: "1", Label: "Returns"}, {ID: "2", Label: "Sizes"}, {ID: "3", Label: "Delivery"}, {ID: "4", Label: "Where do I find the size of my coat?"}}
	const to = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+905321112233",`
	for name, c := range map[string]struct {
		out  desk.Outgoing
		want string
	}{
		"text": {desk.Outgoing{To: phone, Text: "Evet <b>", Ref: "771"}, to + `"type":"text","biz_opaque_callback_data":"771","text":{"body":"Evet <b>","preview_url":false}}`},
		"to a person without a phone": {desk.Outgoing{To: user, Text: "Evet"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"TR.13490000000007","type":"text","text":{"body":"Evet","preview_url":false}}`},
		"to the surer of two ids": {desk.Outgoing{To: phone, Also: []desk.Identity{user}, Text: "Evet"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"TR.13490000000007","type":"text","text":{"body":"Evet","preview_url":false}}`},
		"answer to a message": {desk.Outgoing{To: phone, Text: "Evet", ReplyTo: "wamid.T1"},
			to + `"type":"text","context":{"message_id":"wamid.T1"},"text":{"body":"Evet","preview_url":false}}`},
		"few choices": {desk.Outgoing{To: phone, Text: "Which?", Buttons: four[:2]},
			to + `"type":"interactive","interactive":{"action":{"buttons":[{"reply":{"id":"1","title":"Returns"},"type":"reply"},{"reply":{"id":"2","title":"Sizes"},"type":"reply"}]},"body":{"text":"Which?"},"type":"button"}}`},
		"many choices": {desk.Outgoing{To: phone, Text: "Hangisi?", Buttons: four, Locale: "tr"},
			to + `"type":"interactive","interactive":{"action":{"button":"Seçin","sections":[{"rows":[{"id":"1","title":"Returns"},{"id":"2","title":"Sizes"},{"id":"3","title":"Delivery"},{"description":"Where do I find the size of my coat?","id":"4","title":"Where do I find the siz…"}]}]},"body":{"text":"Hangisi?"},"type":"list"}}`},
		"a file by its address": {desk.Outgoing{To: phone, Text: "Your receipt", Files: []desk.File{linked}},
			to + `"type":"document","document":{"caption":"Your receipt","filename":"receipt.pdf","link":"https://parley.example/r"}}`},
		"a voice": {desk.Outgoing{To: phone, Files: []desk.File{voice}}, to + `"type":"audio","audio":{"link":"https://parley.example/v","voice":true}}`},
		"a template": {desk.Outgoing{To: phone, Text: "unused", Template: &desk.TemplateUse{Name: "order_ready", Language: "en", Params: []string{"Ana", "771"},
			Buttons: []desk.TemplateParam{{Index: 0, Kind: "url", Value: "771"}}}},
			to + `"type":"template","template":{"components":[{"parameters":[{"text":"Ana","type":"text"},{"text":"771","type":"text"}],"type":"body"},{"index":"0","parameters":[{"text":"771","type":"text"}],"sub_type":"url","type":"button"}],"language":{"code":"en"},"name":"order_ready"}}`},
		"a template with names": {desk.Outgoing{To: phone, Template: &desk.TemplateUse{Name: "n", Language: "tr", Params: []string{"Ana"}, Names: []string{"first_name"}}},
			to + `"type":"template","template":{"components":[{"parameters":[{"parameter_name":"first_name","text":"Ana","type":"text"}],"type":"body"}],"language":{"code":"tr"},"name":"n"}}`},
	} {
		g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, taken))
		sent, err := whatsapp.New(g).Send(t.Context(), account(), c.out)
		if err != nil || sent.ExternalID != "wamid.NEW" || len(sent.Learned) != 2 || sent.Learned[0].Value != user.Value || sent.Learned[1].Value != phone.Value {
			t.Errorf("%s: %+v %v", name, sent, err)
			continue
		}
		if got := calls.Last(t); got.Body != c.want || got.Path != "/"+meta.Version+"/"+number+"/messages" {
			t.Errorf("%s: %s\n%s, want\n%s", name, got.Path, got.Body, c.want)
		}
	}
}

func TestAFileIsUploadedToTheNumberFirst(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		if strings.HasSuffix(c.Path, "/media") {
			channeltest.Says(200, `{"id":"2037543291543636"}`)(w, c)
			return
		}
		channeltest.Says(200, taken)(w, c)
	})
	if _, err := whatsapp.New(g).Send(t.Context(), account(), desk.Outgoing{To: phone, Files: []desk.File{document()}}); err != nil {
		t.Fatal(err)
	}
	all := calls.All()
	if len(all) != 2 || all[0].Path != "/"+meta.Version+"/"+number+"/media" || !strings.Contains(all[0].Body, "%PDF") || !strings.Contains(all[0].Body, "messaging_product") ||
		!strings.Contains(all[1].Body, `"document":{"filename":"receipt.pdf","id":"2037543291543636"}`) {
		t.Errorf("%+v", all)
	}
}

// covers lessons 3.33, 3.34 and the limits of 4.3
func TestWhatWhatsAppWouldRefuseIsNotSent(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{}`))
	webp := desk.File{Kind: desk.MediaImage, Mime: "image/webp", Size: 1, URL: "https://x"}
	for name, c := range map[string]struct {
		out    desk.Outgoing
		reason string
	}{
		"text":           {desk.Outgoing{To: phone, Text: strings.Repeat("ğ", 4097)}, "too_long"},
		"above buttons":  {desk.Outgoing{To: phone, Text: strings.Repeat("ğ", 1025), Buttons: []desk.Button{{}}}, "too_long"},
		"caption":        {desk.Outgoing{To: phone, Text: strings.Repeat("ğ", 1025), Files: []desk.File{document()}}, "too_long"},
		"webp":           {desk.Outgoing{To: phone, Files: []desk.File{webp}}, "file_type"},
		"two files":      {desk.Outgoing{To: phone, Files: []desk.File{document(), document()}}, "too_many_files"},
		"eleven choices": {desk.Outgoing{To: phone, Text: "x", Buttons: make([]desk.Button, 11)}, "too_many_choices"},
		"nobody":         {desk.Outgoing{To: desk.Identity{Kind: "psid", Value: "1"}, Text: "x"}, "no_address"},
		"a broken phone": {desk.Outgoing{To: desk.Identity{Kind: whatsapp.Phone, Value: "TR.1"}, Text: "x"}, "no_address"},
		"nothing":        {desk.Outgoing{To: phone}, "empty"},
	} {
		_, err := whatsapp.New(g).Send(t.Context(), account(), c.out)
		if e, ok := err.(*desk.Error); !ok || e.Reason != c.reason || e.Retry {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(calls.All()) != 0 {
		t.Error("something was sent")
	}
}

func TestTypingAndSeenNeedTheMessageTheyAreAbout(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"success":true}`))
	ch := whatsapp.New(g)
	for _, s := range []desk.Signal{{Kind: desk.SignalSeen}, {Kind: desk.SignalTyping}, {Kind: desk.SignalStopped, Message: "wamid.T1"}} {
		if err := ch.Signal(t.Context(), account(), s); err != nil || len(calls.All()) != 0 {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for kind, want := range map[desk.SignalKind]string{desk.SignalSeen: `{"message_id":"wamid.T1","messaging_product":"whatsapp","status":"read"}`,
		desk.SignalTyping: `{"message_id":"wamid.T1","messaging_product":"whatsapp","status":"read","typing_indicator":{"type":"text"}}`} {
		if err := ch.Signal(t.Context(), account(), desk.Signal{Kind: kind, Message: "wamid.T1"}); err != nil || calls.Last(t).Body != want {
			t.Errorf("%s: %v", calls.Last(t).Body, err)
		}
	}
}

// covers lessons 2.9: the address is looked up each time and again when it ended
// on the way.
func TestAFileIsLookedUpAndReadWithTheToken(t *testing.T) {
	t.Parallel()
	var calls *channeltest.Calls
	tries := 0
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		switch c.Path {
		case "/" + meta.Version + "/2190":
			channeltest.Says(200, `{"url":"`+calls.URL+`/file","mime_type":"audio/ogg; codecs=opus","file_size":5,"id":"2190"}`)(w, c)
		case "/file":
			if tries++; tries == 1 {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Type", "audio/ogg")
			_, _ = io.WriteString(w, "voice")
		default:
			channeltest.Says(400, `{"error":{"code":100}}`)(w, c)
		}
	})
	var b bytes.Buffer
	got, err := whatsapp.New(g).Fetch(t.Context(), account(), desk.MediaRef{Kind: desk.MediaAudio, ID: "2190"}, 100, &b)
	if err != nil || b.String() != "voice" || got.Mime != "audio/ogg" || len(calls.All()) != 4 {
		t.Errorf("%q %+v %v after %d calls", b.String(), got, err, len(calls.All()))
	}
	if h := calls.Last(t).Header.Get("Authorization"); h != "Bearer EAAsystem" {
		t.Error(h)
	}
	if calls.All()[0].Query.Get("phone_number_id") != number {
		t.Error(calls.All()[0].Query)
	}
	_, err = whatsapp.New(g).Fetch(t.Context(), account(), desk.MediaRef{Kind: desk.MediaAudio, ID: "9"}, 100, &b)
	if e, ok := err.(*desk.Error); !ok || e.Reason != "media_expired" {
		t.Error(err)
	}
}

// covers 1.4 of the reference, H-21…H-24, H-59
func TestSignUpOffersEachNumberOfTheGrantedAccounts(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		answer := `{}`
		switch {
		case strings.HasSuffix(c.Path, "/oauth/access_token"):
			answer = `{"access_token":"EAAbusiness"}`
		case strings.HasSuffix(c.Path, "/debug_token"):
			answer = `{"data":{"app_id":"4242","type":"SYSTEM_USER","is_valid":true,"expires_at":0,"scopes":["whatsapp_business_management","whatsapp_business_messaging"],"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":["` + waba + `"]},{"scope":"whatsapp_business_messaging","target_ids":["` + waba + `"]}]}}`
		case strings.HasSuffix(c.Path, "/phone_numbers"):
			answer = `{"data":[{"id":"` + number + `","display_phone_number":"+1 555-000-9999","verified_name":"Atelier","quality_rating":"GREEN","code_verification_status":"VERIFIED"},{"id":"206540000000100","display_phone_number":"+1 555-000-8888"},{"display_phone_number":"no id"}]}`
		}
		channeltest.Says(200, answer)(w, c)
	})
	ch := whatsapp.New(g)
	at, err := ch.AuthURL(meta.LoginWhatsApp, "https://parley.example/back", "st4te")
	if err != nil || !strings.Contains(at, "config_id=cfg-1") || strings.Contains(at, "scope=") {
		t.Error(at, err)
	}
	all, err := ch.Exchange(t.Context(), meta.LoginWhatsApp, "https://parley.example/back", "c0de")
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	d := all[0].Details
	if all[0].OutsideID != number || d.WABA != waba || d.PhoneNumberID != number || d.Phone != "+1 555-000-9999" || d.VerifiedName != "Atelier" || d.Quality != "GREEN" ||
		d.PhoneVerified != "VERIFIED" || !d.TokenUntil.IsZero() || all[1].Name != "+1 555-000-8888" {
		t.Errorf("%+v", all)
	}
	acct := channel.Account{Account: desk.Account{Kind: whatsapp.Name, OutsideID: number}, Details: d, Secrets: all[0].Secrets}
	if err := ch.Subscribe(t.Context(), acct); err == nil {
		t.Error("an answer without success counts as subscribed")
	}
	if calls.Last(t).Path != "/"+meta.Version+"/"+waba+"/subscribed_apps" || len(calls.Last(t).Query["subscribed_fields"]) != 0 {
		t.Errorf("%+v", calls.Last(t))
	}
	given := map[string]secret.Text{"system_user_token": secret.New("EAAsystem"), "phone_number_id": secret.New("206540000000100"), "waba_id": secret.New(waba)}
	if all, err = ch.Check(t.Context(), meta.LoginPaste, given); err != nil || len(all) != 1 || all[0].OutsideID != "206540000000100" || all[0].Details.Pasted {
		t.Errorf("%+v %v", all, err)
	}
	given["phone_number_id"] = secret.New("1")
	if _, err = ch.Check(t.Context(), meta.LoginPaste, given); !desk.IsNotFound(err) {
		t.Error(err)
	}
}

func TestTheHealthCheckNamesWhatIsWrongWithANumber(t *testing.T) {
	t.Parallel()
	g, _ := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		switch {
		case strings.HasSuffix(c.Path, "/debug_token"):
			channeltest.Says(200, `{"data":{"app_id":"4242","is_valid":true,"scopes":["whatsapp_business_messaging"]}}`)(w, c)
		case strings.HasSuffix(c.Path, "/subscribed_apps"):
			channeltest.Says(200, `{"data":[{"whatsapp_business_api_data":{"id":"4242","name":"us"}}]}`)(w, c)
		default:
			channeltest.Says(200, `{"id":"`+number+`","verified_name":"Atelier","quality_rating":"RED","name_status":"DECLINED","status":"PENDING"}`)(w, c)
		}
	})
	h, err := whatsapp.New(g).Probe(t.Context(), account())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range h.Findings {
		got = append(got, f.Name+":"+f.Reason)
		for _, l := range []string{"en", "tr"} {
			if words := channel.HealthWords(l, f); words == "" || strings.HasPrefix(words, "health.") || f.Reason != "" && channel.Words(l, f.Reason) == "" {
				t.Errorf("%s has no words in %s", f.Name, l)
			}
		}
	}
	if s := strings.Join(got, " "); s != "reach: number:not_registered quality:quality_low name:name_unapproved token: permissions:permission_missing subscription:" {
		t.Error(s)
	}
}

// covers lessons 1.4 M8: what Meta would refuse is said before sending.
func TestATemplateIsCheckedAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	g, _ := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"data":[{"id":"5","name":"order_ready","language":"en","category":"UTILITY","status":"APPROVED","components":[
{"type":"HEADER","format":"TEXT","text":"Order {{1}}"},{"type":"BODY","text":"Hello {{1}}, your order {{2}} is ready, {{1}}."},{"type":"FOOTER","text":"Atelier"},
{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://shop.example/{{1}}"},{"type":"QUICK_REPLY","text":"Thanks"}]}]},
{"id":"6","name":"sale","language":"en","category":"MARKETING","status":"PAUSED","components":[{"type":"BODY","text":"Hi {{first_name}}"}]},
{"id":"7","name":"photo","language":"en","status":"APPROVED","components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"x"}]},{"x":1}]}`))
	ch := whatsapp.New(g)
	all, err := ch.Templates(t.Context(), account())
	if err != nil || len(all) != 3 || !all[1].Named || all[0].Named || len(all[0].Buttons) != 2 {
		t.Fatalf("%+v %v", all, err)
	}
	good := desk.TemplateUse{Name: "order_ready", Language: "en", Header: []string{"771"}, Params: []string{"Ana", "771"}, Buttons: []desk.TemplateParam{{Index: 0, Kind: "url", Value: "771"}}}
	if err := ch.CheckTemplate(all[0], good); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		at     int
		change func(*desk.TemplateUse)
		reason string
	}{
		"another language": {0, func(u *desk.TemplateUse) { u.Language = "tr" }, "template_missing"},
		"one value less":   {0, func(u *desk.TemplateUse) { u.Params = u.Params[:1] }, "template_params"},
		"an empty value":   {0, func(u *desk.TemplateUse) { u.Params = []string{"", "x"} }, "template_params"},
		"a line break":     {0, func(u *desk.TemplateUse) { u.Params = []string{"a\nb", "x"} }, "template_params"},
		"no header":        {0, func(u *desk.TemplateUse) { u.Header = nil }, "template_params"},
		"no address":       {0, func(u *desk.TemplateUse) { u.Buttons = nil }, "template_params"},
		"a button too many": {0, func(u *desk.TemplateUse) {
			u.Buttons = append(u.Buttons, desk.TemplateParam{Index: 2, Kind: "url", Value: "x"})
		}, "template_params"},
		"names":     {0, func(u *desk.TemplateUse) { u.Names = []string{"a", "b"} }, "template_params"},
		"paused":    {1, func(u *desk.TemplateUse) { u.Name = "sale" }, "template_paused"},
		"a picture": {2, func(u *desk.TemplateUse) { u.Name = "photo" }, "template_header"},
	} {
		use := good
		use.Buttons = append([]desk.TemplateParam(nil), good.Buttons...)
		c.change(&use)
		err := ch.CheckTemplate(all[c.at], use)
		if e, ok := err.(*desk.Error); !ok || e.Reason != c.reason || channel.Words("tr", c.reason) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	wrong := good
	wrong.Header, wrong.Params, wrong.Buttons = []string{" "}, []string{"Ana", "a\tb", "more"}, []desk.TemplateParam{{Index: 0, Kind: "url", Value: "a b"}}
	var faults channel.ParamFaults
	if err := ch.CheckTemplate(all[0], wrong); !errors.As(err, &faults) || fmt.Sprint([]channel.ParamFault(faults)) !=
		"[{header 0 param_missing} {params 1 param_shape} {params 2 param_extra} {buttons 0 param_shape}]" {
		t.Errorf("each value by itself: %v", faults)
	}
	if text := all[0].Filled(good); text != "Order 771\n\nHello Ana, your order 771 is ready, Ana.\n\nAtelier" {
		t.Errorf("the person reads %q", text)
	}
}
