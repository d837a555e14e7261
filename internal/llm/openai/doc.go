// Package openai speaks to OpenAI and to every server that offers its Chat
// Completions.
//
// OpenAI itself is asked through the Responses API, with store:false and a strict
// schema; any other address through Chat Completions. Embeddings are the same
// for both. It promises that the key and the address are the ones it was given,
// that the bytes sent are the bytes shown, that the library neither retries nor
// tells the other side about this machine, and that every failure is an
// llm.Error.
//
// It never reads the environment and never follows a redirect.
package openai
