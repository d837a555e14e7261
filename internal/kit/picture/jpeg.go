package picture

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG.
const (
	soi  = 0xd8
	eoi  = 0xd9
	sos  = 0xda
	app0 = 0xe0
	app1 = 0xe1
	app2 = 0xe2
	appE = 0xee // Adobe: how colours are mixed
	com  = 0xfe
)

// cleanJPEG copies the tables and scans of a JPEG. Of what cameras add only the
// way it is held stays, as an EXIF of that one tag. A picture that breaks off in
// its points is closed: viewers show what there is.
func cleanJPEG(b []byte) ([]byte, Info, error) {
	info := Info{Mime: "image/jpeg"}
	out := append(make([]byte, 0, len(b)), 0xff, soi)
	turn, scanned := byte(1), false
	for at := 2; ; {
		for at+1 < len(b) && b[at] == 0xff && b[at+1] == 0xff { // fill bytes
			at++
		}
		if at+4 > len(b) || b[at] != 0xff || b[at+1] == eoi {
			break
		}
		mark, n := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		end := at + 2 + n
		if mark < 0xc0 || mark == soi || n < 2 || end > len(b) {
			break
		}
		segment := b[at+4 : end]
		if isFrame(mark) && len(segment) >= 5 {
			info.Height, info.Width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
		}
		if o := orientation(segment); mark == app1 && o != 0 {
			turn = o
		}
		if mark == sos && !scanned && turn != 1 {
			out = append(out, upright(turn)...)
		}
		out = appendSegment(out, mark, b[at:end])
		if at = end; mark == sos {
			scanned = true
			at = scan(b, end)
			out = append(out, b[end:at]...)
		}
	}
	if !scanned || info.Width == 0 {
		return nil, info, ErrUnreadable
	}
	if turn > 4 {
		info.Width, info.Height = info.Height, info.Width
	}
	return append(out, 0xff, eoi), info, nil
}

// isFrame: the markers that begin a frame, between which stand three others.
func isFrame(mark byte) bool {
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc
}

// appendSegment copies a segment if points cannot be shown rightly without it.
func appendSegment(out []byte, mark byte, whole []byte) []byte {
	const jfif = 18 // of a JFIF without its thumbnail
	body := whole[4:]
	switch {
	case mark == app0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(whole) >= jfif:
		out = append(out, 0xff, app0, 0, jfif-2)
		return append(append(out, body[:12]...), 0, 0)
	case mark == app2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")), mark == appE && bytes.HasPrefix(body, []byte("Adobe")):
		return append(out, whole...)
	case mark >= app0 && mark <= 0xef, mark == com:
		return out
	}
	return append(out, whole...)
}

// scan is where the points that begin at at end: before the next marker that is
// neither a restart nor a stuffed byte.
func scan(b []byte, at int) int {
	for ; at+1 < len(b); at++ {
		if next := b[at+1]; b[at] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return at
		}
	}
	return len(b)
}

// orientation reads tag 274 of an EXIF segment; 0 when it is not told.
func orientation(segment []byte) byte {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	const entry = 12
	for i, n := at+2, int64(order.Uint16(tiff[at:])); n > 0 && i+entry <= int64(len(tiff)); i, n = i+entry, n-1 {
		if order.Uint16(tiff[i:]) == 274 {
			if o := order.Uint16(tiff[i+8:]); o >= 1 && o <= 8 {
				return byte(o)
			}
			return 0
		}
	}
	return 0
}

// upright is an EXIF segment that holds the orientation and nothing else.
func upright(turn byte) []byte {
	return append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), turn, 0, 0, 0, 0, 0, 0)
}
