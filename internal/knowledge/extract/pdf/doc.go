// Package pdf reads the text of PDF files with PDFium, compiled to WebAssembly
// and run in an interpreter's sandbox: PDFium sees the bytes of one file and its
// own memory, no file, no clock, no network.
//
// It promises: lines come in reading order with the size of their letters and
// their place; memory is bounded and a reading ends with its context; each
// document gets an instance of its own.
//
// It guesses nothing about the text: paragraphs and headings are its caller's.
package pdf
