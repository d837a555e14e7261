package api

import (
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
	"parley/internal/member"
)

// limit names a pace; each route declares one.
type limit string

const (
	limitPublic limit = "public" // per address
	limitSignIn limit = "sign_in"
	limitBad    limit = "bad_credentials" // per address, tokens that open nothing
	// Per token, asked before anybody looks whose it is: more than its holder may
	// use up by all the paces below, so that a flood costs a hash and no more.
	limitToken  limit = "token"
	limitRead   limit = "read" // per member or key, like all below
	limitWrite  limit = "write"
	limitSend   limit = "send"
	limitAsk    limit = "ask"
	limitUpload limit = "upload"
	limitStream limit = "stream"

	limitVisit   limit = "visit"   // new visits of the website chat, per address
	limitVisitor limit = "visitor" // whatever a visitor's page asks
	limitSay     limit = "say"     // what a visitor writes
	// Of all who belong to one workspace or one chat together, so that none takes
	// the machine from the others.
	limitWorkspace limit = "workspace"
	limitWidget    limit = "widget"
	limitSayAll    limit = "say_all"

	limitRequest limit = "request" // what people write on the public pages, per address

	limitHook   limit = "hook"   // deliveries of a provider, per address
	limitPolicy limit = "policy" // reports of browsers, of all together
	limitNone   limit = "none"   // health checks and static files
)

type limits map[limit]*pace.Limiter

const limitKeys = 20_000

// newLimits makes the limiters; instead replaces rules by name.
func newLimits(clk clock.Clock, instead map[string]pace.Rule) limits {
	all := limits{}
	for name, rule := range map[limit]pace.Rule{
		limitPublic: {N: 240, Per: time.Minute, Burst: 120},
		limitSignIn: {N: 60, Per: time.Minute, Burst: 30},
		limitBad:    {N: 60, Per: time.Minute, Burst: 60},
		limitToken:  {N: 6_000, Per: time.Minute, Burst: 1_200},
		limitRead:   {N: 2400, Per: time.Minute, Burst: 400},
		limitWrite:  {N: 900, Per: time.Minute, Burst: 200},
		limitSend:   {N: 600, Per: time.Minute, Burst: 120},
		limitAsk:    {N: 240, Per: time.Minute, Burst: 60},
		limitUpload: {N: 120, Per: time.Minute, Burst: 60},
		limitStream: {N: 120, Per: time.Minute, Burst: 60},

		limitVisit:   {N: 120, Per: time.Minute, Burst: 60},
		limitVisitor: {N: 600, Per: time.Minute, Burst: 120},
		limitSay:     {N: 60, Per: time.Minute, Burst: 20},

		limitWorkspace: {N: 12_000, Per: time.Minute, Burst: 3_000},
		limitWidget:    {N: 12_000, Per: time.Minute, Burst: 3_000},
		limitSayAll:    {N: 3_000, Per: time.Minute, Burst: 600},

		limitRequest: {N: 20, Per: time.Hour, Burst: 10},

		limitPolicy: {N: 60, Per: time.Minute, Burst: 60},
		limitHook:   {N: 120_000, Per: time.Minute, Burst: 20_000},
	} {
		if own, ok := instead[string(name)]; ok {
			rule = own
		}
		all[name] = pace.New(clk, rule, limitKeys)
	}
	return all
}

func (l limits) take(name limit, key string) error {
	lim, ok := l[name]
	if !ok {
		return nil
	}
	ok, wait := lim.Allow(key)
	if ok {
		return nil
	}
	return &desk.Error{Code: desk.TooMany, Reason: "too_many_requests", Text: "too many requests", Retry: true, Cause: member.Wait(wait)}
}
