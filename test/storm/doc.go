// Package storm makes what Meta delivers on its worst day: every event many
// times, in any order, a few or many in one delivery, of all three kinds of
// account. It writes the wire format by hand from the reference (2.4, A.1-A.3)
// and knows nothing of the adapters that read it.
package storm
