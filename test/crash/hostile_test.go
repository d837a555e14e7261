package crash

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/knowledge/extract/pdf"
)

// sheet is a PDF of one page, made by hand: content is what the page draws,
// things are further objects from number 6 on.
func sheet(content []byte, things ...[]byte) []byte {
	objects := append([][]byte{[]byte("<</Type/Catalog/Pages 2 0 R>>"), []byte("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
		[]byte("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"),
		packed("", content), []byte("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")}, things...)
	var out, table bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, out.Len())
	return out.Bytes()
}

// packed is a stream, deflated.
func packed(kind string, raw []byte) []byte {
	var small bytes.Buffer
	w := zlib.NewWriter(&small)
	_, _ = w.Write(raw) // to memory
	_ = w.Close()
	return fmt.Appendf(nil, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", kind, small.Len(), small.Bytes())
}

const (
	form  = "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 5 0 R>>%s>>"
	hello = "BT /F 12 Tf 72 700 Td (Delivery takes four working days.) Tj ET "
)

// thousandfold draws a form that draws another ten times, ten deep: ten thousand
// million letters out of 3 kB, more than any memory holds.
func thousandfold() []byte {
	var things [][]byte
	for n := range 10 {
		again, inner := strings.Repeat("/X Do ", 10), fmt.Sprintf("/XObject<</X %d 0 R>>", 7+n)
		if n == 9 {
			again, inner = hello, ""
		}
		things = append(things, packed(fmt.Sprintf(form, inner), []byte(again)))
	}
	return sheet([]byte(hello+strings.Repeat("/X Do ", 10)), things...)
}

// idle draws nothing, four thousand million times: hours of work and no memory.
func idle() []byte {
	return sheet([]byte(hello+strings.Repeat("/X Do ", 2000)), packed(fmt.Sprintf(form, ""), bytes.Repeat([]byte("q Q "), 2_000_000)))
}

// inflated is a page of 150 MB of letters out of half a megabyte, in which its
// reader breaks.
func inflated() []byte {
	return sheet([]byte("BT /F 12 Tf 72 700 Td "+strings.Repeat("("+strings.Repeat("a", 44)+") Tj ", 3_000_000)+"ET"), packed(fmt.Sprintf(form, ""), nil))
}

// A file that eats memory, one that eats the processor and one that breaks its
// reader end as a source with its reason, each in a process of its own: the
// program goes on in the same process, answers meanwhile, grows by nothing of
// it, leaves no reader behind, and reads the next file.
//
// asvs: V5.2.1
func TestAHostileFileEndsItsReaderAndNothingElse(t *testing.T) {
	t.Parallel()
	in := newPlace(t, build(t), "", *seed)
	out, err := in.command(0, "key", "add", "--workspace", "Crash", "--name", "test", "--role", "owner").Output()
	must(t, err)
	var key struct{ Token string }
	must(t, json.Unmarshal(out, &key))
	in.token = key.Token
	p := in.start()
	p.up()
	good := sheet([]byte(hello))
	calm := in.hand(p, "calm.pdf", good)
	in.ends(p, calm)
	before := p.peak(t)

	hostile := map[string]string{}
	for name, raw := range map[string][]byte{"memory.pdf": thousandfold(), "processor.pdf": idle(), "broken.pdf": inflated()} {
		hostile[name] = in.hand(p, name, raw)
	}
	for name, want := range map[string][]string{"memory.pdf": {"reader_died", "too_slow"}, "processor.pdf": {"too_slow"}, "broken.pdf": {"reader_died", "too_slow", "damaged"}} {
		if !pdf.Built() {
			want = []string{"built_without_pdf"}
		}
		if s := in.ends(p, hostile[name]); s.State != "failed" || !slices.Contains(want, s.Reason) || s.Passages != 0 {
			t.Errorf("%s ends as %+v, want failed: %v", name, s, want)
		} else {
			t.Logf("%s: %s", name, s.Reason)
		}
	}

	after := in.hand(p, "next.pdf", good)
	if s := in.ends(p, after); pdf.Built() && (s.State != "ready" || s.Passages != 1) {
		t.Errorf("the file after them ends as %+v", s)
	} else if pdf.Built() {
		in.found(p, after, "Delivery takes four working days.")
	}
	if grown := p.peak(t) - before; grown > 100<<10 {
		t.Errorf("the program grew by %d kB while it read them", grown)
	} else {
		t.Logf("grown by %d kB", grown)
	}
	if left := p.children(t); left != "" {
		t.Errorf("readers are left behind: %s", left)
	}
	p.stop() // fails when the process had ended by itself
}

// ends waits for the end of a source's reading, whichever it is, and asks for
// its events meanwhile, which the program has to answer.
func (in *place) ends(p *process, id string) shownSource {
	in.t.Helper()
	for after := "0"; ; {
		s := in.source(p, id)
		if s.State == "ready" || s.State == "failed" {
			return s
		}
		var page struct{ Next string }
		in.want(p, http.MethodGet, "/api/v1/events?wait=2&after="+after, nil, &page)
		if page.Next != "" {
			after = page.Next
		}
		select {
		case <-p.gone:
			in.t.Fatalf("parley ended by itself:\n%s", p.log.String())
		default:
		}
	}
}

// peak is the most memory the process ever held, in kB.
func (p *process) peak(t *testing.T) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	must(t, err)
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	must(t, err)
	return n
}

// children are the ids of the processes it started and that still run.
func (p *process) children(t *testing.T) string {
	t.Helper()
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.cmd.Process.Pid))
	must(t, err)
	all := ""
	for _, one := range threads {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", p.cmd.Process.Pid, one.Name()))
		if err == nil { // a thread may end between both looks
			all += string(raw)
		}
	}
	return strings.TrimSpace(all)
}
