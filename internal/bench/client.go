package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

// The load comes from a process of its own, so that its memory is not counted as
// the server's. The two talk in lines of JSON: an order, an answer.

// ClientName is the name under which the program starts its load client; it is
// no bench and is not listed.
const ClientName = "client"

// order is what a client is told to do.
type order struct {
	Do     string        // post, visit, watch, talk, hook, ask, streams, ping, get, enter
	URL    string        // of the server, or of what to post to
	N      int           // how many
	C      int           // side by side
	Rate   float64       // a second; 0 = as fast as they are answered
	First  int           // number of the first delivery (post)
	Token  string        // API key (watch)
	Widget string        // key of the website chat (visit)
	Boot   string        // token that opens sessions (visit)
	Lines  []string      // what visitors write (talk, ask), or who signs in (enter)
	Wait   time.Duration // for what is still to come (talk, ask, ping)
}

// result is what a client answers.
type result struct {
	Seconds float64
	MS      sample // one for each that came
	Sent    sample // until the server took it
	Missing int
	Error   string
}

// client carries orders out.
type client struct {
	clk     clock.Clock
	visits  []*visit
	url     string
	widget  string
	watched *watch
}

// Client carries out the orders that come in until there are no more.
func Client(ctx context.Context, in io.Reader, out io.Writer) error {
	c := &client{clk: clock.Real{}}
	defer c.close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		done, err := c.carryOut(ctx, o)
		if err != nil {
			done.Error = err.Error()
		}
		if err := answers.Encode(done); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (c *client) carryOut(ctx context.Context, o order) (result, error) {
	switch o.Do {
	case "post":
		return c.post(ctx, o)
	case "visit":
		return c.visit(ctx, o)
	case "watch":
		return result{}, c.watch(ctx, o)
	case "talk":
		return c.talk(ctx, o, false)
	case "ask":
		return c.talk(ctx, o, true)
	case "hook":
		return c.hook(ctx, o)
	case "streams":
		return result{}, c.openStreams(ctx, o)
	case "ping":
		return c.ping(ctx, o)
	case "get":
		return c.get(ctx, o)
	case "enter":
		return c.enter(ctx, o)
	}
	return result{}, fmt.Errorf("no order is called %q", o.Do)
}

// remote is a running client.
type remote struct {
	in   io.WriteCloser
	out  *bufio.Reader
	done func() error
	own  bool // a process of its own
}

// client starts the load client: the program itself once more, or, in tests,
// which have no program, a part of this process.
func (o Options) client(ctx context.Context) (*remote, error) {
	if o.Program == "" {
		fromUs, in := io.Pipe()
		out, toUs := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			err := Client(ctx, fromUs, toUs)
			_ = toUs.CloseWithError(io.EOF)
			ended <- err
		}()
		return &remote{in: in, out: bufio.NewReader(out), done: func() error { return <-ended }}, nil
	}
	cmd := exec.CommandContext(ctx, o.Program, "bench", ClientName)
	cmd.Stderr = o.Log
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &remote{in: in, out: bufio.NewReader(out), done: cmd.Wait, own: true}, cmd.Start()
}

// do gives an order and waits for the answer.
func (r *remote) do(o order) (result, error) {
	raw, err := json.Marshal(o)
	if err != nil {
		return result{}, err
	}
	if _, err := r.in.Write(append(raw, '\n')); err != nil {
		return result{}, fmt.Errorf("the load client: %w", err)
	}
	answer, err := r.out.ReadBytes('\n')
	if err != nil {
		return result{}, fmt.Errorf("the load client: %w", err)
	}
	var done result
	if err := json.Unmarshal(answer, &done); err != nil {
		return done, err
	}
	if done.Error != "" {
		return done, errors.New("the load client: " + done.Error)
	}
	return done, nil
}

// close ends the client.
func (r *remote) close() error { return errors.Join(r.in.Close(), r.done()) }

// inTime runs fn for 0…n-1 at a rate, c at a time at most, and gives it the
// moment it was meant for; rate 0 means as fast as they end.
func inTime(ctx context.Context, clk clock.Clock, o order, fn func(i int, due time.Time) error) (time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began := clk.Now()
	next := make(chan int)
	var all sync.WaitGroup
	for range o.C {
		all.Go(func() {
			for i := range next {
				due := clk.Now()
				if o.Rate > 0 {
					due = began.Add(time.Duration(float64(i) / o.Rate * float64(time.Second)))
				}
				if err := fn(i, due); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range o.N {
		if o.Rate > 0 {
			ahead := time.Duration(float64(i)/o.Rate*float64(time.Second)) - clk.Since(began)
			if ahead > 0 {
				select {
				case <-clk.After(ahead):
				case <-ctx.Done():
				}
			}
		}
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	all.Wait()
	return clk.Since(began), context.Cause(ctx)
}

// token is a name that nobody else has.
func token() string { return secret.Token()[:16] }
