// Package llmtest is the suite that every adapter of a language model passes. It
// runs the adapter against sim/llm, which is as strict as the vendors publish.
//
// It proves plumbing: that the bytes shown are the bytes sent, that every failure
// has its kind and the vendor's words without the key, that nothing is tried
// twice, that no call outlives its time and no key leaves for another host. It
// never proves what a model answers.
package llmtest
