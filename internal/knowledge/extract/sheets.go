package extract

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readExcel reads the shown sheets of a workbook (.xlsx), row by row.
func readExcel(ctx context.Context, raw []byte) ([]Sheet, *Error) {
	if _, err := openArchive(raw); err != nil {
		return nil, err
	}
	// The two limits are one, or excelize writes large parts to a folder of the system.
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxPart, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size") {
			return nil, bomb()
		}
		return nil, damaged()
	}
	defer func() { _ = f.Close() }()
	var out []Sheet
	size := 0
	for _, name := range f.GetSheetList() {
		if shown, err := f.GetSheetVisible(name); err != nil || !shown {
			continue
		}
		rows, err := excelRows(ctx, f, name, &size)
		if err != nil {
			return nil, err
		}
		if s := sheetOf(name, rows); len(s.Rows) > 0 {
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		out[0].Name = "" // "Sheet1" says nothing
	}
	return out, nil
}

func excelRows(ctx context.Context, f *excelize.File, name string, size *int) ([][]string, *Error) {
	it, err := f.Rows(name)
	if err != nil {
		return nil, damaged()
	}
	defer func() { _ = it.Close() }()
	var rows [][]string
	for n := 0; it.Next(); n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return nil, slow()
		}
		cells, err := it.Columns()
		if err != nil {
			return nil, damaged()
		}
		if it.GetRowOpts().Hidden {
			continue
		}
		if rows, err = keepRow(rows, cells, size); err != nil {
			return nil, asError(err)
		}
	}
	if it.Error() != nil {
		return nil, damaged()
	}
	return rows, nil
}

// keepRow adds a row that says something, within the limits.
func keepRow(rows [][]string, cells []string, size *int) ([][]string, error) {
	cells = cells[:min(len(cells), MaxCells)]
	any := false
	for i := range cells {
		cells[i] = tidy(cells[i])
		*size += len(cells[i])
		any = any || cells[i] != ""
	}
	if !any {
		return rows, nil
	}
	if *size > MaxText {
		return nil, &Error{TooLarge, fmt.Sprintf("it holds more than %d MB of text; cut it into several files", MaxText>>20)}
	}
	if len(rows) > MaxRows {
		return nil, &Error{TooLarge, fmt.Sprintf("it has more than %d rows; cut it into several files", MaxRows)}
	}
	return append(rows, cells), nil
}

// sheetOf finds the header: the first row of at least two labels. What stands
// above it (a title, a date) is left out; without one the rows have no labels.
func sheetOf(name string, rows [][]string) Sheet {
	for i, r := range rows[:min(len(rows), 20)] {
		if labels(r) && i+1 < len(rows) {
			return Sheet{Name: name, Header: r, Rows: rows[i+1:]}
		}
	}
	return Sheet{Name: name, Rows: rows}
}

// Table reads a CSV as its rows stand.
func Table(raw []byte) (Sheet, *Error) {
	s, err := readCSV(raw)
	if err != nil {
		return Sheet{}, err
	}
	return s[0], nil
}

// readCSV reads values separated by commas, semicolons, tabs or bars, in any
// encoding that Decode knows.
func readCSV(raw []byte) ([]Sheet, *Error) {
	clean, err := decodeTable(raw)
	if err != nil {
		return nil, err
	}
	comma := separator(clean)
	if first, rest, ok := strings.Cut(clean, "\n"); ok && strings.HasPrefix(strings.ToLower(first), "sep=") {
		clean = rest // Excel's own word for the separator
	}
	r := csv.NewReader(strings.NewReader(clean))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = comma, true, -1, comma != '\t'
	var rows [][]string
	size := 0
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &Error{Damaged, "its rows cannot be told apart; save it as CSV (UTF-8) again and add that"}
		}
		if rows, err = keepRow(rows, cells, &size); err != nil {
			return nil, asError(err)
		}
	}
	if len(rows) == 0 {
		return nil, &Error{Empty, "there is no row in it"}
	}
	return []Sheet{sheetOf("", rows)}, nil
}

// decodeTable is Decode without its care for lines: a line feed within quotes
// stays.
func decodeTable(raw []byte) (string, *Error) {
	if len(raw) > 2*MaxText {
		return "", asError(tooLarge(len(raw)))
	}
	s, err := decode(raw)
	if err != nil {
		return "", asError(err)
	}
	if len(s) > MaxText {
		return "", asError(tooLarge(len(s)))
	}
	return strings.ReplaceAll(s, "\r\n", "\n"), nil
}

// separator is the sign that cuts the first lines into the same number of
// cells, and into the most.
func separator(s string) rune {
	first, _, _ := strings.Cut(s, "\n")
	if sign, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); ok && len(sign) == 1 {
		return rune(sign[0])
	}
	best, score := ',', 0
	for _, sign := range []rune{';', ',', '\t', '|'} {
		r := csv.NewReader(strings.NewReader(s))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = sign, true, -1
		even, cells := 0, 0
		for n := range 20 {
			row, err := r.Read()
			if err != nil {
				break
			}
			if n == 0 {
				cells = len(row)
			}
			if len(row) == cells {
				even++
			}
		}
		if cells > 1 && even*cells > score {
			best, score = sign, even*cells
		}
	}
	return best
}
