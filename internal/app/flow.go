package app

import (
	"time"

	"parley/internal/answer"
	"parley/internal/deliver"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/knowledge"
	"parley/internal/media"
)

// rules is THE list "when this happened, these things follow". The followers
// are rows of the same transaction as their cause.
func rules() []flow.Rule {
	return []flow.Rule{
		// A contact wrote: the AI considers it once the burst is over, and the
		// search index learns it.
		{On: desk.MessageArrived, Do: answer.Work, Key: flow.ByConversation, Burst: true, Coalesce: true},
		{On: desk.MessageArrived, Do: inbox.IndexWork, Key: flow.ByWorkspace, After: 200 * time.Millisecond},
		// Somebody wants to say something: it is sent, and found later.
		{On: desk.MessageQueued, Do: deliver.Work, Key: flow.ByConversation},
		{On: desk.MessageQueued, Do: inbox.IndexWork, Key: flow.ByWorkspace, After: 200 * time.Millisecond},
		// A message was taken back: its files leave the disk.
		{On: desk.MessageGone, Do: media.DropWork, Key: flow.ByWorkspace, Coalesce: true},
		// A note is found later too.
		{On: desk.MessageAdded, Do: inbox.IndexWork, Key: flow.ByWorkspace, After: 200 * time.Millisecond},
		// A text was changed: it is found by its new words.
		{On: desk.MessageEdited, Do: inbox.IndexWork, Key: flow.ByWorkspace},
		// An account was connected, or its provider tells of it: its approved texts
		// are read again.
		{On: desk.ChannelChanged, Do: deliver.TemplateWork, Key: flow.ByAccount, After: time.Second, Coalesce: true},
		// The knowledge had no answer: what was asked joins the gaps.
		{On: desk.QuestionOpen, Do: knowledge.GapWork, Key: flow.ByWorkspace},
		// The knowledge changed: the doctor looks it over.
		{On: desk.SourceChanged, Do: knowledge.DoctorWork, Key: flow.ByWorkspace, After: knowledge.DoctorAfter, Coalesce: true},
		// The business may be called something else: so it is in saved replies.
		{On: desk.WorkspaceChanged, Do: knowledge.RepliesWork, Key: flow.ByWorkspace, After: time.Second, Coalesce: true},
		// The knowledge changed, or what the AI may do: where the workspace wants it, a
		// model thinks of questions for passages it was not asked about.
		{On: desk.SourceChanged, Do: knowledge.SuggestWork, Key: flow.ByWorkspace, After: knowledge.SuggestAfter, Coalesce: true},
		{On: desk.WorkspaceChanged, Do: knowledge.SuggestWork, Key: flow.ByWorkspace, After: time.Second, Coalesce: true},
		// The knowledge changed, or what the AI may do: where the workspace wants it,
		// vectors are made of what has none.
		{On: desk.SourceChanged, Do: knowledge.MeaningWork, Key: flow.ByWorkspace, After: knowledge.MeaningAfter, Coalesce: true},
		{On: desk.WorkspaceChanged, Do: knowledge.MeaningWork, Key: flow.ByWorkspace, After: time.Second, Coalesce: true},
		// The knowledge changed: once it is at rest its index is kept for the next start.
		{On: desk.SourceChanged, Do: knowledge.KeepWork, Key: flow.ByWorkspace, After: knowledge.KeepAfter, Coalesce: true},
	}
}
