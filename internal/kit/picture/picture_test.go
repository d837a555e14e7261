package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"parley/internal/kit/picture"
)

const secret = "Ayşe Demir 41.0082N"

// dots is a picture of w × h points.
func dots(w, h int) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White, color.RGBA{200, 30, 90, 255}})
	for i := range m.Pix {
		m.Pix[i] = uint8(i*7) % 3
	}
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func jpegOf(t *testing.T, w, h int) []byte {
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, dots(w, h), nil))
	return b.Bytes()
}

func pngOf(t *testing.T, w, h int) []byte {
	var b bytes.Buffer
	must(t, png.Encode(&b, dots(w, h)))
	return b.Bytes()
}

func segment(mark byte, body string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0xff, mark}, uint16(len(body)+2))) + body
}

func exif(turn byte) string {
	return "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x02\x00" +
		"\x0f\x01\x02\x00\x04\x00\x00\x00abcd" + "\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{turn}) + "\x00\x00\x00" + secret
}

func chunk(name, body string) string {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// lossless is a WebP of two by one points.
const lossless = "UklGRhwAAABXRUJQVlA4TA8AAAAvAQAAAAcQ/Y/+ByKi/wEA"

func webpOf(t *testing.T) []byte {
	b, err := base64.StdEncoding.DecodeString(lossless)
	must(t, err)
	return b
}

// covers H-57: what cameras write beside a picture is not kept.
func TestAPictureKeepsItsPointsAndNothingElse(t *testing.T) {
	t.Parallel()
	j, p := jpegOf(t, 6, 4), pngOf(t, 6, 4)
	var g bytes.Buffer
	frame := dots(6, 4).(*image.Paletted)
	must(t, gif.EncodeAll(&g, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 5}, LoopCount: 3}))
	const gifHead = 13 // its colours stand with its frames
	w := webpOf(t)
	odd := "EXIF\x13\x00\x00\x00" + secret[:19] + "\x00"
	vp8x := "VP8X\x0a\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x00\x00"
	extended := "RIFF\x00\x00\x00\x00WEBP" + vp8x + string(w[12:]) + odd + "XMP \x06\x00\x00\x00" + secret[:6]
	wide := []byte(extended)
	binary.LittleEndian.PutUint32(wide[4:], uint32(len(wide)-8))
	for name, c := range map[string]struct {
		dirty []byte
		clean []byte // nil: only looked at
		w, h  int
	}{
		"a JPEG as it is":     {j, nil, 6, 4},
		"EXIF, XMP, comments": {[]byte(string(j[:2]) + segment(0xe1, exif(1)) + segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret) + segment(0xed, "Photoshop 3.0\x00"+secret) + segment(0xfe, secret) + segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01"+secret) + string(j[2:]) + secret), nil, 6, 4},
		"a JPEG on its side":  {[]byte(string(j[:2]) + segment(0xe1, exif(6)) + string(j[2:])), nil, 4, 6},
		"a JPEG cut short":    {j[:len(j)-8], nil, 6, 4},
		"a JPEG with a page":  {[]byte(string(j) + "<html><script>alert(1)</script>" + secret), j, 6, 4},
		"a PNG with texts":    {[]byte(string(p[:33]) + chunk("tEXt", "Author\x00"+secret) + chunk("eXIf", secret) + chunk("tIME", secret[:7]) + chunk("quRk", secret) + string(p[33:]) + secret), p, 6, 4},
		"a GIF with comments": {[]byte(string(g.Bytes()[:gifHead]) + "\x21\xfe" + string([]byte{byte(len(secret))}) + secret + "\x00\x21\xff\x0bXMP DataXMP\x03abc\x00" + string(g.Bytes()[gifHead:]) + secret), g.Bytes(), 6, 4},
		"a WebP":              {w, w, 2, 1},
		"a WebP with EXIF":    {wide, nil, 2, 1},
	} {
		out, info, err := picture.Clean(c.dirty)
		if err != nil || info.Width != c.w || info.Height != c.h {
			t.Errorf("%s: %+v, %v", name, info, err)
			continue
		}
		if bytes.Contains(out, []byte(secret[:6])) || bytes.Contains(out, []byte("abcd")) {
			t.Errorf("%s still tells what stood beside the points", name)
		}
		if c.clean != nil && !bytes.Equal(out, c.clean) {
			t.Errorf("%s: %d bytes, want %d", name, len(out), len(c.clean))
		}
		again, _, err := picture.Clean(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: a clean picture is cleaned into another: %v", name, err)
		}
		if info.Mime == "image/jpeg" {
			if _, err := jpeg.DecodeConfig(bytes.NewReader(out)); err != nil {
				t.Errorf("%s does not decode: %v", name, err)
			}
		}
	}
	if _, info, err := picture.Clean(g.Bytes()); err != nil || !info.Animated {
		t.Errorf("the GIF moves: %+v, %v", info, err)
	}
	turned, _, err := picture.Clean([]byte(string(j[:2]) + segment(0xe1, exif(6)) + string(j[2:])))
	if err != nil || !bytes.Contains(turned, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) {
		t.Error("the picture does not stand upright any more")
	}
}

func TestAPictureIsNeverTrusted(t *testing.T) {
	t.Parallel()
	p, j := pngOf(t, 6, 4), jpegOf(t, 6, 4)
	huge := bytes.Clone(p)
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":             {nil, picture.ErrUnreadable},
		"a page":              {[]byte("<!doctype html><html>"), picture.ErrUnreadable},
		"SVG":                 {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), picture.ErrUnreadable},
		"100k by 100k points": {huge, picture.ErrTooBig},
		"a PNG cut short":     {p[:len(p)-5], picture.ErrUnreadable},
		"a PNG's head":        {p[:20], picture.ErrUnreadable},
		"a JPEG's head":       {j[:40], picture.ErrUnreadable},
		"a JPEG of nothing":   {[]byte("\xff\xd8\xff\xd9"), picture.ErrUnreadable},
		"half a GIF":          {[]byte("GIF89a\x06\x00\x04\x00\x80\x00"), picture.ErrUnreadable},
		"a WebP that lies":    {[]byte("RIFF\xff\xff\x00\x00WEBPVP8L"), picture.ErrUnreadable},
	} {
		if out, _, err := picture.Clean(c.b); !errors.Is(err, c.want) || out != nil {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
		}
	}
}

func TestAWebPBecomesAPNGOfTheSamePoints(t *testing.T) {
	t.Parallel()
	r := picture.NewRedrawer(1 << 20)
	b, err := r.PNG(t.Context(), webpOf(t))
	must(t, err)
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil || m.Bounds().Dx() != 2 || m.Bounds().Dy() != 1 {
		t.Fatalf("%v, %v", m, err)
	}
	if _, err := r.PNG(t.Context(), jpegOf(t, 2, 2)); !errors.Is(err, picture.ErrUnreadable) {
		t.Errorf("a JPEG: %v", err)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"\xff\xd8\xff\xe0\x00\x10JFIF", pngHead, "GIF89a\x01\x00\x01\x00\x80", "RIFF\x10\x00\x00\x00WEBPVP8X"} {
		f.Add([]byte(s))
	}
	w, err := base64.StdEncoding.DecodeString(lossless)
	if err == nil {
		f.Add(w)
	}
	var g, p, j bytes.Buffer
	if gif.Encode(&g, dots(3, 2), nil) == nil && png.Encode(&p, dots(3, 2)) == nil && jpeg.Encode(&j, dots(3, 2), nil) == nil {
		f.Add(g.Bytes())
		f.Add(p.Bytes())
		f.Add(j.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, info, err := picture.Clean(b)
		if err == nil && (len(out) > len(b)+40 || info.Width <= 0 || info.Height <= 0) {
			t.Errorf("%d bytes became %d, %+v", len(b), len(out), info)
		}
		if info.Width*info.Height > 1<<16 {
			return
		}
		drawn, info, err := picture.NewRedrawer(8<<20).Redraw(t.Context(), b)
		if err != nil {
			return
		}
		if clean, again, err := picture.Clean(drawn); err != nil || again != info || !bytes.Equal(clean, drawn) {
			t.Errorf("drawn as %+v, read as %+v, %v", info, again, err)
		}
	})
}

const pngHead = "\x89PNG\r\n\x1a\n"
