package picture

import (
	"bytes"
	"encoding/binary"
)

// Info is what a picture's header says.
type Info struct {
	Mime          string // image/jpeg, image/png, image/gif or image/webp
	Width, Height int    // as it is shown, turned upright
	Animated      bool
}

// Error is why a picture is not taken. Its values are constants.
type Error string

func (e Error) Error() string { return string(e) }

const (
	// ErrUnreadable: not a picture of the four kinds, or damaged.
	ErrUnreadable = Error("picture: not a readable JPEG, PNG, GIF or WebP")
	// ErrTooBig: more points than a screen could ever show; a header of a few
	// bytes could otherwise ask for gigabytes.
	ErrTooBig = Error("picture: too many points")
)

// Limits of a picture's header.
const (
	MaxSide   = 20_000
	MaxPoints = 100_000_000
)

// bearable holds a size to the limits.
func bearable(w, h int) error {
	switch {
	case w <= 0 || h <= 0:
		return ErrUnreadable
	case w > MaxSide || h > MaxSide || w*h > MaxPoints:
		return ErrTooBig
	}
	return nil
}

// Clean returns the picture without anything but its points, and what its
// header says. The points are copied, never encoded again. Errors: ErrUnreadable,
// ErrTooBig.
func Clean(b []byte) ([]byte, Info, error) {
	for _, f := range []struct {
		begins []byte
		clean  func([]byte) ([]byte, Info, error)
	}{{[]byte("\xff\xd8\xff"), cleanJPEG}, {[]byte(pngHead), cleanPNG}, {[]byte("GIF8"), cleanGIF}, {[]byte("RIFF"), cleanWebP}} {
		if !bytes.HasPrefix(b, f.begins) {
			continue
		}
		out, info, err := f.clean(b)
		if err == nil {
			err = bearable(info.Width, info.Height)
		}
		if err != nil {
			return nil, Info{}, err
		}
		return out, info, nil
	}
	return nil, Info{}, ErrUnreadable
}

const pngHead = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that say how points look. Text, time, EXIF and chunks
// nobody knows are not among them.
const pngKept = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT"

func cleanPNG(b []byte) ([]byte, Info, error) {
	const frame = 12 // length, name and sum around a chunk's bytes
	info := Info{Mime: "image/png"}
	out := append(make([]byte, 0, len(b)), pngHead...)
	for at := len(pngHead); len(b)-at >= frame; {
		n := int64(binary.BigEndian.Uint32(b[at:]))
		if n > int64(len(b)-at-frame) {
			break
		}
		name, end := string(b[at+4:at+8]), at+frame+int(n)
		if (name == "IHDR") != (at == len(pngHead)) {
			break
		}
		switch {
		case name == "IHDR" && n >= 8:
			info.Width, info.Height = int(binary.BigEndian.Uint32(b[at+8:])), int(binary.BigEndian.Uint32(b[at+12:]))
		case name == "acTL":
			info.Animated = true
		}
		if kept(name) {
			out = append(out, b[at:end]...)
		}
		if name == "IEND" {
			return out, info, nil
		}
		at = end
	}
	return nil, info, ErrUnreadable
}

func kept(name string) bool {
	for i := 0; i+4 <= len(pngKept); i += 5 {
		if pngKept[i:i+4] == name {
			return true
		}
	}
	return false
}

// gifLoops are the applications whose extension says how often a GIF repeats.
const gifLoops = "NETSCAPE2.0 ANIMEXTS1.0"

func cleanGIF(b []byte) ([]byte, Info, error) {
	const head, descriptor = 13, 10
	if len(b) < head {
		return nil, Info{}, ErrUnreadable
	}
	info := Info{Mime: "image/gif", Width: int(binary.LittleEndian.Uint16(b[6:])), Height: int(binary.LittleEndian.Uint16(b[8:]))}
	at := head + table(b[10])
	if at > len(b) {
		return nil, info, ErrUnreadable
	}
	out := append(make([]byte, 0, len(b)), b[:at]...)
	frames := 0
	for at < len(b) {
		start, keep := at, true
		switch b[at] {
		case 0x3b:
			info.Animated = frames > 1
			return append(out, 0x3b), info, nil
		case 0x2c:
			if at+descriptor >= len(b) {
				return nil, info, ErrUnreadable
			}
			frames++
			at += descriptor + table(b[at+9]) + 1 // and the size of the codes
		case 0x21:
			if at+2 >= len(b) {
				return nil, info, ErrUnreadable
			}
			keep = b[at+1] == 0xf9 || b[at+1] == 0xff && len(b) >= at+14 && bytes.Contains([]byte(gifLoops), b[at+3:at+14])
			at += 2
		default:
			return nil, info, ErrUnreadable
		}
		if at = blocks(b, at); at < 0 {
			return nil, info, ErrUnreadable
		}
		if keep {
			out = append(out, b[start:at]...)
		}
	}
	return nil, info, ErrUnreadable
}

// table is the size of the colours that a packed byte announces.
func table(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

// blocks is where a chain of blocks beginning at at ends, -1 when it does not.
func blocks(b []byte, at int) int {
	for at < len(b) {
		n := int(b[at])
		if at++; n == 0 {
			return at
		}
		at += n
	}
	return -1
}
