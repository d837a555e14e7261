package blob

import "os"

// Onto sends what is written to another file.
func (w *Writer) Onto(f *os.File) { w.file = f }
