// Package topics holds messages written by hand, with which the detectors of
// hand-over topics, of the wish for a person and of special-category content
// are measured (README.md). Its tests look at the form of the files only and
// never run a detector.
package topics
