package promise

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// State is what is known of a clause.
type State string

// States of a clause.
const (
	Proven        State = "proven"
	Failed        State = "failed"
	NotApplicable State = "not_applicable"
	Unproven      State = "unproven"
)

// Result is what a check found.
type Result struct {
	State    State
	Why      string   // for a person; needed for every state but Proven. Never holds data of people
	Observed []string // what was seen, in order; the evidence is its hash
}

// Check tests what clauses promise, through the outer doors of a World.
type Check struct {
	Name    string
	Clauses []string
	Run     func(ctx context.Context, w World) Result
}

// Mode is in which kind of world a check runs.
type Mode string

// Modes of a run.
const (
	Model    Mode = "model"    // a whole program with stand-ins and a clock that is moved
	Instance Mode = "instance" // a running install: read-only but for one canary workspace
	Drill    Mode = "drill"    // a restore, a breach or an erasure, played with made-up people
)

// ErrShut is what a World answers where its mode has no such door; the clause is
// then unproven and not failed.
var ErrShut = errors.New("this door is shut in this mode")

// Unseen is ErrShut with the reason, for a person.
type Unseen string

func (u Unseen) Error() string { return string(u) }

// Is makes it an ErrShut.
func (u Unseen) Is(err error) bool { return err == ErrShut }

// World is what a check may do and see: the doors that anybody outside has, a
// clock, and the raw bytes at rest. Everything made in it belongs to made-up
// people.
type World interface {
	Mode() Mode
	Now() time.Time
	// Place names what the world is made of.
	Place() Place
	// Says lets a made-up customer write over a channel (messenger, instagram,
	// whatsapp), through its provider, and waits until that is dealt with. One
	// name is one human on all of them.
	Says(ctx context.Context, channel, customer, text string) error
	// Does lets a made-up customer do something else than write, such as send a
	// picture or read what came, and waits until that is dealt with. It gives the
	// provider's id of it.
	Does(ctx context.Context, channel, customer string, a Act) (id string, err error)
	// Approves is what a browser does at an outside sign-in (google) that the
	// program sent it to, as who: it gives the query it comes back with.
	Approves(ctx context.Context, address string, who Outsider) (url.Values, error)
	// Letters lists the mails that the program sent since the world began, oldest
	// first.
	Letters(ctx context.Context) ([]Letter, error)
	// Advance moves the clock and waits until what falls due by it is done.
	// ErrShut where the clock is real.
	Advance(ctx context.Context, by time.Duration) error
	// Settle waits until no work that is due is left.
	Settle(ctx context.Context) error
	// HTTP asks the program as As; redirects are not followed.
	HTTP(ctx context.Context, in Ask) (Answer, error)
	// Webhook delivers a body to /hooks/NAME, signed as its provider would.
	Webhook(ctx context.Context, name string, body []byte) (Answer, error)
	// Weather lets Meta's side misbehave for the next times: duplicate, reorder,
	// server_error, token_revoked; or the model: biased and a word of the question.
	// Below 0 = always, 0 = no more.
	Weather(ctx context.Context, what string, times int) error
	// Grants is what a person chooses in the dialog at Meta that the program sent
	// them to: it gives the query their browser comes back with.
	Grants(ctx context.Context, address string, g Grant) (url.Values, error)
	// Restart stops the program, in whatever it is doing, and starts it again on
	// what is at rest, with some settings changed for as long as it runs then.
	// ErrShut where it is not the check's own.
	Restart(ctx context.Context, settings map[string]string) error
	// Spoil makes the newest file of people at rest unreadable.
	Spoil(ctx context.Context) error
	// Told is what a service beside the program (posthog, sentry) was sent, heads
	// and bodies, from a place on; it waits a while for a word to be in it.
	Told(ctx context.Context, service string, from int, word string) ([]byte, error)
	// Follow reads an answer that does not end, line by line, until enough says
	// so or ctx ends.
	Follow(ctx context.Context, in Ask, enough func(line string) bool) error
	// Deletion hands over what Meta sends when the person who connected the app
	// asks there for the deletion of their data, signed.
	Deletion(ctx context.Context) (Answer, error)
	// Removed hands over what Meta sends when the person who connected the accounts
	// of the world takes the app away there, signed.
	Removed(ctx context.Context) (Answer, error)
	// Website stands a website up on this machine until the world ends, and gives
	// its address. With hello it speaks TLS, with a certificate that nobody trusts,
	// and tells which versions each caller offers.
	Website(ctx context.Context, answer http.Handler, hello func(versions []uint16)) (address string, err error)
	// Handshake offers the program one version of TLS and gives the one that was
	// agreed on.
	Handshake(ctx context.Context, version uint16) (uint16, error)
	// Browse opens a real browser with an empty profile. Beside the program it
	// reaches pages, by address, and nobody else.
	Browse(ctx context.Context, pages map[string]string) (Browser, error)
	// Command runs a verb of the program against the same install.
	Command(ctx context.Context, stdin []byte, args ...string) (Output, error)
	// Bytes hands each stretch of raw bytes at rest to look: data, write-ahead
	// log, key store, files, backups. It stops at the first error.
	Bytes(ctx context.Context, look func(place string, raw []byte) error) error
	// Outgoing lists what left the program since the world began, oldest first.
	Outgoing(ctx context.Context) ([]Call, error)
}

// Browser is a real one, with one page open.
type Browser interface {
	// Open goes to an address and waits until the page is loaded.
	Open(ctx context.Context, address string) error
	// Run carries a script out in the frame of an origin ("" = the page), waits
	// for its promise and reads what it gives into out.
	Run(ctx context.Context, origin, script string, out any) error
	// Asked lists what it asked for, oldest first: a method and an address.
	Asked() []string
	// Cookies names all that it holds, of whichever host.
	Cookies(ctx context.Context) ([]string, error)
	Close() error
}

// Place is the canary workspace, and a second one, which must see nothing of it.
type Place struct {
	URL              string // of the program
	Workspace, Other string // ids
	Shop             string // the website's origin that the chat stands on
	Widget           string // public key of the chat
	// Outside ids of what is connected.
	Page, Instagram, Number string
	// A member who signs in with a password, and the made-up operator.
	MemberMail, MemberPassword string
	Operator                   map[string]string // by field of the profile
}

// Act is what a customer does on their phone: image, voice, sticker, video, read
// and whatever else their network knows; portrait is another profile picture.
type Act struct {
	Kind, Text, Target string
	Mime               string // of the file, if there is one
	File               []byte
}

// Grant is what a person ticks at Meta.
type Grant struct {
	Accounts []string // outside ids; nil = all
	Without  []string // permissions that they take out
}

// Outsider is somebody with an account at another provider.
type Outsider struct {
	Subject, Email, Name string
	Verified             bool
	Picture              []byte // nil = none
}

// Letter is a mail as it left.
type Letter struct {
	To  string
	Raw []byte
}

// As is who asks: a role of the canary workspace, nobody (""), or a token.
type As struct {
	Role  string
	Other bool   // of a second workspace, which must see nothing of the first
	Token string // wins over Role
}

// Ask is one request.
type Ask struct {
	As     As
	Method string
	Path   string // with query
	Header http.Header
	Body   []byte
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Output is what a command printed.
type Output struct {
	Stdout, Stderr []byte
	Status         int
}

// Call is one request that left the program.
type Call struct {
	Rule   string // of the register of hosts
	Host   string
	Method string
	Path   string
	Header http.Header
	Body   []byte
}

// Proof is the state of one clause at a time.
type Proof struct {
	Clause   string
	State    State
	Why      string
	Evidence string // SHA-256 of what was seen, in hexadecimal digits; "" where nothing ran
	At       time.Time
}

// Bind looks whether checks and register agree. It names every check that stands
// for other clauses than the register says, or that nobody asks for.
func Bind(r *Register, checks []Check) error {
	var wrong []error
	seen := map[string]bool{}
	for _, c := range checks {
		want := r.Of(c.Name)
		slices.Sort(want)
		if have := slices.Sorted(slices.Values(c.Clauses)); seen[c.Name] || len(want) == 0 || !slices.Equal(want, have) {
			wrong = append(wrong, fmt.Errorf("check %s stands for %v, the register says %v", c.Name, have, want))
		}
		seen[c.Name] = true
	}
	return errors.Join(wrong...)
}

// Prove runs checks one after another and gives the state of every clause of the
// register, in its order. What has no check among them is unproven.
func Prove(ctx context.Context, r *Register, w World, checks []Check) []Proof {
	found := map[string]Proof{}
	for _, c := range checks {
		one := prove(ctx, w, c)
		for _, id := range c.Clauses {
			one.Clause = id
			found[id] = one
		}
	}
	var all []Proof
	for _, c := range r.All() {
		one, ran := found[c.ID]
		switch {
		case !c.Built:
			one = Proof{Clause: c.ID, State: Unproven, Why: "not built: " + c.Why, At: w.Now()}
		case !ran && c.Support != "":
			one = Proof{Clause: c.ID, State: NotApplicable, Why: "people do this; the program helps by " + c.Support, At: w.Now()}
		case !ran:
			one = Proof{Clause: c.ID, State: Unproven, Why: "no check ran", At: w.Now()}
		}
		all = append(all, one)
	}
	return all
}

func prove(ctx context.Context, w World, c Check) Proof {
	res := c.Run(ctx, w)
	if res.State == Proven && len(res.Observed) == 0 {
		res = Result{State: Unproven, Why: "the check saw nothing"}
	}
	p := Proof{State: res.State, Why: res.Why, At: w.Now()}
	if len(res.Observed) > 0 {
		h := sha256.New()
		fmt.Fprintf(h, "%s\n%s\n", c.Name, res.State)
		for _, seen := range res.Observed {
			fmt.Fprintf(h, "%d:%s\n", len(seen), seen)
		}
		p.Evidence = hex.EncodeToString(h.Sum(nil))
	}
	return p
}

// Shut makes a result of an error: unproven where the door is shut in this mode,
// failed otherwise.
func Shut(err error) Result {
	var why Unseen
	if errors.As(err, &why) {
		return Result{State: Unproven, Why: string(why)}
	}
	if errors.Is(err, ErrShut) {
		return Result{State: Unproven, Why: "cannot be seen in this mode"}
	}
	return Result{State: Failed, Why: err.Error()}
}
