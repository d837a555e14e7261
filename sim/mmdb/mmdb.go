// Package mmdb writes tiny files in MaxMind DB's format, by its specification, for
// tests of what reads such files.
package mmdb

import (
	"bytes"
	"encoding/binary"
)

// text and the others write MaxMind DB's data format by its specification.
func text(s string) []byte {
	if len(s) < 29 {
		return append([]byte{2<<5 | byte(len(s))}, s...)
	}
	return append([]byte{2<<5 | 29, byte(len(s) - 29)}, s...)
}

func number(n uint32) []byte {
	return append([]byte{6<<5 | 4}, binary.BigEndian.AppendUint32(nil, n)...)
}

func short(n uint16) []byte {
	return append([]byte{5<<5 | 2}, binary.BigEndian.AppendUint16(nil, n)...)
}

func long(n uint64) []byte { return append([]byte{8, 2}, binary.BigEndian.AppendUint64(nil, n)...) }

func object(pairs ...[]byte) []byte {
	return append([]byte{7<<5 | byte(len(pairs)/2)}, bytes.Join(pairs, nil)...)
}

func names(s string) []byte { return object(text("names"), object(text("en"), text(s))) }

// City is a file that knows one place for 0.0.0.0/1 and none for the rest.
func City(city, country string) []byte {
	record := object(text("city"), names(city), text("country"), names(country))
	var file []byte
	file = append(file, 0, 0, 1+16, 0, 0, 1) // one node: left leads to the first record, right to nothing
	file = append(file, make([]byte, 16)...)
	file = append(file, record...)
	file = append(file, "\xab\xcd\xefMaxMind.com"...)
	return append(file, object(text("binary_format_major_version"), short(2), text("binary_format_minor_version"), short(0),
		text("build_epoch"), long(1_700_000_000), text("database_type"), text("Test-City"), text("description"), object(text("en"), text("test")),
		text("ip_version"), short(4), text("languages"), []byte{1, 4, 2<<5 | 2, 'e', 'n'}, text("node_count"), number(1), text("record_size"), short(24))...)
}
