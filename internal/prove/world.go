package prove

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/promise"
	"parley/sim/meta"
	"parley/sim/oidc"
)

// answerLimit is how much of an answer is read.
const answerLimit = 64 << 20

// Mode is promise.Model.
func (m *model) Mode() promise.Mode { return promise.Model }

// Now is the model's time.
func (m *model) Now() time.Time { return m.clock.Now() }

// Place names what the model is made of.
func (m *model) Place() promise.Place { return m.place }

// Advance moves the clock of both sides, carries out what ends by itself, and
// waits until everything that fell due by it is done. Over a longer time each hour
// would have signed where the record stands, which is what lets the record end.
func (m *model) Advance(ctx context.Context, by time.Duration) error {
	if by > time.Hour {
		if err := m.app.Audit.Checkpoint(ctx); err != nil {
			return err
		}
	}
	m.clock.Move(by)
	m.meta.Touch()
	if m.Now().Sub(m.keyed) > keyLife {
		if err := m.cutKeys(ctx); err != nil {
			return err
		}
	}
	if err := m.app.Recur(ctx); err != nil {
		return err
	}
	return m.Settle(ctx)
}

// Settle waits until nothing is due, in the program or on its way from Meta.
func (m *model) Settle(ctx context.Context) error {
	tick := m.clock.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for still := 0; still < 2; { // twice: what ended may have begun something
		n, err := m.app.DB.DueLanes(ctx, flow.EveryKind)
		if err != nil {
			return err
		}
		if n == 0 && (m.meta == nil || m.meta.Pending() == 0) {
			still++
		} else {
			still = 0
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d lanes are still due: %w", n, ctx.Err())
		case <-tick.C():
		}
	}
	return nil
}

// HTTP asks the program.
func (m *model) HTTP(ctx context.Context, in promise.Ask) (promise.Answer, error) {
	req, err := http.NewRequestWithContext(ctx, in.Method, m.url+in.Path, bytes.NewReader(in.Body))
	if err != nil {
		return promise.Answer{}, err
	}
	if in.Header != nil {
		req.Header = in.Header.Clone()
	}
	if in.As.Role == string(desk.RoleOperator) {
		cookie, err := m.operates(ctx)
		if err != nil {
			return promise.Answer{}, err
		}
		own(req.Header, m.url, cookie)
	}
	token := in.As.Token
	if token == "" {
		token = m.tokens[in.As]
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if len(in.Body) > 0 && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	c := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(req)
	if err != nil {
		return promise.Answer{}, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	return promise.Answer{Status: res.StatusCode, Header: res.Header, Body: body}, errors.Join(err, res.Body.Close())
}

// own makes headers those of the program's own page in a browser.
func own(h http.Header, home, cookie string) {
	h.Set("Origin", home)
	h.Set("Sec-Fetch-Site", "same-origin")
	h.Set("Cookie", cookie)
}

// operates signs the operator in, whose acts want a proof of the last minutes.
func (m *model) operates(ctx context.Context) (cookie string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.session != "" && m.Now().Sub(m.signedIn) < 9*time.Minute {
		return m.session, nil
	}
	h := http.Header{}
	own(h, m.url, "")
	body, err := json.Marshal(map[string]string{"email": m.operator.Email, "password": m.operator.Password})
	if err != nil {
		return "", err
	}
	a, err := m.HTTP(ctx, promise.Ask{Method: http.MethodPost, Path: "/api/v1/session", Body: body, Header: h})
	if err != nil {
		return "", err
	}
	if a.Status != http.StatusOK {
		return "", fmt.Errorf("the operator signs in: %d %s", a.Status, a.Body)
	}
	m.session, _, _ = strings.Cut(a.Header.Get("Set-Cookie"), ";")
	m.signedIn = m.Now()
	return m.session, nil
}

// Webhook delivers a body as Meta signs it (reference 2.1).
func (m *model) Webhook(ctx context.Context, name string, body []byte) (promise.Answer, error) {
	if name != "meta" {
		return promise.Answer{}, promise.ErrShut
	}
	sum := hmac.New(sha256.New, []byte(appSecret))
	_, _ = sum.Write(body)
	return m.HTTP(ctx, promise.Ask{Method: http.MethodPost, Path: "/hooks/meta", Body: body,
		Header: http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(sum.Sum(nil))}, "Content-Type": {"application/json"}}})
}

// Says lets a customer of that name write over a channel; one name is one human
// on all of them.
func (m *model) Says(ctx context.Context, channel, customer, text string) error {
	_, err := m.Does(ctx, channel, customer, promise.Act{Kind: "text", Text: text})
	return err
}

// Does lets a customer of that name act over a channel.
func (m *model) Does(ctx context.Context, channel, customer string, a promise.Act) (string, error) {
	m.mu.Lock()
	c := m.customers[customer]
	if c == nil {
		c = m.meta.Customer(meta.Profile{Name: customer, Username: fmt.Sprintf("c%d", len(m.customers)), Phone: fmt.Sprintf("90532555%04d", len(m.customers)), Country: "TR", Locale: "tr_TR"})
		m.customers[customer] = c
	}
	m.mu.Unlock()
	chat := map[string]func() *meta.Chat{
		"messenger": func() *meta.Chat { return c.Writes(m.page) },
		"instagram": func() *meta.Chat { return c.WritesInstagram(m.ig) },
		"whatsapp":  func() *meta.Chat { return c.WritesWhatsApp(m.number) },
	}[channel]
	if chat == nil {
		return "", promise.ErrShut
	}
	if a.Kind == "portrait" {
		c.Portray(a.File)
		return "", nil
	}
	act := meta.Act{Kind: a.Kind, Text: a.Text, Target: a.Target}
	if len(a.File) > 0 {
		act.Files = []meta.Upload{{Mime: a.Mime, Data: a.File}}
	}
	id, err := chat().Does(act)
	if err != nil {
		return "", err
	}
	return id, m.Settle(ctx)
}

// Approves chooses an account at the stand-in for Google.
func (m *model) Approves(_ context.Context, address string, who promise.Outsider) (url.Values, error) {
	m.google.Add(oidc.Person{Subject: who.Subject, Email: who.Email, Verified: who.Verified, Name: who.Name, Picture: who.Picture})
	back, wrong := m.google.Approve(address, who.Subject)
	if wrong != "" {
		return nil, errors.New("the provider of accounts: " + wrong)
	}
	return back, nil
}

// Letters lists the mails that the stand-in for a mail server took.
func (m *model) Letters(context.Context) ([]promise.Letter, error) {
	var all []promise.Letter
	for _, one := range m.mails.Mails() {
		all = append(all, promise.Letter{To: one.To, Raw: one.Raw})
	}
	return all, nil
}

// Deletion hands over a signed request of somebody who never connected anything
// (reference 2.6): the channels of the model stay.
func (m *model) Deletion(ctx context.Context) (promise.Answer, error) {
	body := url.Values{"signed_request": {m.meta.SignedRequest(m.meta.Person("Deniz Kaya"), false)}}.Encode()
	return m.HTTP(ctx, promise.Ask{Method: http.MethodPost, Path: "/hooks/meta/deletion", Body: []byte(body),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
}

// Command runs a verb of the program on the model's folder. {data} in an argument
// is that folder, {apart} one beside it; with --data the database is not the model's.
func (m *model) Command(ctx context.Context, stdin []byte, args ...string) (promise.Output, error) {
	if m.opt.Program == "" {
		return promise.Output{}, promise.ErrShut
	}
	own := slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--data=") })
	args = slices.Clone(args)
	for i, arg := range args {
		args[i] = strings.NewReplacer("{data}", m.dir, "{apart}", m.apart).Replace(arg)
	}
	cmd := exec.CommandContext(ctx, m.opt.Program, args...)
	cmd.Env = []string{"PARLEY_DATA=" + m.dir, "PARLEY_DEV=1"}
	if m.server != nil && !own {
		cmd.Env = append(cmd.Env, "PARLEY_DATABASE="+m.server.URL("postgres"))
	}
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &said
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		err = nil
	}
	status := -1
	if cmd.ProcessState != nil {
		status = cmd.ProcessState.ExitCode()
	}
	return promise.Output{Stdout: out.Bytes(), Stderr: said.Bytes(), Status: status}, err
}

// Bytes hands over every file at rest: of the folder and, on PostgreSQL, of the
// server.
func (m *model) Bytes(ctx context.Context, look func(place string, raw []byte) error) error {
	folders := []string{m.dir}
	if m.server != nil {
		folders = append(folders, m.server.Dir())
	}
	for _, at := range folders {
		err := filepath.WalkDir(at, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) { // a file that went while we walked
				return nil
			}
			if err != nil || ctx.Err() != nil || !d.Type().IsRegular() {
				return errors.Join(err, ctx.Err())
			}
			raw, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			return look(filepath.Base(path), raw)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Outgoing lists the calls that the stand-ins for Meta and the vendors of models
// heard.
func (m *model) Outgoing(context.Context) ([]promise.Call, error) {
	var all []promise.Call
	for _, c := range m.meta.Calls() {
		all = append(all, promise.Call{Rule: "meta", Host: c.Host, Method: c.Method, Path: c.Path + "?" + c.Query, Header: c.Header, Body: c.Body})
	}
	for _, c := range m.llm.Calls() {
		h := http.Header{}
		for _, one := range c.Header {
			h.Add(one[0], one[1])
		}
		all = append(all, promise.Call{Rule: "models", Method: http.MethodPost, Path: c.Path, Header: h, Body: c.Body})
	}
	return all, nil
}
