package child

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"parley/internal/knowledge/extract"
)

// Line is what the process says, one a line: how far it is, then the end.
type Line struct {
	Page     int               `json:"page,omitempty"`
	Pages    int               `json:"pages,omitempty"`
	Document *extract.Document `json:"document,omitempty"`
	Refused  *Refusal          `json:"refused,omitempty"`
}

// Refusal is an extract.Error on its way.
type Refusal struct {
	Reason extract.Reason `json:"reason"`
	Detail string         `json:"detail"`
}

// Serve is the process: it sets its limits, reads the file called name from in
// and says what it found. cache is a folder it may write to, "" for none.
func Serve(ctx context.Context, in io.Reader, out io.Writer, name, cache string) error {
	if err := limit(); err != nil {
		return fmt.Errorf("limits: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(in, extract.MaxFile+1))
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	w := bufio.NewWriter(out)
	say := json.NewEncoder(w)
	say.SetEscapeHTML(false)
	tell := func(l Line) error {
		if err := say.Encode(l); err != nil {
			return err
		}
		return w.Flush()
	}
	doc, refused := extract.Read(ctx, name, raw, extract.Options{Cache: cache, Progress: func(page, of int) {
		_ = tell(Line{Page: page, Pages: of}) // who does not listen any more ends this process
	}})
	if refused != nil {
		return tell(Line{Refused: &Refusal{refused.Reason, refused.Detail}})
	}
	return tell(Line{Document: &doc})
}
