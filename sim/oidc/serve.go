package oidc

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html/template"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func (s *Sim) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /keys", s.keys)
	mux.HandleFunc("GET /authorize", s.choose)
	mux.HandleFunc("POST /authorize", s.chosen)
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("GET /userinfo", s.userinfo)
	mux.HandleFunc("GET /picture/{subject}", s.picture)
	return mux
}

// foreignHost is an address outside every register.
const foreignHost = "https://accounts.evil.example"

// wait holds a request until its caller gives up.
func (s *Sim) wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.done:
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller may have gone away
}

func (s *Sim) discovery(w http.ResponseWriter, r *http.Request) {
	if s.tells(HangDiscovery) {
		s.wait(r)
		return
	}
	at := s.Issuer()
	doc := map[string]any{"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys",
		"userinfo_endpoint": at + "/userinfo", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"}, "authorization_response_iss_parameter_supported": true}
	if s.tells(OtherDiscovery) {
		doc["issuer"] = foreignHost
	}
	if s.tells(ForeignToken) {
		doc["token_endpoint"] = foreignHost + "/token"
	}
	if s.tells(ForeignKeys) {
		doc["jwks_uri"] = foreignHost + "/keys"
	}
	answer(w, http.StatusOK, doc)
}

func (s *Sim) keys(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.tells(HangKeys):
		s.wait(r)
		return
	case s.tells(RedirectKeys):
		http.Redirect(w, r, foreignHost+"/keys", http.StatusFound)
		return
	}
	pub := s.key.PublicKey
	set := map[string]any{"keys": []map[string]string{{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": base64.RawURLEncoding.EncodeToString(pub.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(pub.E)).Bytes())}}}
	if s.tells(HugeKeys) {
		set["padding"] = strings.Repeat("x", 3<<20)
	}
	answer(w, http.StatusOK, set)
}

// picture gives the bytes of somebody's picture.
func (s *Sim) picture(w http.ResponseWriter, r *http.Request) {
	p, ok := s.person(r.PathValue("subject"))
	switch {
	case !ok || p.Picture == nil:
		http.NotFound(w, r)
		return
	case s.tells(HangPicture):
		s.wait(r)
		return
	case s.tells(RedirectPicture):
		http.Redirect(w, r, s.Issuer()+"/picture/"+p.Subject+"?again", http.StatusFound)
		return
	case s.tells(HugePicture):
		p.Picture = append(slices.Clone(p.Picture), make([]byte, 3<<20)...)
	case s.tells(DrawnPicture):
		w.Header().Set("Content-Type", "image/svg+xml")
		p.Picture = []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	}
	_, _ = w.Write(p.Picture) // a program that left needs none
}

// pictureOf is the claim that says where somebody's picture is.
func (s *Sim) pictureOf(p Person) any {
	sum := sha256.Sum256(p.Picture)
	switch {
	case p.Picture == nil:
		return nil
	case s.tells(NumberPicture):
		return 42
	case s.tells(ForeignPicture):
		return foreignHost + "/picture/" + p.Subject
	case s.tells(InsidePicture):
		return "http://127.0.0.1:1/picture/" + p.Subject
	}
	return s.Issuer() + "/picture/" + p.Subject + "?v=" + hex.EncodeToString(sum[:6])
}

// asked is an authorization request; wrong says what is the matter with it.
func (s *Sim) asked(q url.Values) (wrong string) {
	back := q.Get("redirect_uri")
	scopes := strings.Fields(q.Get("scope"))
	switch {
	case q.Get("client_id") != s.opt.ClientID:
		return "unknown client_id"
	case back == "" || len(s.opt.Redirects) > 0 && !slices.Contains(s.opt.Redirects, back):
		return "redirect_uri is not registered"
	case q.Get("response_type") != "code":
		return "response_type is not code"
	case !slices.Contains(scopes, "openid"):
		return "scope without openid"
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		return "no PKCE with S256"
	case q.Get("state") == "" || q.Get("nonce") == "":
		return "no state or no nonce"
	}
	return ""
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in accounts</title>
<h1>Choose an account</h1>
<form method="post" action="/authorize?{{.Query}}">{{range .People}}<p><button name="subject" value="{{.Subject}}">{{.Name}} &lt;{{.Email}}&gt;</button></p>{{end}}
<p><button name="subject" value="">Cancel</button></p></form></html>`))

func (s *Sim) choose(w http.ResponseWriter, r *http.Request) {
	if wrong := s.asked(r.URL.Query()); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	view := struct {
		Query  template.URL
		People []Person
	}{template.URL(r.URL.Query().Encode()), slices.Clone(s.opt.People)} //nolint:gosec // encoded just now
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, view) // the browser may have gone away
}

func (s *Sim) chosen(w http.ResponseWriter, r *http.Request) {
	if wrong := s.asked(r.URL.Query()); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, s.back(r.URL.Query(), r.PostFormValue("subject")), http.StatusFound)
}

// back is where the browser is sent after somebody chose an account, or none.
func (s *Sim) back(q url.Values, subject string) string {
	out := url.Values{"state": {q.Get("state")}, "iss": {s.Issuer()}}
	switch {
	case s.tells(MixUp):
		out.Set("iss", foreignHost)
	case s.tells(NoIss):
		out.Del("iss")
	}
	if p, ok := s.person(subject); ok {
		code := random()
		s.mu.Lock()
		s.codes[code] = &grant{person: p, redirect: q.Get("redirect_uri"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
			again: q.Get("max_age") == "0"}
		s.mu.Unlock()
		out.Set("code", code)
	} else {
		out.Set("error", "access_denied")
	}
	return q.Get("redirect_uri") + "?" + out.Encode()
}

// Approve is what a browser does at the authorization address when somebody
// chooses that account: it returns what the address it is sent back to carries.
func (s *Sim) Approve(authorize, subject string) (url.Values, string) {
	at, err := url.Parse(authorize)
	if err != nil {
		return nil, err.Error()
	}
	if at.Scheme+"://"+at.Host != s.Issuer() || at.Path != "/authorize" {
		return nil, "another provider's address"
	}
	if wrong := s.asked(at.Query()); wrong != "" {
		return nil, wrong
	}
	back, err := url.Parse(s.back(at.Query(), subject))
	if err != nil {
		return nil, err.Error()
	}
	return back.Query(), ""
}

func (s *Sim) token(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.tells(HangToken):
		s.wait(r)
		return
	case s.tells(RedirectToken):
		http.Redirect(w, r, foreignHost+"/token", http.StatusTemporaryRedirect)
		return
	case s.tells(RefuseToken):
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	case s.tells(NoJSON):
		_, _ = w.Write([]byte("<html>later</html>"))
		return
	}
	g, why := s.spend(r)
	if why != "" {
		answer(w, http.StatusBadRequest, map[string]string{"error": why})
		return
	}
	access := random()
	s.mu.Lock()
	s.tokens[access] = g.person
	s.mu.Unlock()
	out := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": s.idToken(g)}
	if s.tells(NoIDToken) {
		delete(out, "id_token")
	}
	if s.tells(HugeToken) {
		out["padding"] = strings.Repeat("x", 3<<20)
	}
	answer(w, http.StatusOK, out)
}

// spend checks who asks and takes the code.
func (s *Sim) spend(r *http.Request) (grant, string) {
	id, pass, basic := r.BasicAuth()
	if !basic {
		id, pass = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != s.opt.ClientID || subtle.ConstantTimeCompare([]byte(pass), []byte(s.opt.ClientSecret)) != 1 {
		return grant{}, "invalid_client"
	}
	again, any := s.tells(AgainCode), s.tells(AnyChallenge)
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.codes[r.PostFormValue("code")]
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case g == nil || g.spent && !again || r.PostFormValue("grant_type") != "authorization_code":
		return grant{}, "invalid_grant"
	case g.redirect != r.PostFormValue("redirect_uri"):
		return grant{}, "invalid_grant"
	case !any && g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		return grant{}, "invalid_grant"
	}
	g.spent = true
	return *g, ""
}

func (s *Sim) userinfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	p, ok := s.tokens[token]
	s.mu.Unlock()
	if !ok {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	if s.tells(OtherInfo) {
		p.Subject = "somebody-else"
	}
	answer(w, http.StatusOK, map[string]any{"sub": p.Subject, "email": p.Email, "email_verified": p.Verified, "name": p.Name})
}
