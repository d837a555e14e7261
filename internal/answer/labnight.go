package answer

import (
	"context"
	"time"

	"parley/internal/answer/lab"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

const (
	// NightEvery is how often Night looks for workspaces whose night it is.
	NightEvery = time.Hour
	nightFrom  = 2 // o'clock, in the business's own time
	nightTo    = 6 // o'clock
	nightRest  = 20 * time.Hour
	nightLate  = 28 * time.Hour // then any hour is right

	// BiasLimit is the share of groups that may be answered in different ways
	// before the alarm rings.
	BiasLimit = 0.05
	// modelGroups is how many groups a probe asks a model, another part each time:
	// each costs two or three calls.
	modelGroups = 12
)

// Night holds each workspace's AI to its tests, and asks whether it matters who
// asks, once a night: against the knowledge and the settings as they are then.
func (l *Lab) Night(ctx context.Context) error {
	all, err := l.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		if ws.Closed() {
			continue
		}
		due, err := l.nightDue(ctx, ws.ID)
		if err != nil {
			return err
		}
		if !due {
			continue
		}
		if err := l.BeginProbe(ctx, ws.ID); err != nil {
			return err
		}
		_, err = l.begin(ctx, ws.ID, desk.Actor{Kind: desk.BySystem}, LabNight, desk.Trial{})
		if err != nil && desk.CodeOf(err) != desk.Conflict { // another goes on: the next hour
			return err
		}
	}
	return nil
}

// nightDue: there is knowledge to ask, it is night, and the last time is long ago.
func (l *Lab) nightDue(ctx context.Context, ws desk.ID) (bool, error) {
	languages, err := l.Finder.Languages(ctx, ws)
	if err != nil || len(languages) == 0 {
		return false, err
	}
	var last store.LabRun
	var set desk.AISettings
	err = l.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if last, err = r.LatestLabRun(LabNight); err != nil && !desk.IsNotFound(err) {
			return err
		}
		set, err = r.AISettings()
		return err
	})
	now := l.DB.Clock().Now()
	age := now.Sub(last.At)
	if zone, err := time.LoadLocation(set.Hours.Zone); err == nil {
		now = now.In(zone)
	}
	night := now.Hour() >= nightFrom && now.Hour() < nightTo
	return age >= nightLate || night && age >= nightRest, err
}

// BeginProbe asks for a probe of a workspace; one that waits already is enough.
func (l *Lab) BeginProbe(ctx context.Context, ws desk.ID) error {
	return l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		return l.Flow.Add(tx, flow.Item{Kind: ProbeWork, Key: ws, Object: ws}, flow.Coalesce(0))
	})
}

// probe asks the same as different people and keeps whether they were answered
// alike (A-7.6-01).
func (l *Lab) probe(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	languages, err := l.Finder.Languages(ctx, ws)
	if err != nil {
		return err
	}
	var own []desk.Question
	var set desk.AISettings
	err = l.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		own = nil
		tests, err := r.LabTests(0, desk.MaxTests)
		if err != nil {
			return err
		}
		for _, t := range tests {
			own = append(own, t.Question)
		}
		set, err = r.AISettings()
		return err
	})
	if err != nil {
		return err
	}
	p := store.BiasProbe{Models: set.Allows(desk.AIEvaluate), Settings: set.Version}
	groups := lab.Groups(languages, own)
	if p.Models {
		const day = 24 * 60 * 60
		groups = turns(groups, int(l.DB.Clock().Now().Unix()/day))
	}
	for _, g := range groups {
		if err := l.askGroup(ctx, ws, g, &p); err != nil {
			return err
		}
	}
	p.Alarm = p.Pairs > 0 && float64(p.Differ) > BiasLimit*float64(p.Pairs)
	return l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Probes(1)
		if err != nil {
			return err
		}
		if p.Pairs > 0 {
			if err := tx.AddProbe(p); err != nil {
				return err
			}
		}
		if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged}); err != nil {
			return err
		}
		if p.Alarm {
			if err := l.ring(tx, 0, aboutBias, len(before) == 0 || !before[0].Alarm); err != nil {
				return err
			}
		}
		return j.Finish(tx)
	})
}

// turns takes another part of the groups each time.
func turns(all []lab.Group, round int) []lab.Group {
	if len(all) <= modelGroups {
		return all
	}
	var some []lab.Group
	for i := range modelGroups {
		some = append(some, all[(round*modelGroups+i)%len(all)])
	}
	return some
}

func (l *Lab) askGroup(ctx context.Context, ws desk.ID, g lab.Group, p *store.BiasProbe) error {
	var tried []desk.Tried
	var asked []string
	for _, q := range g.Asked {
		got, _, err := l.try(ctx, ws, nil, q.Channel, Question{Text: q.Text, Language: q.Language})
		if err != nil {
			return err
		}
		tried, asked = append(tried, got), append(asked, q.Text)
	}
	p.Pairs++
	if differs := lab.Unequal(tried, g.Vary == lab.Languages); len(differs) > 0 {
		p.Differ++
		p.Groups = append(p.Groups, store.BiasGroup{Vary: g.Vary, Asked: asked, Tried: tried, Differs: differs})
	}
	return nil
}
