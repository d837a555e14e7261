package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"io"
	"math"

	"golang.org/x/image/webp"
)

// ofJPEG reads what the segments of a clean JPEG say before their points.
func (p *plan) ofJPEG(clean []byte) error {
	each, parts, scans := int64(1), 0, 0
	var icc []byte
	p.quality = 90
	for at := 2; at+4 <= len(clean) && clean[at+1] != eoi; {
		mark, end := clean[at+1], at+2+int(binary.BigEndian.Uint16(clean[at+2:]))
		segment := clean[at+4 : end]
		switch {
		case isFrame(mark) && len(segment) >= 6:
			parts = int(segment[5])
			if each = int64(min(parts, 3)); mark != 0xc0 && mark != 0xc1 {
				each += 4 * int64(parts) // a progressive one is held as numbers until its last scan
			}
		case mark == app1:
			p.turn = max(1, orientation(segment))
		case mark == app2 && len(segment) > 14 && len(icc)+len(segment) < maxProfile:
			icc = append(icc, segment[14:]...) // in order, as all programs write them
		case mark == 0xdb:
			p.quality = quality(segment, p.quality)
		case mark == sos:
			if scans++; scans > maxScans {
				return ErrTooBig
			}
			end = scan(clean, end)
		}
		at = end
	}
	if parts > 3 {
		return ErrColours // of print
	}
	var err error
	if p.colours, err = profile(icc, parts == 1); p.turn != 1 || p.colours != nil {
		each += 4
	}
	p.memory += each * int64(p.info.Width) * int64(p.info.Height)
	return err
}

// quality tells from the first table of brightness, against the one of the
// standard, how good a JPEG is: no worse is written, and no larger without use.
func quality(tables []byte, was int) int {
	const standard, entries = 3681, 64 // the sum of the standard's table
	if len(tables) < 1+entries || tables[0] != 0 {
		return was
	}
	sum := 0
	for _, v := range tables[1 : 1+entries] {
		sum += int(v)
	}
	scale := sum * 100 / standard
	q := (200 - scale) / 2
	if scale > 100 {
		q = 5000 / scale
	}
	return min(max(q, 75), 95)
}

// ofPNG reads what the chunks of a clean PNG say. The first of cICP, iCCP, sRGB
// and gAMA that is there is believed, as browsers do.
func (p *plan) ofPNG(clean []byte) error {
	if p.info.Animated {
		return ErrMoving
	}
	says := map[string][]byte{}
	for at := len(pngHead); at+12 <= len(clean); {
		n := int(binary.BigEndian.Uint32(clean[at:]))
		if name := string(clean[at+4 : at+8]); says[name] == nil {
			says[name] = clean[at+8 : at+8+n]
		}
		at += n + 12
	}
	head := says["IHDR"]
	if len(head) < 13 {
		return ErrUnreadable
	}
	const palette, grey = 3, 0
	each := int64(4)
	if kind := head[9]; kind == palette || kind == grey && says["tRNS"] == nil {
		each = 1
	}
	if head[8] > 8 {
		each *= 2
	}
	if head[12] != 0 {
		each *= 2 // interlaced: half of it is held twice
	}
	p.memory += each * int64(p.info.Width) * int64(p.info.Height)
	var err error
	p.colours, err = coloursOfPNG(says, head[9]&2 == 0)
	return err
}

func coloursOfPNG(says map[string][]byte, grey bool) (*colours, error) {
	srgb := [8]float64{0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}
	if c := says["cICP"]; len(c) == 4 {
		p3 := [8]float64{0.3127, 0.3290, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06}
		switch {
		case c[1] == 13 && c[0] == 12:
			return primaries(p3, linear), nil
		case c[1] == 13 && c[0] == 1:
			return nil, nil
		}
		return nil, ErrColours
	}
	if c, ok := says["iCCP"]; ok {
		_, packed, _ := bytes.Cut(c, []byte{0})
		if len(packed) == 0 {
			return nil, nil
		}
		z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
		if err != nil {
			return nil, nil // as no profile
		}
		icc, err := io.ReadAll(io.LimitReader(z, maxProfile))
		if err != nil {
			return nil, nil
		}
		return profile(icc, grey)
	}
	g := says["gAMA"]
	if says["sRGB"] != nil || len(g) != 4 || binary.BigEndian.Uint32(g) == 0 {
		return nil, nil
	}
	gamma, at := 100_000/float64(binary.BigEndian.Uint32(g)), srgb
	if c := says["cHRM"]; len(c) == 32 {
		for i := range at {
			at[i] = float64(binary.BigEndian.Uint32(c[4*i:])) / 100_000
		}
	}
	if math.Abs(gamma-2.2) < 0.05 && nearly(at, srgb) {
		return nil, nil // how sRGB is said where a program knows no better
	}
	return primaries(at, func(x float64) float64 { return math.Pow(x, gamma) }), nil
}

func nearly(a, b [8]float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 0.002 {
			return false
		}
	}
	return true
}

// linear is the way back of the curve of sRGB.
func linear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// ofWebP reads the chunks of a WebP: the colours from the clean one, how it is
// held from what came.
func (p *plan) ofWebP(clean, raw []byte) error {
	if p.info.Animated {
		return ErrMoving
	}
	p.info.Mime, p.quality = "image/jpeg", 90
	var err error
	riff(clean, func(name string, body []byte) {
		switch name {
		case "VP8L", "ALPH":
			p.info.Mime = "image/png"
		case "ICCP":
			p.colours, err = profile(body, false)
		}
	})
	riff(raw, func(name string, body []byte) {
		if name == "EXIF" {
			body = bytes.TrimPrefix(body, []byte("Exif\x00\x00"))
			p.turn = max(1, orientation(append([]byte("Exif\x00\x00"), body...)))
		}
	})
	const each = 16 // its own points, ours, and once more to turn them
	p.memory += each * int64(p.info.Width) * int64(p.info.Height)
	return err
}

// riff calls do with each chunk.
func riff(b []byte, do func(name string, body []byte)) {
	for at := int64(12); at+8 <= int64(len(b)); {
		n := int64(binary.LittleEndian.Uint32(b[at+4:]))
		if at+8+n > int64(len(b)) {
			return
		}
		do(string(b[at:at+4]), b[at+8:at+8+n])
		at += 8 + n + n&1
	}
}

// decodeWebP reads a still WebP. What lost nothing comes as points; the other
// kind mixes colours in the narrow range of video, and the reader hands them on
// as if it were the wide one of JPEG: they are unmixed here.
func decodeWebP(in io.Reader) (image.Image, error) {
	m, err := webp.Decode(in)
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		out := image.NewRGBA(image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy()))
		unmix(m, nil, out.Pix)
		return out, nil
	case *image.NYCbCrA:
		out := image.NewNRGBA(image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy()))
		unmix(&m.YCbCr, m, out.Pix)
		return out, nil
	}
	return m, nil
}

// unmix writes four bytes a point, in the whole numbers of libwebp.
func unmix(m *image.YCbCr, through *image.NYCbCrA, pix []byte) {
	clip := func(v int) byte { return byte(min(max(v, 0)>>6, 255)) }
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x, pix = x+1, pix[4:] {
			c := m.YCbCrAt(x, y)
			l, u, v := int(c.Y)*19077>>8, int(c.Cb), int(c.Cr)
			pix[0], pix[1], pix[2], pix[3] = clip(l+v*26149>>8-14234), clip(l-u*6419>>8-v*13320>>8+8708), clip(l+u*33050>>8-17685), 255
			if through != nil {
				pix[3] = through.A[through.AOffset(x, y)]
			}
		}
	}
}
