package bench

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/clock"
)

// Options is what a bench is run with; each bench reads what it needs.
type Options struct {
	Engine     string    // sqlite or postgres
	Folder     string    // evaluation data (retrieve, lift)
	Knowledge  []string  // documents (ask, lift)
	Questions  string    // file of questions (ask, lift)
	URL        string    // of an endpoint that makes vectors (meaning; "" = the stand-in) or answers chats (model)
	Model      string    // of URL (meaning, model)
	Key        string    // for URL
	Dimensions int       // of a vector (meaning); 0 = the model's own
	Log        io.Writer // progress for a person; nil = none

	Program       string // the program's own file, to start a load client from; "" = within this process
	Dir           string // where a store's data goes; "" = a temporary folder that is removed
	Conversations int    // 0 = as many as promised (list, numbers, inbox, reply, storm, streams, sweep)
	Messages      int    // 0 = as many as promised (list, search, erase, copy, door, inbox, reply, storm, streams); megabytes (backup), rows (sweep)

	limited bool        // the product's own limits hold (flood, signin)
	cost    int         // of bcrypt; 0 = 4 (signin)
	proxied bool        // the load client says from where it asks (signin)
	clock   clock.Clock // nil: the machine's
}

// benches lists every bench, one line each.
func benches() map[string]func(context.Context, Options) ([]Figure, error) {
	return map[string]func(context.Context, Options) ([]Figure, error){
		"ask":      runAsk,
		"audit":    Audit,
		"backup":   Backup,
		"copy":     Copy,
		"door":     Door,
		"erase":    Erase,
		"extract":  Extract,
		"flood":    Flood,
		"inbox":    Inbox,
		"leave":    Leave,
		"lift":     runLift,
		"list":     List,
		"meaning":  Meaning,
		"model":    Model,
		"numbers":  Numbers,
		"reply":    Reply,
		"retrieve": runRetrieve,
		"search":   Search,
		"signin":   Signin,
		"start":    Start,
		"storm":    Storm,
		"streams":  Streams,
		"sweep":    Sweep,
	}
}

// Names lists the benches in alphabetical order.
func Names() []string {
	var names []string
	for name := range benches() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Run runs one bench; desk.Invalid when there is none of that name.
func Run(ctx context.Context, name string, o Options) ([]Figure, error) {
	b, ok := benches()[name]
	if !ok {
		return nil, desk.Fail(desk.Invalid, "unknown_bench", "the benches are "+strings.Join(Names(), ", "))
	}
	return b(ctx, o)
}

func runAsk(ctx context.Context, o Options) ([]Figure, error) {
	if len(o.Knowledge) == 0 || o.Questions == "" {
		return nil, errors.New("bench ask needs --knowledge FILE (once or more) and --questions FILE")
	}
	figures, _, err := Ask(ctx, o.Knowledge, o.Questions)
	return figures, err
}

func runRetrieve(ctx context.Context, o Options) ([]Figure, error) {
	if o.Folder == "" {
		return nil, errors.New("bench retrieve needs a folder with evaluation data")
	}
	return Retrieve(ctx, o)
}
