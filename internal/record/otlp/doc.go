// Package otlp hands traces, and the records of doors and errors, to a collector
// that speaks OpenTelemetry's protocol: so that they lie on another system than
// the one they tell about.
//
// It promises that what leaves is made anew from a list, last thing before it
// leaves: names of operations, kinds of work, names of lines of the register,
// statuses, words of the program, ids and numbers. No path but the route's
// pattern, no header, body, address of anybody, account, error text or name of
// the machine is on it, whatever the SDK or its environment adds. Whoever calls
// from outside chooses no trace: theirs is not read.
//
// It never makes a caller wait: spans and records lie in queues with a limit, and
// a collector that is slow or away costs them, not the request. It tries nothing
// twice and does nothing where no address is set.
package otlp
