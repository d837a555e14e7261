// Package openai speaks to OpenAI and to every server that offers its Chat
// Completions, in their published wire format and without a vendor's library
// (ADR 0009).
//
// OpenAI itself is asked through the Responses API, with store:false and a strict
// schema; any other address through Chat Completions. Embeddings are the same
// for both. It promises that the key and the address are the ones it was given,
// that the bytes sent are the bytes shown, that it makes one call and tells the
// other side nothing about this machine, and that every failure is an llm.Error.
//
// It never reads the environment, never tries again and never follows a redirect.
package openai
