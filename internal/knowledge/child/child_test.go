package child_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	"parley/internal/knowledge/child"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/extract/pdf"
)

// TestMain lets the test's own program be the process that reads: well, or as a
// hostile file would make it behave.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "extract" {
		how, cache := os.Args[2], os.Args[len(os.Args)-1]
		os.Exit(behave(how, os.Args[len(os.Args)-3], cache))
	}
	os.Exit(m.Run())
}

func behave(how, name, cache string) int {
	switch how {
	case "environment":
		fmt.Printf(`{"refused":{"reason":"damaged","detail":"%d variables"}}`+"\n", len(os.Environ()))
		return 0
	case "garbage":
		fmt.Println("%%%% this is no JSON")
	case "flood":
		for {
			if _, err := os.Stdout.WriteString(strings.Repeat("x", 1<<20)); err != nil {
				return 1
			}
		}
	case "backwards":
		fmt.Println(`{"page":5,"pages":9}` + "\n" + `{"page":4,"pages":9}`)
	case "strange reason":
		fmt.Println(`{"refused":{"reason":"<b>no</b>","detail":"x"}}`)
	case "huge passage":
		fmt.Printf(`{"document":{"format":"pdf","passages":[{"Text":%q}]}}`+"\n", strings.Repeat("long ", 4000))
	case "no passage":
		fmt.Println(`{"document":{"format":"pdf","passages":[]}}`)
	case "crash":
		var none *int
		fmt.Println(*none)
	case "memory hog", "endless loop":
		return misuse(how)
	case "silence":
		// Nothing else runs in this process: without a signal that could come, the
		// runtime would see that nobody can ever wake it, and end it.
		never := make(chan os.Signal, 1)
		signal.Notify(never, os.Interrupt)
		<-never
	default:
		if err := child.Serve(context.Background(), os.Stdin, os.Stdout, name, cache); err != nil {
			return 1
		}
	}
	return 0
}

// misuse sets the limits as a reading does, and goes against them.
func misuse(how string) int {
	if err := child.Serve(context.Background(), strings.NewReader("words"), io.Discard, "a.txt", ""); err != nil {
		return 1
	}
	var held [][]byte
	for n := 0; ; n++ {
		if how == "memory hog" {
			b := make([]byte, 16<<20)
			for i := range b {
				b[i] = byte(n)
			}
			held = append(held, b)
		}
		if len(held) > 200 {
			fmt.Println(`{"refused":{"reason":"damaged","detail":"nobody stopped it"}}`)
			return 0
		}
	}
}

func reader(t *testing.T, how string) child.Reader {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return child.Reader{Program: own, Args: []string{"extract", how}, Time: time.Minute}
}

func TestAHostileFileEndsItsReaderAloneAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]extract.Reason{
		"garbage": extract.ReaderDied, "flood": extract.ReaderDied, "backwards": extract.ReaderDied, "strange reason": extract.ReaderDied,
		"huge passage": extract.ReaderDied, "no passage": extract.ReaderDied, "crash": extract.ReaderDied, "memory hog": extract.ReaderDied,
		"endless loop": extract.TooSlow, "silence": extract.TooSlow,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			r := reader(t, how)
			if want == extract.TooSlow {
				r.Time = 2 * time.Second
			}
			_, usage, err := r.Measure(t.Context(), "a.pdf", []byte("%PDF-"), nil)
			if err == nil || err.Reason != want || len(err.Detail) < 20 {
				t.Errorf("ended with %v, want %s", err, want)
			}
			if usage.Memory > 700<<20 {
				t.Errorf("it took %d MB", usage.Memory>>20)
			}
		})
	}
}

func TestTheReaderGetsNoEnvironment(t *testing.T) {
	t.Parallel()
	_, err := reader(t, "environment").Read(t.Context(), "a.pdf", nil, nil)
	if err == nil || err.Detail != "0 variables" {
		t.Errorf("it says %v", err)
	}
}

func TestAFileIsReadInAProcessOfItsOwn(t *testing.T) {
	t.Parallel()
	r := reader(t, "well")
	d, err := r.Read(t.Context(), "prices.csv", []byte("Product;Price\nRose;5 EUR\n"), nil)
	if err != nil || len(d.Passages) != 1 || d.Passages[0].Text != "Product: Rose | Price: 5 EUR" || len(d.Sheets) != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := r.Read(t.Context(), "a.docx", []byte("PK\x03\x04 garbage"), nil); err == nil || err.Reason != extract.Damaged {
		t.Errorf("a damaged file is answered with %v", err)
	}
}

func TestAPDFTellsItsPagesWhileItIsRead(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../extract/testdata/shop-en.pdf")
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t, "well")
	r.Cache = t.TempDir()
	var told []int
	d, usage, refused := r.Measure(t.Context(), "shop.pdf", raw, func(page, of int) { told = append(told, page, of) })
	if !pdf.Built() {
		if refused == nil || refused.Reason != extract.NoPDF {
			t.Errorf("without PDFium: %v", refused)
		}
		return
	}
	if refused != nil {
		t.Fatal(refused)
	}
	if fmt.Sprint(told) != "[1 2 2 2]" || d.Pages != 2 || len(d.Passages) < 4 {
		t.Errorf("told %v, %d pages, %d passages", told, d.Pages, len(d.Passages))
	}
	t.Logf("%d MB, %v", usage.Memory>>20, usage.CPU)
	if usage.Memory > 256<<20 {
		t.Errorf("it took %d MB", usage.Memory>>20)
	}
}
