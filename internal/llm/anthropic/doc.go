// Package anthropic speaks to Anthropic's Messages API, in its published wire
// format and without the vendor's library (ADR 0009).
//
// Instructions go as system blocks, the last of them marked to be kept for the
// next call; an answer in a form is asked for by output_config, or from older
// models as the input of a tool that they must use and that does nothing. It
// promises that the key and the address are the ones it was given, that the
// bytes sent are the bytes shown, that it makes one call and tells the other
// side nothing about this machine, and that every failure is an llm.Error.
//
// It never reads the environment, never tries again, never follows a redirect,
// and has no vectors.
package anthropic
