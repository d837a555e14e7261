// Package extract turns what a business hands in (plain text, Markdown, pairs
// of question and answer) into passages: pieces small enough to quote and large
// enough to make sense.
//
// It promises: a passage never crosses a heading of the first two levels, holds
// at most MaxPassage bytes, names the headings above it and the place in the
// body it came from; no paragraph, list item or table row is left out. Input is hostile: size
// and encoding are checked first and every refusal carries a Reason.
//
// It never reads a file or the network and drops no text for what it says:
// instructions in a document are data.
package extract
