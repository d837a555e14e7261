// Package llm stands in for the two vendors of language models on this machine:
// OpenAI's /v1/responses, /v1/chat/completions (plain and as a stream) and
// /v1/embeddings, and Anthropic's /v1/messages.
//
// It proves plumbing and checks, never a model's quality. By default it behaves
// as an honest extractive model: it reads the passages it is given, and answers
// in the requested form by quoting the sentence that shares most words with the
// question, or says that none answers it. No figure measured with it says
// anything about a real model.
//
// It promises to be as strict as the vendors publish: an unknown or missing
// field, a wrong type, a schema that is not the strict kind, or a setting that
// the model of that name refuses, is answered in the vendor's error envelope.
// Every byte in and out is kept in a ring that tests read (Calls). It misbehaves
// on demand (Weather): on the way (busy, no money, a failure, silence, a cut
// answer) and in what it says (an invented price, a foreign passage, a promise,
// a leaked instruction). Time comes from the clock it is given; nothing sleeps.
//
// It never imports the adapters that it tests nor the vendors' libraries, and
// answers this machine only.
package llm
