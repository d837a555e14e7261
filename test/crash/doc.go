// Package crash kills the real program with -9, again and again, while visitors
// write and a member answers, and then counts.
//
// It proves that whatever was acknowledged is stored, once and in order; that
// the AI speaks at most once to a question; that no lane is stuck; and that
// leases left behind and a clock moved by an hour change none of it. A backup and a
// restore are killed at each of their steps (killpoint_test.go): what bears the name
// of a backup is whole, and what a restore left opens whole or not at all.
package crash
