package meta

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/internal/kit/secret"
)

//go:embed dialog.html
var dialogPage string

// The app's saved dialog configurations (config_id).
const (
	LoginConfig  = "770001" // Facebook login for business: pages and Instagram
	SignupConfig = "770002" // WhatsApp embedded sign-up
)

// asked is a request to a dialog that passed its checks.
type asked struct {
	instagram bool
	signup    bool
	redirect  string
	state     string
	scopes    []string
}

// Choice is what somebody does in a dialog.
type Choice struct {
	Person  *Person  // nil: the first
	Targets []string // ids of the pages, Instagram accounts and WhatsApp accounts ticked; nil = all
	Without []string // permissions taken out
	Deny    bool
}

// Approve does what a person does in the dialog at an address: it chooses and
// gives the address the browser is sent back to.
func (s *Sim) Approve(address string, ch Choice) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	host, path := u.Host, u.Path
	if !knownHost(host) {
		host, path, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
		host = member(host, path, &http.Request{URL: u})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.readDialog(host, path, u.Query())
	if err != nil {
		return "", err
	}
	return s.choose(a, ch)
}

// readDialog checks a dialog's address as Meta does. The lock is held.
func (s *Sim) readDialog(host, path string, q url.Values) (asked, error) {
	a := asked{instagram: host == "www.instagram.com", redirect: q.Get("redirect_uri"), state: q.Get("state")}
	path = strings.Trim(path, "/")
	version, rest, _ := strings.Cut(path, "/")
	switch {
	case a.instagram && path != "oauth/authorize", !a.instagram && (rest != "dialog/oauth" || !strings.HasPrefix(version, "v")):
		return a, fmt.Errorf("there is no dialog at /%s", path)
	case q.Get("client_id") != map[bool]string{true: s.opt.InstagramAppID, false: s.opt.AppID}[a.instagram]:
		return a, errors.New("invalid app ID: the client_id is not a known app's")
	case q.Get("response_type") != "code":
		return a, errors.New("response_type must be code")
	case !s.redirectAllowed(a.redirect):
		return a, errors.New("URL blocked: the redirect_uri is not one of the app's valid OAuth redirect URIs")
	}
	if a.state == "" {
		s.remark("no_state", "a dialog was opened without state: nothing ties its answer to the person")
	}
	config := q.Get("config_id")
	switch {
	case config == SignupConfig && !a.instagram:
		a.signup = true
		a.scopes = []string{"whatsapp_business_management", "whatsapp_business_messaging"}
		return a, nil
	case config == LoginConfig && !a.instagram:
		a.scopes = []string{"public_profile", "pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement", "instagram_basic", "instagram_manage_messages", "business_management"}
		return a, nil
	case config != "":
		return a, errors.New("invalid config_id")
	}
	known := facebookScopes()
	if a.instagram {
		known = instagramScopes()
	}
	for _, scope := range strings.FieldsFunc(q.Get("scope"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(known, scope) {
			return a, fmt.Errorf("invalid scopes: %s", scope)
		}
		a.scopes = append(a.scopes, scope)
	}
	if len(a.scopes) == 0 {
		return a, errors.New("scope is missing")
	}
	return a, nil
}

// redirectAllowed: the app's list, or any page of this machine where it is
// empty.
func (s *Sim) redirectAllowed(redirect string) bool {
	u, err := url.Parse(redirect)
	if err != nil || u.Host == "" || u.Fragment != "" {
		return false
	}
	if len(s.opt.Redirects) > 0 {
		return slices.Contains(s.opt.Redirects, redirect)
	}
	return Loopback(u.Hostname())
}

// choose makes the code and the way back. The lock is held.
func (s *Sim) choose(a asked, ch Choice) (string, error) {
	back, err := url.Parse(a.redirect)
	if err != nil {
		return "", err
	}
	q := back.Query()
	if a.state != "" {
		q.Set("state", a.state)
	}
	p := ch.Person
	if p == nil && len(s.people) > 0 {
		p = s.people[0]
	}
	if ch.Deny || p == nil {
		q.Set("error", "access_denied")
		q.Set("error_reason", "user_denied")
		q.Set("error_description", "Permissions error")
		if !a.instagram {
			q.Set("error_code", "200")
		}
		back.RawQuery = q.Encode()
		return back.String(), nil
	}
	k := &code{value: s.newToken("AQD"), redirect: a.redirect, person: p, signup: a.signup, targets: ch.Targets, ends: s.clk.Now().Add(codeLife)}
	k.scopes = slices.DeleteFunc(slices.Clone(a.scopes), func(x string) bool { return slices.Contains(ch.Without, x) })
	ticked := func(id string) bool { return ch.Targets == nil || slices.Contains(ch.Targets, id) }
	switch {
	case a.instagram:
		k.ends = s.clk.Now().Add(instagramCode)
		if i := slices.IndexFunc(p.igs, func(ig *Instagram) bool { return ticked(ig.ID) }); i >= 0 {
			k.ig = p.igs[i]
		} else {
			return "", errors.New("no Instagram account was chosen")
		}
	case a.signup:
		k.ends = s.clk.Now().Add(signupLife)
		if i := slices.IndexFunc(p.wabas, func(w *WABA) bool { return ticked(w.ID) }); i >= 0 {
			k.waba = p.wabas[i]
		} else {
			return "", errors.New("no WhatsApp account was chosen")
		}
	default:
		p.asked = s.clk.Now()
	}
	s.codes[k.value] = k
	q.Set("code", k.value)
	back.RawQuery = q.Encode()
	out := back.String()
	if a.instagram {
		out += "#_"
	}
	s.announce()
	return out, nil
}

// dialogView is what the page shows.
type dialogView struct {
	Nonce, Error, Host, App string
	People                  []dialogPerson
	Instagram, Signup       bool
	Scopes                  []string
}

type dialogPerson struct {
	ID, Name string
	Assets   []dialogAsset
}

type dialogAsset struct{ ID, Name, Detail string }

// serveDialog shows the dialog, and takes what was chosen in it.
func (s *Sim) serveDialog(w http.ResponseWriter, r *http.Request, host string) {
	s.recorded(w, r, host, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		s.mu.Lock()
		a, err := s.readDialog(host, r.URL.Path, r.URL.Query())
		v := s.dialogView(a, host, err)
		s.mu.Unlock()
		if err == nil && r.Method == http.MethodPost {
			s.decide(w, r, a)
			return
		}
		s.showDialog(w, v, a.redirect)
	})
}

func (s *Sim) decide(w http.ResponseWriter, r *http.Request, a asked) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form cannot be read", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	ch := Choice{Person: s.person(r.PostForm.Get("person")), Targets: r.PostForm["target"], Deny: r.PostForm.Get("decision") != "continue"}
	if ch.Targets == nil {
		ch.Targets = []string{}
	}
	to, err := s.choose(a, ch)
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Sim) dialogView(a asked, host string, err error) dialogView {
	v := dialogView{Nonce: secret.Token(), Host: host, App: "Parley", Instagram: a.instagram, Signup: a.signup, Scopes: a.scopes}
	if err != nil {
		v.Error = err.Error()
		return v
	}
	for _, p := range s.people {
		one := dialogPerson{ID: p.ID, Name: p.Name}
		switch {
		case a.instagram:
			for _, ig := range p.igs {
				one.Assets = append(one.Assets, dialogAsset{ig.ID, "@" + ig.Username, ig.title()})
			}
		case a.signup:
			one.Assets = p.offersNumbers()
		default:
			if a.wants("pages_") || a.wants("instagram_") {
				one.Assets = p.offersPages(a.wants("instagram_"))
			}
			if a.wants("whatsapp_") {
				one.Assets = append(one.Assets, p.offersNumbers()...)
			}
		}
		if len(one.Assets) > 0 {
			v.People = append(v.People, one)
		}
	}
	return v
}

// wants reports whether a permission of a family is asked for.
func (a asked) wants(family string) bool {
	return slices.ContainsFunc(a.scopes, func(x string) bool { return strings.HasPrefix(x, family) })
}

func (p *Person) offersNumbers() []dialogAsset {
	var out []dialogAsset
	for _, w := range p.wabas {
		out = append(out, dialogAsset{w.ID, w.Name, w.Numbers[0].Display})
	}
	return out
}

func (p *Person) offersPages(instagram bool) []dialogAsset {
	var out []dialogAsset
	for _, page := range p.pages {
		out = append(out, dialogAsset{page.ID, page.Name, page.Category})
		if page.Instagram != nil && instagram {
			out = append(out, dialogAsset{page.Instagram.ID, "@" + page.Instagram.Username, page.Instagram.title()})
		}
	}
	return out
}

func (s *Sim) showDialog(w http.ResponseWriter, v dialogView, redirect string) {
	t, err := template.New("dialog").Parse(dialogPage)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	form := "'self'"
	if u, err := url.Parse(redirect); err == nil && u.Host != "" && v.Error == "" {
		form += " " + u.Scheme + "://" + u.Host
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+v.Nonce+"'; form-action "+form+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	if v.Error != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	if err := t.Execute(w, v); err != nil {
		return // the browser went away
	}
}

// SignedRequest is the signed_request of a deauthorise or deletion callback for
// somebody who connected the app (reference 7).
func (s *Sim) SignedRequest(p *Person, instagram bool) string {
	key := s.opt.AppSecret
	if instagram {
		key = s.opt.InstagramAppSecret
	}
	return signedRequest(key, p.ID, s.clk.Now())
}

func signedRequest(key, user string, at time.Time) string {
	payload := fmt.Sprintf(`{"algorithm":"HMAC-SHA256","issued_at":%d,"user_id":"%s"}`, at.Unix(), user)
	return sealRequest(key, []byte(payload))
}
