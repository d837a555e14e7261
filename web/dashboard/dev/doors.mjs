// Ways in and who may do what, with made-up data.
import * as data from './fixtures.mjs';
import { asks } from './standing.mjs';

const all = {
  owner: data.me.permissions,
  agent: ['workspace.read', 'conversation.read', 'conversation.reply', 'contact.read', 'knowledge.read'],
  analyst: ['workspace.read', 'report.read', 'knowledge.read'],
  billing: ['workspace.read'],
  privacy: ['workspace.read', 'conversation.read', 'contact.read', 'contact.erase', 'audit.read'],
};

export const doors = () => ({
  step: '',
  acknowledge: [],
  suspended: false,
  closed: 0,
  appealed: false,
  fresh: true,
  recovery_left: 8,
  demand: 'nobody',
  factors: [
    { id: 'f1', kind: 'totp', name: 'Phone', created_at: data.ago(60 * 24 * 40), last_used_at: data.ago(95) },
    { id: 'f2', kind: 'passkey', name: 'Laptop', created_at: data.ago(60 * 24 * 3), last_used_at: null },
  ],
  outside: [
    {
      id: 'o1',
      way: 'google',
      name: 'Google',
      email: 'selin@gmail.example',
      linked_at: data.ago(60 * 24 * 9),
      used_at: data.ago(60 * 30),
    },
  ],
});

export const codes = [
  'h4kq-9w2m',
  'p7xd-3nvt',
  'b6rj-8ymc',
  'z2fh-5gkw',
  't9qe-4bxn',
  'm3vw-7dpj',
  'k8ny-2hrc',
  'c5gt-6qzf',
];

const totp = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  url: 'otpauth://totp/Parley:selin@northwind.example?algorithm=SHA1&digits=6&issuer=Parley&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  token: 't1',
};

export const who = (state) => ({
  ...data.me,
  ...(state.doors.operator
    ? {
        member: { ...data.me.member, role: 'operator' },
        permissions: ['workspace.read', 'instance.read', 'instance.suspend'],
      }
    : {}),
  workspace: { ...data.me.workspace, suspended: state.doors.suspended, closed: state.doors.closed > 0 },
  acknowledge: state.doors.acknowledge,
  step: state.doors.step,
});

/** Answers what is asked without or before a sign-in; false where it is something else. */
export function outerRoute(state, route, body, { json, fail, lang }) {
  const d = state.doors;
  if (route === 'GET /session/ways') {
    return json({ mail: true, outside: [{ way: 'google', name: 'Google' }] });
  }
  if (route === 'POST /session/link') {
    return json({ ...state.letter, asks: state.letter.kind === 'invite' ? asks(lang) : [] });
  }
  if (route === 'PUT /session/mail') return json({ kind: state.letter.kind, signed_in: false });
  if (route === 'PUT /session/outside') {
    if (d.invited) return fail(422, 'not_acknowledged', { asks: asks(lang), name: 'Selin Koç' });
    return fail(403, state.refuse || 'outside_unknown');
  }
  if (route === 'POST /session/factor') {
    if (body.code !== '123456') return fail(401, 'code_wrong', { title: 'That code is not right.' });
    d.step = '';
    return json(who(state));
  }
  return false;
}

const alerts = [
  {
    id: 'a1',
    rule: 'guessing',
    subject: 'account',
    object_id: '',
    name: '',
    times: 41,
    opened_at: data.ago(18),
    last_at: data.ago(4),
    closed_at: null,
    closed_by: '',
    note: '',
  },
  {
    id: 'a2',
    rule: 'exports',
    subject: 'member',
    object_id: '2',
    name: 'Emre Aydın',
    times: 6,
    opened_at: data.ago(60 * 50),
    last_at: data.ago(60 * 50),
    closed_at: data.ago(60 * 49),
    closed_by: 'Selin Koç',
    note: 'A customer list for the yearly report, agreed before.',
  },
];

const step = (minutes, what, more) => ({
  ...{ at: data.ago(minutes), source: 'record', what, route: '', actor: '', object: '', from: '', times: 1 },
  ...more,
});

const keyAge = (kind, keys, days, due = false) => ({
  ...{ kind, keys, days, due },
  oldest: data.ago(60 * 24 * 120),
  next: data.ago(-60 * 24 * 200),
});

/** What is watched over: alerts, errors, refusals, ages of keys. */
function watchRoute(path, { json, list }) {
  const at = path.replace('/operator', '');
  if (at === '/alerts') return list(alerts);
  if (at.startsWith('/alerts/')) {
    return json({
      alert: alerts.find((a) => at.includes(a.id)),
      timeline: [
        step(18, 'signin.failed', { from: '203.0.113.0/24', times: 12 }),
        step(9, 'signin.failed', { from: '203.0.113.0/24', times: 29 }),
        step(4, 'member.reset_asked', { source: 'audit', actor: 'system', object: 'member 1' }),
      ],
    });
  }
  if (at === '/errors') {
    return list([
      {
        id: '0123456789abcdef',
        kind: 'request failed',
        place: 'api.(*API).problem:113',
        count: 3,
        first_at: data.ago(900),
        last_at: data.ago(31),
      },
    ]);
  }
  if (at.startsWith('/errors/')) {
    return list([
      {
        at: data.ago(31),
        request: '124933216665600084',
        workspace: '7',
        work: '',
        reason: 'unavailable: SQLITE_BUSY',
        stack: 'store.(*Tx).commit:88\nstore.(*DB).group:201',
      },
    ]);
  }
  if (at === '/policy-reports') {
    return list([
      {
        directive: 'script-src-elem',
        blocked: 'https://cdn.example.com',
        page: '/inbox',
        count: 14,
        first_at: data.ago(4000),
        last_at: data.ago(60),
      },
    ]);
  }
  if (path === '/security/keys') {
    return json({
      items: [
        keyAge('root', 1, 365),
        keyAge('epoch', 1, 1),
        keyAge('workspace', 1, 365, true),
        keyAge('subject', 214, 0),
        keyAge('ai-day', 30, 30),
      ],
    });
  }
  return false;
}

/** The same for somebody who is in. */
export function doorsRoute(state, route, path, body, { json, fail, list }) {
  const d = state.doors;
  const one = /^\/factors\/(f\d)$/.exec(path);
  if (route === 'GET /factors') {
    return json({ items: d.factors, recovery_left: d.factors.length ? d.recovery_left : 0 });
  }
  if (route === 'POST /session/proof') {
    if (body.password !== 'correct horse battery') return fail(403, 'password_wrong');
    d.fresh = true;
    return json(who(state));
  }
  if (!d.fresh && !route.startsWith('GET ') && /^\/(factors|recovery|keys|members|outside)/.test(path)) {
    return fail(403, 'reauthentication_required');
  }
  if (watchRoute(path, { json, list }) !== false) return;
  if (route === 'POST /factors/totp') return json(totp);
  if (route === 'POST /factors/totp/confirm') {
    if (body.code !== '123456') return fail(422, 'code_wrong', { title: 'That code is not right.' });
    const first = d.factors.length === 0;
    const factor = {
      id: `f${d.factors.length + 3}`,
      kind: 'totp',
      name: body.name,
      created_at: data.ago(0),
      last_used_at: null,
    };
    d.factors.push(factor);
    d.step = '';
    return json({ factor, recovery_codes: first ? codes : [], me: who(state) });
  }
  if (route === 'POST /recovery-codes') return json({ codes });
  if (one && route.startsWith('DELETE')) {
    d.factors = d.factors.filter((f) => f.id !== one[1]);
    return json(undefined, 204);
  }
  if (one) {
    Object.assign(
      d.factors.find((f) => f.id === one[1]),
      body,
    );
    return json(d.factors.find((f) => f.id === one[1]));
  }
  if (path === '/workspace/second-factor') {
    if (body.demand) d.demand = body.demand;
    return json({ demand: d.demand, install: 'admins' });
  }
  if (route === 'GET /outside-accounts') return list(d.outside);
  if (path === '/session/digest') {
    if (body.every) d.digest = body.every;
    return json({ every: d.digest ?? 'off' });
  }
  if (route === 'GET /consents') {
    return json({
      wishes: [
        {
          purpose: 'news',
          version: '2026-11-22',
          text: 'Mail about what is new in the product, about once a month.',
          allowed: false,
        },
      ],
      history: [],
    });
  }
  if (route === 'GET /my-letters') {
    return list([
      {
        id: '1',
        kind: 'device',
        category: 'security',
        subject: 'A sign-in from a new device',
        state: 'sent',
        created_at: '2026-11-20T09:12:00Z',
        sent_at: '2026-11-20T09:12:03Z',
      },
    ]);
  }
  if (route === 'GET /roles') {
    return list(Object.entries(all).map(([role, permissions]) => ({ role, permissions })));
  }
  return false;
}
