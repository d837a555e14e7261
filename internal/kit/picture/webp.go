package picture

import (
	"bytes"
	"encoding/binary"
)

// Flags of a WebP's extended header.
const (
	flagXMP      = 0x04
	flagEXIF     = 0x08
	flagAnimated = 0x02
)

func cleanWebP(b []byte) ([]byte, Info, error) {
	const head, frame = 12, 8
	info := Info{Mime: "image/webp"}
	if len(b) < head || string(b[8:12]) != "WEBP" {
		return nil, info, ErrUnreadable
	}
	out := append(make([]byte, 0, len(b)), b[:head]...)
	end := int64(binary.LittleEndian.Uint32(b[4:])) + 8
	if end > int64(len(b)) {
		return nil, info, ErrUnreadable
	}
	points := false
	for at := int64(head); end-at >= frame; {
		name, n := string(b[at:at+4]), int64(binary.LittleEndian.Uint32(b[at+4:]))
		next := at + frame + n + n&1
		if n > end-at-frame {
			return nil, info, ErrUnreadable
		}
		body := b[at+frame : at+frame+n]
		next = min(next, end)
		switch name {
		case "VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			out = append(out, b[at:next]...)
			if name == "VP8X" && n > 0 {
				out[len(out)-int(next-at)+frame] &^= flagXMP | flagEXIF
			}
			if info.Width == 0 {
				info.Width, info.Height = webpSize(name, body)
				info.Animated = name == "VP8X" && n > 0 && body[0]&flagAnimated != 0
			}
			if w, h := webpSize(name, body); w > info.Width || h > info.Height {
				return nil, info, ErrUnreadable // more points than the canvas told of
			}
			points = points || name == "VP8 " || name == "VP8L" || name == "ANMF"
		}
		at = next
	}
	if !points {
		return nil, info, ErrUnreadable
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, info, nil
}

// webpSize reads the size from the chunk that tells it.
func webpSize(name string, b []byte) (w, h int) {
	switch {
	case name == "VP8X" && len(b) >= 10:
		return 1 + int(b[4]) + int(b[5])<<8 + int(b[6])<<16, 1 + int(b[7]) + int(b[8])<<8 + int(b[9])<<16
	case name == "VP8 " && len(b) >= 10 && bytes.Equal(b[3:6], []byte{0x9d, 0x01, 0x2a}):
		return int(binary.LittleEndian.Uint16(b[6:])) & 0x3fff, int(binary.LittleEndian.Uint16(b[8:])) & 0x3fff
	case name == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	}
	return 0, 0
}
