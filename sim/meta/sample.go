package meta

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
)

// Small real files for acts that bring none of their own.

// samplePNG is a picture of hills at dusk.
func samplePNG() []byte {
	const w, h = 240, 180
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, hills(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // cannot happen: a buffer takes every write
	}
	return b.Bytes()
}

func hills(x, y int) color.RGBA {
	dx, dy := x-172, y-62
	at := float64(x)
	back, front := 92+int(18*math.Sin(at/38)), 132+int(14*math.Sin(at/29+2))
	switch {
	case y > front:
		return color.RGBA{0x28, 0x4b, 0x3c, 0xff}
	case y > back:
		return color.RGBA{0x5f, 0x82, 0x68, 0xff}
	case dx*dx+dy*dy < 22*22:
		return color.RGBA{0xf1, 0xc8, 0x89, 0xff}
	}
	return color.RGBA{uint8(0xdf - y/4), uint8(0xe6 - y/5), 0xd6, 0xff}
}

// SamplePortrait is a picture of nobody in particular: head and shoulders.
func SamplePortrait() []byte {
	const size = 96
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			dx, head, body := x-size/2, y-38, y-108
			switch {
			case dx*dx+head*head < 19*19:
				img.Set(x, y, color.RGBA{0xf3, 0xd3, 0xb8, 0xff})
			case dx*dx+body*body < 46*46:
				img.Set(x, y, color.RGBA{0x2f, 0x6b, 0x5b, 0xff})
			default:
				img.Set(x, y, color.RGBA{uint8(0xd8 - y/3), uint8(0xe4 - y/4), 0xe8, 0xff})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // cannot happen: a buffer takes every write
	}
	return b.Bytes()
}

// sampleWebP is a still 1×1 picture.
func sampleWebP() []byte {
	vp8l := []byte{0x2f, 0x00, 0x00, 0x00, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0x00}
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+8+len(vp8l)))
	b = append(b, "WEBPVP8L"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(vp8l)))
	return append(b, vp8l...)
}

// sampleOgg is an Ogg stream with the head of an Opus track and nothing to hear.
func sampleOgg() []byte {
	head := append([]byte("OpusHead\x01\x01"), 0x38, 0x01, 0x80, 0xbb, 0x00, 0x00, 0x00, 0x00, 0x00)
	tags := append([]byte("OpusTags"), 6, 0, 0, 0, 'p', 'a', 'r', 'l', 'e', 'y', 0, 0, 0, 0)
	return append(oggPage(2, 0, head), oggPage(4, 1, tags)...)
}

func oggPage(flags byte, seq uint32, body []byte) []byte {
	b := append([]byte("OggS\x00"), flags)
	b = binary.LittleEndian.AppendUint64(b, 0)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, seq)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = append(b, 1, byte(len(body)))
	b = append(b, body...)
	var sum uint32
	for _, x := range b {
		sum ^= uint32(x) << 24
		for range 8 {
			if sum&0x80000000 != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	binary.LittleEndian.PutUint32(b[22:], sum)
	return b
}

// sampleMP4 is an empty film with a correct beginning.
func sampleMP4() []byte {
	ftyp := append([]byte{0, 0, 0, 24}, "ftypisom\x00\x00\x02\x00isommp42"...)
	return append(ftyp, 0, 0, 0, 8, 'm', 'd', 'a', 't')
}

// samplePDF is an empty page.
func samplePDF() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// SampleSound is a second of a soft tone as a WAV file, which every browser
// plays.
func SampleSound() []byte {
	const rate, n = 8000, 8000
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(b[4:], 36+n)
	b = append(b, "WAVEfmt "...)
	for _, v := range []uint32{16, 1 | 1<<16, rate, rate, 1 | 8<<16} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), n)
	for i := range n {
		swing := byte(i * 55 % 256)
		if swing > 127 {
			swing = 255 - swing
		}
		b = append(b, 112+swing/4)
	}
	return b
}
