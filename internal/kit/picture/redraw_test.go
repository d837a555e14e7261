package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/picture"
)

const memory = 64 << 20

// redrawn draws b anew and reads the result.
func redrawn(t *testing.T, b []byte) (image.Image, []byte, picture.Info) {
	t.Helper()
	out, info, err := picture.NewRedrawer(memory).Redraw(t.Context(), b)
	must(t, err)
	m, kind, err := image.Decode(bytes.NewReader(out))
	must(t, err)
	if "image/"+kind != info.Mime || m.Bounds().Dx() != info.Width || m.Bounds().Dy() != info.Height {
		t.Fatalf("a %s of %v is called %+v", kind, m.Bounds(), info)
	}
	return m, out, info
}

// near: all three within so many levels of eight bits.
func near(c color.Color, r, g, b, most int) bool {
	x, y, z, _ := c.RGBA()
	for _, d := range []int{int(x>>8) - r, int(y>>8) - g, int(z>>8) - b} {
		if d > most || d < -most {
			return false
		}
	}
	return true
}

// asvs: V5.2.2
func TestNothingOfAnUploadedPictureButItsPointsIsKept(t *testing.T) {
	t.Parallel()
	const page = "<html><script>alert(1)</script></html>"
	const archive = "PK\x03\x04\x14\x00\x00\x00evil.exePK\x05\x06"
	j, p := jpegOf(t, 16, 8), pngOf(t, 16, 8)
	var g bytes.Buffer
	must(t, gif.EncodeAll(&g, &gif.GIF{Image: []*image.Paletted{dots(16, 8).(*image.Paletted)}, Delay: []int{0}})) // its colours stand with its frame
	// In places that copying keeps: a second table nobody asks for, and points
	// that the frame does not show.
	table := segment(0xdb, "\x03"+(page + strings.Repeat("\x01", 64))[:64])
	for name, b := range map[string]string{
		"place and device":       string(j[:2]) + segment(0xe1, exif(1)) + string(j[2:]),
		"a page behind a JPEG":   string(j) + page,
		"an archive behind it":   string(j) + archive,
		"a page within a table":  string(j[:2]) + table + string(j[2:]),
		"a page behind a PNG":    string(p) + page,
		"a page within a PNG":    string(p[:33]) + chunk("tEXt", page) + chunk("pHYs", page[:9]) + string(p[33:]),
		"a page behind a GIF":    g.String() + page,
		"a page in its comments": g.String()[:13] + "\x21\xfe" + string([]byte{byte(len(page))}) + page + "\x00" + g.String()[13:],
		"an archive in a GIF":    g.String() + archive,
	} {
		m, out, _ := redrawn(t, []byte(b))
		for _, s := range []string{"<html", "script", "evil.exe", "PK\x03", secret[:6], "abcd", "Exif"} {
			if bytes.Contains(out, []byte(s)) {
				t.Errorf("%s: %q is still there", name, s)
			}
		}
		if m.Bounds().Dx() != 16 || m.Bounds().Dy() != 8 {
			t.Errorf("%s: %v", name, m.Bounds())
		}
	}
}

// Tag 274 says at which edge the first row and the first column of points lie
// (EXIF 2.3, 4.6.4): red is where both meet, green at the end of the first row.
func TestAPictureStandsUprightWhicheverWayItWasHeld(t *testing.T) {
	t.Parallel()
	const w, h, block = 48, 32, 16
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{A: 255}
			if y < block && x < block {
				c.R = 255
			} else if y < block && x >= w-block {
				c.G = 255
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}))
	red := [8]string{"TL", "TR", "BR", "BL", "TL", "TR", "BR", "BL"}
	green := [8]string{"TR", "TL", "BL", "BR", "BL", "BR", "TR", "TL"}
	for turn := byte(1); turn <= 8; turn++ {
		got, out, _ := redrawn(t, []byte(string(b.Bytes()[:2])+segment(0xe1, exif(turn))+string(b.Bytes()[2:])))
		at := func(corner string) color.Color {
			x, y := 4, 4
			if corner[1] == 'R' {
				x = got.Bounds().Dx() - 5
			}
			if corner[0] == 'B' {
				y = got.Bounds().Dy() - 5
			}
			return got.At(x, y)
		}
		if lying := got.Bounds().Dy() > got.Bounds().Dx(); lying != (turn > 4) {
			t.Errorf("%d: %v", turn, got.Bounds())
		}
		if !near(at(red[turn-1]), 255, 0, 0, 12) || !near(at(green[turn-1]), 0, 255, 0, 12) {
			t.Errorf("%d: red is not %s or green not %s", turn, red[turn-1], green[turn-1])
		}
		if bytes.Contains(out, []byte("Exif")) {
			t.Errorf("%d: would be turned once more", turn)
		}
	}
	grey := jpegGrey(t)
	if got, _, _ := redrawn(t, []byte(string(grey[:2])+segment(0xe1, exif(6))+string(grey[2:]))); got.ColorModel() != color.GrayModel || got.Bounds().Dx() != 8 {
		t.Errorf("a grey one: %T of %v", got, got.Bounds())
	}
}

func jpegGrey(t *testing.T) []byte {
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 8)), nil))
	return b.Bytes()
}

func TestAMovingGIFKeepsItsFramesAndTheirTimes(t *testing.T) {
	t.Parallel()
	full, part := dots(12, 10).(*image.Paletted), dots(4, 3).(*image.Paletted)
	part.Rect = part.Rect.Add(image.Pt(5, 6))
	in := gif.GIF{Image: []*image.Paletted{full, part, full}, Delay: []int{7, 30, 120}, LoopCount: 4,
		Disposal: []byte{gif.DisposalNone, gif.DisposalPrevious, gif.DisposalBackground}}
	var b bytes.Buffer
	must(t, gif.EncodeAll(&b, &in))
	_, out, info := redrawn(t, b.Bytes())
	got, err := gif.DecodeAll(bytes.NewReader(out))
	must(t, err)
	if !info.Animated || len(got.Image) != 3 || got.LoopCount != 4 {
		t.Fatalf("%+v, %d frames, %d times", info, len(got.Image), got.LoopCount)
	}
	for i := range got.Image {
		if got.Delay[i] != in.Delay[i] || got.Disposal[i] != in.Disposal[i] || got.Image[i].Bounds() != in.Image[i].Bounds() || !bytes.Equal(got.Image[i].Pix, in.Image[i].Pix) {
			t.Errorf("frame %d is another", i)
		}
	}
}

func TestAPNGKeepsItsKind(t *testing.T) {
	t.Parallel()
	deep := image.NewNRGBA64(image.Rect(0, 0, 5, 4))
	clear := image.NewNRGBA(image.Rect(0, 0, 5, 4))
	for i := range deep.Pix {
		deep.Pix[i] = byte(i * 37)
	}
	for i := range clear.Pix {
		clear.Pix[i] = byte(i * 37)
	}
	for _, m := range []image.Image{dots(5, 4), deep, clear, image.NewGray16(deep.Rect), image.NewGray(deep.Rect)} {
		var b bytes.Buffer
		must(t, png.Encode(&b, m))
		got, _, _ := redrawn(t, b.Bytes())
		for i := range 20 {
			if x, y := i%5, i/5; color.NRGBA64Model.Convert(got.At(x, y)) != color.NRGBA64Model.Convert(m.At(x, y)) {
				t.Errorf("%T: the point %d, %d is %v, was %v", m, x, y, got.At(x, y), m.At(x, y))
			}
		}
	}
}

// The picture is of golang.org/x/image (BSD): its lossy form and the points it was
// made of, which are the mean colours below.
func TestALossyWebPBecomesAJPEGOfTheSameColours(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/blue-purple-pink.lossy.webp")
	must(t, err)
	m, _, info := redrawn(t, b)
	if info.Mime != "image/jpeg" {
		t.Errorf("%+v", info)
	}
	for _, c := range []struct {
		at      image.Rectangle
		r, g, b int
	}{
		{image.Rect(0, 0, 16, 16), 21, 23, 18}, {image.Rect(100, 20, 116, 36), 109, 96, 98}, {image.Rect(60, 60, 76, 76), 186, 174, 190},
	} {
		var sum [3]int
		for y := c.at.Min.Y; y < c.at.Max.Y; y++ {
			for x := c.at.Min.X; x < c.at.Max.X; x++ {
				r, g, b, _ := m.At(x, y).RGBA()
				sum[0], sum[1], sum[2] = sum[0]+int(r>>8), sum[1]+int(g>>8), sum[2]+int(b>>8)
			}
		}
		n := c.at.Dx() * c.at.Dy()
		if got := (color.RGBA{byte(sum[0] / n), byte(sum[1] / n), byte(sum[2] / n), 255}); !near(got, c.r, c.g, c.b, 4) {
			t.Errorf("at %v: %v, was %d %d %d", c.at.Min, got, c.r, c.g, c.b)
		}
	}
}

// asvs: V5.2.2, V15.2.2
func TestAPictureThatWantsTooMuchIsRefusedBeforeItGetsIt(t *testing.T) {
	t.Parallel()
	p, w := pngOf(t, 6, 4), webpOf(t)
	bomb := bytes.Clone(p)
	binary.BigEndian.PutUint32(bomb[16:], 9_000)
	binary.BigEndian.PutUint32(bomb[20:], 9_000)
	bomb[24], bomb[25] = 16, 6 // eight bytes a point: 648 MB
	j := jpegOf(t, 8, 8)
	sos := bytes.Index(j, []byte{0xff, 0xda})
	var g bytes.Buffer
	must(t, gif.EncodeAll(&g, &gif.GIF{Image: []*image.Paletted{dots(1, 1).(*image.Paletted)}, Delay: []int{1}}))
	frame := g.Bytes()[bytes.LastIndexByte(g.Bytes(), 0x2c) : g.Len()-1]
	crowd := append(bytes.Clone(g.Bytes()[:g.Len()-1]), bytes.Repeat(frame, 1_000)...)
	moving := "VP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x00\x00"
	wide := []byte("RIFF\x00\x00\x00\x00WEBP" + moving + string(w[12:]))
	binary.LittleEndian.PutUint32(wide[4:], uint32(len(wide)-8))
	cmyk := bytes.Clone(j)
	sof := bytes.Index(cmyk, []byte{0xff, 0xc0})
	cmyk[sof+9] = 4
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"81 million points":       {bomb, picture.ErrTooBig},
		"a scan a thousand times": {append(bytes.Clone(j[:len(j)-2]), bytes.Repeat(j[sos:len(j)-2], 1_000)...), picture.ErrTooBig},
		"1,001 frames":            {append(crowd, 0x3b), picture.ErrTooBig},
		"a PNG cut short":         {p[:len(p)-20], picture.ErrUnreadable},
		"a JPEG cut short":        {j[:len(j)-12], picture.ErrUnreadable},
		"a GIF cut short":         {g.Bytes()[:g.Len()-3], picture.ErrUnreadable},
		"a PNG of wrong sums":     {bytes.Replace(p, []byte("IDAT\x78"), []byte("IDAT\x79"), 1), picture.ErrUnreadable},
		"a moving PNG":            {[]byte(string(p[:33]) + chunk("acTL", "\x00\x00\x00\x01\x00\x00\x00\x00") + string(p[33:])), picture.ErrMoving},
		"a moving WebP":           {wide, picture.ErrMoving},
		"colours of print":        {cmyk, picture.ErrColours},
		"HDR":                     {[]byte(string(p[:33]) + chunk("cICP", "\x09\x10\x00\x01") + string(p[33:])), picture.ErrColours},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, _, err := picture.NewRedrawer(memory).Redraw(t.Context(), c.b)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, c.want) || out != nil {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
		}
		// Other tests allocate meanwhile, so only what the bomb asked for shows.
		if grown := after.TotalAlloc - before.TotalAlloc; name == "81 million points" && grown > 300<<20 {
			t.Errorf("%s: %d bytes were taken", name, grown)
		}
	}
}

func TestDrawingEndsWithItsTimeAndWaitsForRoom(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	r := picture.NewRedrawer(memory)
	if _, _, err := r.Redraw(over, jpegOf(t, 16, 16)); !errors.Is(err, picture.ErrBusy) {
		t.Errorf("after its time: %v", err)
	}
	// A crowd through room for one at a time: all are drawn, none is refused.
	small, done := picture.NewRedrawer(1<<20), make(chan error)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := pngOf(t, 200, 200)
	for range 20 {
		go func() {
			_, _, err := small.Redraw(ctx, p)
			done <- err
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
