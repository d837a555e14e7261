// Package extract turns what a business hands in (PDF, Word, PowerPoint,
// OpenDocument, Excel, CSV, web pages, plain text, Markdown, pairs of question
// and answer) into passages: pieces small enough to quote and large enough to
// make sense. What a file is, its bytes tell and not its name.
//
// It promises: a passage never crosses a heading of the first two levels, holds
// at most MaxPassage bytes, names the headings above it and the place in the
// body it came from; no paragraph, list item or table row that a reader sees is
// left out, and what no reader sees (deleted, hidden, running headers) is. Input is
// hostile: size, depth, unpacked size, encoding and time are bounded, and every
// refusal carries a Reason. Files other than text are read in package child.
//
// It never reads a file or the network and drops no text for what it says:
// instructions in a document are data, which Suspect points out for review.
package extract
