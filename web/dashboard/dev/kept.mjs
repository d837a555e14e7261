// How long what is kept, who is held and what was saved: made-up data.
import { ago } from './fixtures.mjs';

const rule = (rule, days, most_days, over = 0) => ({ rule, days, most_days, over });

const hold = (id, contact_id, person, more) => ({
  ...{ id, contact_id, person, by: 'Selin Koç', begun_at: ago(60 * 24 * 41), released_at: null },
  ...more,
});

const day = 60 * 24;

/** A backup of `age` minutes ago; data goes after 89 days, keys after six and a half. */
const saved = (id, holds, age, more = {}) => ({
  id,
  holds,
  name: `${holds}-${id}.age`,
  state: 'done',
  reason: '',
  bytes: holds === 'data' ? 1_840_000_000 - age * 4000 : 214_000,
  rows: holds === 'data' ? 2_318_400 : 4_120,
  files: holds === 'data' ? 9_031 : 0,
  sha256: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184',
  begun_at: ago(age),
  done_at: ago(age - 3),
  ends_at: ago(age - (holds === 'data' ? 89 : 6.5) * day),
  gone_at: null,
  ...more,
});

const gone = (age) => ({ state: 'gone', gone_at: ago(age) });

/** As they stand at the beginning. */
export const kept = () => ({
  terms: [
    rule('conversations', 730, 0, 3),
    rule('visits', 30, 90),
    rule('ai_logs', 30, 30),
    rule('ai_reports', 365, 365),
    rule('letters', 90, 90),
  ],
  holds: [
    hold('h2', 'c1', 'Ayşe Demir', {
      reason: 'Her claim about the coat of order 48213 goes to court; the messages are evidence.',
      authority: 'Istanbul 4th Consumer Court, 2026/1182',
    }),
    hold('h1', 'c9', '', {
      reason: 'Inquiry into a stolen card',
      authority: 'Police of İzmir, letter of 3 March',
      by: '',
      begun_at: ago(day * 240),
      released_at: ago(day * 100),
    }),
  ],
  on: true,
  backups: [
    saved('204', 'keys', 300),
    saved('203', 'data', 303),
    saved('202', 'keys', 300 + day),
    saved('201', 'data', 303 + day),
    saved('200', 'data', 303 + 2 * day, { state: 'failed', reason: 'no space left on device', bytes: 0 }),
    saved('199', 'data', 303 + 3 * day),
    saved('198', 'keys', 300 + 8 * day, gone(day)),
    saved('197', 'data', 303 + 12 * day),
  ],
});

/** Answers what is asked about them; false where it is something else. */
export function keptRoute(state, route, path, query, body, { json, fail, list }) {
  const { terms, holds, backups } = state.kept;
  const with_ = (name, days) =>
    terms.map((r) => {
      if (r.rule !== name) return r;
      const effective = days || r.most_days;
      const over = effective ? Math.max(0, Math.round(9000 / effective) - 11) : 0;
      return { ...r, days: effective, over: effective < r.days || r.most_days === 0 ? over : 0 };
    });
  if (route === 'GET /privacy/retention') return list(with_(query.get('rule'), Number(query.get('days'))));
  if (route === 'PUT /privacy/retention') {
    if (!state.doors.fresh) return fail(403, 'reauthentication_required');
    const [[name, days]] = Object.entries(body.days);
    state.kept.terms = with_(name, days);
    return list(state.kept.terms);
  }
  if (route === 'GET /privacy/holds') return list(holds);
  const release = /^\/privacy\/holds\/(\w+)\/release$/.exec(path);
  if (release) {
    if (!state.doors.fresh) return fail(403, 'reauthentication_required');
    const one = holds.find((h) => h.id === release[1]);
    one.released_at = ago(0);
    return json(undefined, 204);
  }
  if (route === 'GET /instance/backups') {
    const behind = ['data', 'keys'].filter((k) => !backups.some((b) => b.holds === k && b.state === 'done'));
    return json({ items: backups, next: '', on: state.kept.on, behind });
  }
  return false;
}
