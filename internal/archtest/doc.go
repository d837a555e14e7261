// Package archtest holds the tree to the rules of docs/architecture.md.
//
// It promises that the layers block on that page is the rule itself, not a copy,
// that every package and every import is checked against it, and that each
// finding says in words why the rule is there. testdata holds one small tree per
// rule to show that the rule can fail.
//
// Exceptions stand in allow.txt, one per line with a reason; an exception that
// is no longer needed is itself a finding, so that the list only shrinks.
//
// It reads source text only. It never runs or changes code.
package archtest
