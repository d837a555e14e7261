package child

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
)

// Limits of what the process may say and take.
const (
	MaxTime  = 3 * time.Minute // with making PDFium ready, the first time
	maxSaid  = 64 << 20        // bytes
	maxTitle = 2000            // bytes of a passage's headings
)

// Reader starts a process for each file.
type Reader struct {
	Program string        // the program's own file
	Args    []string      // its arguments; the file's name and the cache's folder follow
	Cache   string        // a folder for what makes the second PDF faster; "" = none
	Time    time.Duration // after which the process is killed; 0 = MaxTime
}

// Usage is what a reading took.
type Usage struct {
	Memory int64 // bytes at the highest
	CPU    time.Duration
}

// Read reads a file in a new process and kills it when ctx or its time ends.
// progress may be nil.
func (r Reader) Read(ctx context.Context, name string, raw []byte, progress func(page, of int)) (extract.Document, *extract.Error) {
	doc, _, err := r.Measure(ctx, name, raw, progress)
	return doc, err
}

// Measure is Read that also tells what it took.
func (r Reader) Measure(ctx context.Context, name string, raw []byte, progress func(page, of int)) (extract.Document, Usage, *extract.Error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	if r.Time == 0 {
		r.Time = MaxTime
	}
	ctx, stop := context.WithTimeout(ctx, r.Time)
	defer stop()
	cmd := exec.CommandContext(ctx, r.Program, append(slices.Clone(r.Args), "--name", ending(name), "--cache", r.Cache)...)
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(raw)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return extract.Document{}, Usage{}, died()
	}
	if err := cmd.Start(); err != nil {
		return extract.Document{}, Usage{}, died()
	}
	last, heard := listen(out, progress)
	stop()         // what it says after its end, it says to nobody
	_ = cmd.Wait() // how it ended matters less than what it said: without a whole answer it died
	usage := used(cmd)
	switch {
	case heard == nil && last.Refused != nil:
		return extract.Document{}, usage, refusal(*last.Refused)
	case heard == nil && last.Document != nil:
		doc, err := checked(*last.Document)
		return doc, usage, err
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded) || usage.CPU > 50*time.Second:
		return extract.Document{}, usage, &extract.Error{Reason: extract.TooSlow, Detail: "reading it takes too long; cut it into several files"}
	}
	return extract.Document{}, usage, died()
}

// ending is all that is told of a file's name: what kind it says it is.
func ending(name string) string {
	for i := len(name) - 1; i >= 0 && len(name)-i <= 12; i-- {
		if name[i] == '.' {
			return "file" + name[i:]
		}
	}
	return "file"
}

// listen hears the process out: up to its last line, its silence or too many words.
func listen(out io.Reader, progress func(page, of int)) (Line, error) {
	lines := bufio.NewScanner(io.LimitReader(out, maxSaid))
	lines.Buffer(make([]byte, 0, 64<<10), maxSaid)
	at := 0
	for lines.Scan() {
		var l Line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return Line{}, errors.New("it spoke in no known way")
		}
		if l.Document != nil || l.Refused != nil {
			return l, nil
		}
		if l.Page <= at || l.Page > l.Pages || l.Pages > extract.MaxPages {
			return Line{}, errors.New("its pages do not count up")
		}
		at = l.Page
		progress(l.Page, l.Pages)
	}
	return Line{}, errors.Join(errors.New("it ended without a word"), lines.Err())
}

func died() *extract.Error {
	return &extract.Error{Reason: extract.ReaderDied, Detail: "it could not be read: its reader ran out of memory or failed; save the file again, or cut it into several"}
}

// reasons are those a process may give.
func reasons() []extract.Reason {
	return []extract.Reason{extract.Empty, extract.TooLarge, extract.WrongType, extract.NoText, extract.Password, extract.NoLayer, extract.Macro,
		extract.OldFormat, extract.Damaged, extract.Bomb, extract.ManyPages, extract.TooSlow, extract.NoPDF}
}

func refusal(r Refusal) *extract.Error {
	if !slices.Contains(reasons(), r.Reason) {
		return died()
	}
	return &extract.Error{Reason: r.Reason, Detail: text.Normalise(r.Detail, 500)}
}

// checked holds a document to what extract promises.
func checked(d extract.Document) (extract.Document, *extract.Error) {
	formats := []string{extract.PDF, extract.Word, extract.Slide, extract.Open, extract.Excel, extract.CSV, extract.Web, extract.Plain, extract.Marks}
	if !slices.Contains(formats, d.Format) || d.Pages < 0 || d.Pages > extract.MaxPages || len(d.Passages) == 0 || len(d.Passages) > extract.MaxPassages {
		return extract.Document{}, died()
	}
	size := 0
	for i, p := range d.Passages {
		p.Heading, p.Question, p.Text = text.Normalise(p.Heading, maxTitle), text.Normalise(p.Question, maxTitle), text.Normalise(p.Text, 0)
		size += len(p.Text)
		if p.Text == "" || len(p.Text) > extract.MaxPassage || p.Start < 0 || p.End < p.Start || len(p.Alternatives) > 100 || size > 2*extract.MaxText {
			return extract.Document{}, died()
		}
		d.Passages[i] = p
	}
	return d, checkedSheets(d.Sheets)
}

func checkedSheets(sheets []extract.Sheet) *extract.Error {
	rows, size := 0, 0
	for _, s := range sheets {
		for _, r := range append([][]string{s.Header}, s.Rows...) {
			rows++
			for _, c := range r {
				size += len(c)
			}
			if rows > 2*extract.MaxRows || len(r) > extract.MaxCells || size > 2*extract.MaxText {
				return died()
			}
		}
	}
	return nil
}

func used(cmd *exec.Cmd) Usage {
	u := Usage{}
	if cmd.ProcessState == nil {
		return u
	}
	u.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.Memory = r.Maxrss << 10
	}
	return u
}
