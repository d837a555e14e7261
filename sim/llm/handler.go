package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const maxBody = 8 << 20

// asked is a request, whichever vendor's words it came in.
type asked struct {
	model    string
	system   string
	turns    []turn
	form     string         // name of the schema, "" = free text
	schema   map[string]any // nil = free text
	byTool   bool           // Anthropic: the form is a tool's input
	kept     bool           // Anthropic: the instructions are marked to be kept
	stream   bool
	usage    bool // of the stream
	maxWords int  // tokens of the answer, 0 = no limit
}

// turn is one thing said.
type turn struct{ role, text string }

// endpoint is one address of a vendor.
type endpoint struct {
	auth   func(s *Sim, r *http.Request) bool
	shape  func(body map[string]any) *complaint
	answer func(c *call, body map[string]any) (int, any)
	fail   func(status int, kind string, c complaint) any
}

// call is one request on its way.
type call struct {
	s       *Sim
	w       http.ResponseWriter
	r       *http.Request
	no      int64
	raw     []byte
	at      endpoint
	weather map[Knob]Force
	id      string
	written *bytes.Buffer // what the other side was given of a stream
}

// Handler serves both vendors and the control of the stand-in below /sim/.
func (s *Sim) Handler() http.Handler {
	ends := map[string]endpoint{
		"/v1/responses":        {openAIKey(true), checkResponses, (*call).responses, openAIError},
		"/v1/chat/completions": {openAIKey(false), checkChat, (*call).chat, openAIError},
		"/v1/embeddings":       {openAIKey(false), checkEmbeddings, (*call).embeddings, openAIError},
		"/v1/messages":         {anthropicKey, checkMessages, (*call).messages, anthropicError},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			http.Error(w, "the stand-in answers this machine only", http.StatusForbidden)
			return
		}
		if rest, ok := strings.CutPrefix(r.URL.Path, "/sim/"); ok {
			s.control(w, r, rest)
			return
		}
		end, ok := ends[r.URL.Path]
		if !ok || r.Method != http.MethodPost {
			writeJSON(w, http.StatusNotFound, openAIError(404, "invalid_request_error", complaint{text: "Invalid URL (" + r.Method + " " + r.URL.Path + ")"}))
			return
		}
		raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err != nil {
			return // the caller is gone
		}
		c := &call{s: s, w: w, r: r, raw: raw, at: end, id: s.id("req")}
		c.no = s.begin(Call{Path: r.URL.Path, Header: headers(r.Header), Body: raw})
		c.run()
	})
}

// headers keeps the headers without the values of keys.
func headers(h http.Header) [][2]string {
	var out [][2]string
	for _, k := range sorted(h) {
		v := strings.Join(h[k], ", ")
		if k == "Authorization" || k == "X-Api-Key" {
			v = "•••"
		}
		out = append(out, [2]string{k, v})
	}
	return out
}

// run answers: the key first, then the form, then what the weather does.
func (c *call) run() {
	c.w.Header().Set("X-Request-Id", c.id)
	c.w.Header().Set("Request-Id", c.id)
	if !c.at.auth(c.s, c.r) {
		c.refuse(http.StatusUnauthorized, "authentication_error", complaint{kind: "key", text: "Incorrect API key provided."})
		return
	}
	if len(c.raw) > maxBody {
		c.refuse(http.StatusRequestEntityTooLarge, "request_too_large", complaint{text: "Request exceeds the maximum size"})
		return
	}
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(c.raw))
	d.UseNumber()
	if err := d.Decode(&body); err != nil || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		c.refuse(http.StatusBadRequest, "invalid_request_error", complaint{text: "We could not parse the JSON body of your request."})
		return
	}
	if wrong := c.at.shape(body); wrong != nil {
		c.refuse(http.StatusBadRequest, "invalid_request_error", *wrong)
		return
	}
	if model, _ := body["model"].(string); len(c.s.opt.Models) > 0 && !slices.Contains(c.s.opt.Models, model) {
		c.refuse(http.StatusNotFound, "not_found_error", complaint{kind: "model", at: "model", text: "The model `" + model + "` does not exist or you do not have access to it."})
		return
	}
	c.weather = c.s.strike(c.r.URL.Path, string(c.raw))
	if c.stormy() {
		return
	}
	status, answer := c.at.answer(c, body)
	if c.written != nil { // it went out as a stream
		c.s.end(c.no, status, c.written.Bytes(), c.struck())
		return
	}
	c.give(status, answer)
}

func (c *call) struck() []Knob {
	var out []Knob
	for _, k := range Knobs() {
		if _, ok := c.weather[k]; ok {
			out = append(out, k)
		}
	}
	return out
}

func (c *call) refuse(status int, kind string, wrong complaint) {
	c.give(status, c.at.fail(status, kind, wrong))
}

// give writes a whole answer and records it. Weather may cut it.
func (c *call) give(status int, answer any) {
	b, err := json.Marshal(answer)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{}`)
	}
	if _, cut := c.weather[Cut]; cut && status == http.StatusOK {
		c.cut(b)
		return
	}
	c.s.end(c.no, status, b, c.struck())
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // the caller may be gone
}

// cut promises the whole answer, sends half and ends the connection.
func (c *call) cut(b []byte) {
	half := b[:len(b)/2]
	c.s.end(c.no, 0, half, c.struck())
	conn, rw, err := http.NewResponseController(c.w).Hijack()
	if err != nil {
		return
	}
	fmt.Fprintf(rw, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: %s\r\nContent-Length: %d\r\n\r\n%s", c.id, len(b), half)
	_ = rw.Flush()
	_ = conn.Close()
}

// stormy does what happens on the way, and reports whether the call ends by it.
func (c *call) stormy() bool {
	for _, k := range []Knob{Slow, Hang, TooMany, OutOfMoney, BadKey, ServerError, Overloaded, HTMLError, Redirect} {
		f, ok := c.weather[k]
		if !ok {
			continue
		}
		switch k {
		case Slow:
			select {
			case <-c.s.clk.After(f.For):
			case <-c.r.Context().Done():
				c.s.end(c.no, 0, nil, c.struck())
				return true
			}
			continue
		case Hang:
			select {
			case <-c.r.Context().Done():
			case <-c.s.ctx.Done():
			}
			c.s.end(c.no, 0, nil, c.struck())
		case HTMLError:
			page := "<html><head><title>502 Bad Gateway</title></head></html>"
			c.s.end(c.no, http.StatusBadGateway, []byte(page), c.struck())
			c.w.Header().Set("Content-Type", "text/html")
			c.w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(c.w, page)
		case Redirect:
			c.s.end(c.no, http.StatusTemporaryRedirect, nil, c.struck())
			http.Redirect(c.w, c.r, f.Text, http.StatusTemporaryRedirect)
		default:
			c.decline(k, f)
		}
		return true
	}
	return false
}

// decline answers with one of the vendors' errors.
func (c *call) decline(k Knob, f Force) {
	anthropic := strings.HasSuffix(c.r.URL.Path, "/messages")
	say := func(own string) string {
		if f.Text != "" {
			return f.Text
		}
		return own
	}
	switch k {
	case TooMany:
		c.w.Header().Set("Retry-After", strconv.Itoa(int(f.For.Seconds())))
		c.refuse(http.StatusTooManyRequests, "rate_limit_error", complaint{kind: "rate", text: say("Rate limit reached. Please try again later.")})
	case OutOfMoney:
		if anthropic {
			c.refuse(http.StatusBadRequest, "invalid_request_error", complaint{text: say("Your credit balance is too low to access the Anthropic API.")})
			return
		}
		c.refuse(http.StatusTooManyRequests, "insufficient_quota", complaint{kind: "quota", text: say("You exceeded your current quota, please check your plan and billing details.")})
	case BadKey:
		key := strings.TrimPrefix(c.r.Header.Get("Authorization"), "Bearer ") + c.r.Header.Get("X-Api-Key")
		c.refuse(http.StatusUnauthorized, "authentication_error", complaint{kind: "key", text: say("Incorrect API key provided: " + key + ".")})
	case ServerError:
		c.refuse(http.StatusInternalServerError, "api_error", complaint{text: say("The server had an error while processing your request.")})
	case Overloaded:
		if anthropic {
			c.refuse(529, "overloaded_error", complaint{text: say("Overloaded")})
			return
		}
		c.refuse(http.StatusServiceUnavailable, "server_error", complaint{text: say("The engine is currently overloaded, please try again later")})
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller may be gone
}
