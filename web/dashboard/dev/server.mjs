// Serves the built dashboard with made-up data and the real content policy.
// For screenshots and browser tests only; nothing here is part of the product.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { agent, agentRoute } from './agent.mjs';
import { doors, doorsRoute, outerRoute, who } from './doors.mjs';
import * as data from './fixtures.mjs';
import { kept, keptRoute } from './kept.mjs';
import { everyKind, kinds, picture, savedReplies, silence } from './kinds.mjs';
import {
  findingList,
  gapList,
  knowledgeRoute,
  sources as knowledgeSources,
  passageList,
} from './knowledge.mjs';
import { lab, labRoute } from './lab.mjs';
import { reportRoute } from './reports.mjs';
import { asks, standingRoute } from './standing.mjs';

const dist = join(import.meta.dirname, '../../dist');
const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

function page(res) {
  const nonce = randomBytes(16).toString('base64');
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src 'nonce-${nonce}' 'strict-dynamic'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "style-src-attr 'none'",
      "img-src 'self' data: blob:",
      "media-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      "frame-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
  });
  res.end(readFileSync(join(dist, 'app.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce));
}

/** One made-up install; `say` sends an event to every open stream. */
export function start({ port = 0, signedIn = true, rows = 0 } = {}) {
  const state = {
    signedIn,
    conversations: structuredClone(rows ? [...data.many(rows)] : [...data.conversations, kinds]),
    messages: {
      100: structuredClone(data.messages),
      105: [structuredClone(data.failed)],
      120: structuredClone(everyKind),
    },
    saved: structuredClone(savedReplies),
    drafts: { 100: [structuredClone(data.draft)] },
    workspace: { ...data.me.workspace, mode: 'draft', paused: false, burst_ms: 3000 },
    channel: structuredClone(data.widget),
    accounts: [],
    sources: knowledgeSources(),
    findings: findingList(),
    passages: passageList(),
    gaps: gapList(),
    refuse: '',
    keys: structuredClone(data.keys),
    members: structuredClone(data.members),
    devices: structuredClone(data.devices),
    agent: agent(),
    lab: lab(),
    doors: doors(),
    kept: kept(),
    letter: {},
    erased: [],
    no: 50,
    log: [],
    open: new Set(),
    down: false,
    sent: [],
  };
  const say = (ev) => {
    state.no++;
    const full = { no: state.no, at: new Date().toISOString(), ...ev };
    state.log.push(full);
    for (const res of state.open) res.write(`id: ${full.no}\ndata: ${JSON.stringify(full)}\n\n`);
  };
  const server = createServer((req, res) => void handle(req, res, state, say));
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        state,
        say,
        cut: () => {
          for (const one of state.open) one.destroy();
        },
        stop: () => {
          for (const one of state.open) one.destroy();
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

async function handle(req, res, state, say) {
  const url = new URL(req.url, 'http://x');
  if (state.down) return void res.destroy();
  if (url.pathname.startsWith('/api/v1/')) {
    const chunks = [];
    for await (const c of req) chunks.push(c);
    const text = Buffer.concat(chunks).toString();
    let body = {};
    try {
      body = text ? JSON.parse(text) : {};
    } catch {
      body = {};
    }
    return api(req, res, url, body, state, say);
  }
  if (url.pathname.startsWith('/w/')) {
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    return res.end('<!doctype html><html lang="en"><title>Chat</title><main><h1>Northwind Goods</h1></main>');
  }
  if (url.pathname.startsWith('/assets/')) {
    const file = join(dist, url.pathname);
    if (!existsSync(file)) return res.writeHead(404).end();
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    return res.end(readFileSync(file));
  }
  page(res);
}

function inView(c, view) {
  if (view === 'all') return true;
  if (view === 'closed' || view === 'snoozed') return c.state === view;
  if (c.state !== 'open') return false;
  if (view === 'mine') return c.owner.kind === 'member' && c.owner.id === '1';
  if (view === 'unassigned') return c.owner.kind === 'nobody';
  if (view === 'ai') return c.owner.kind === 'ai';
  if (view === 'needs_you') return c.needs.length > 0;
  return c.preview.direction === 'out';
}

function api(req, res, url, body, state, say) {
  const json = (value, status = 200) => {
    res.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' });
    res.end(value === undefined ? '' : JSON.stringify(value));
  };
  const fail = (status, code, more = {}) => json({ status, code, title: code, detail: '', ...more }, status);
  const path = url.pathname.slice('/api/v1'.length);
  const route = `${req.method} ${path}`;
  const list = (items) => json({ items, next: '' });

  if (path === '/session') {
    if (req.method === 'DELETE') {
      state.signedIn = false;
      return json(undefined, 204);
    }
    if (req.method === 'POST') {
      if (body.password !== 'correct horse battery') return fail(401, 'sign_in_failed');
      state.signedIn = true;
    }
    return state.signedIn ? json(who(state)) : fail(401, 'unauthenticated');
  }
  const lang = /^tr/.test(req.headers['accept-language'] ?? '') ? 'tr' : 'en';
  if (path === '/setup')
    return req.method === 'GET' ? json({ needed: true, asks: asks(lang) }) : json(who(state));
  if (outerRoute(state, route, body, { json, fail, lang }) !== false) return;
  if (!state.signedIn) return fail(401, 'unauthenticated');

  if (standingRoute(state, route, path, body, { json, list, lang }) !== false) return;
  if (doorsRoute(state, route, path, body, { json, fail, list }) !== false) return;
  if (keptRoute(state, route, path, url.searchParams, body, { json, fail, list }) !== false) return;
  if (path === '/events') return events(req, res, url, state, json);
  if (path === '/conversations') {
    const view = url.searchParams.get('view');
    const q = (url.searchParams.get('q') ?? '').toLowerCase();
    const limit = Number(url.searchParams.get('limit') ?? 30);
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const hits = state.conversations
      .filter(
        (c) => inView(c, view) && (!q || `${c.contact.name} ${c.preview.text}`.toLowerCase().includes(q)),
      )
      .sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    const more = from + limit < hits.length;
    return json({ items: hits.slice(from, from + limit), next: more ? String(from + limit) : '' });
  }
  if (path === '/conversations/counts') {
    const n = (v) => state.conversations.filter((c) => inView(c, v)).length;
    return json({
      needs_you: n('needs_you'),
      mine: n('mine'),
      unassigned: n('unassigned'),
      ai: n('ai'),
      waiting: n('waiting'),
      snoozed: n('snoozed'),
    });
  }
  if (labRoute(state, route, path, url, body, { json, fail, list }) !== false) return;
  if (agentRoute(state, route, path, body, { json, fail, list }) !== false) return;
  const one = /^\/conversations\/(\w+)(?:\/(.*))?$/.exec(path);
  if (one) return conversation(req, one, body, state, say, { json, fail, list });
  if (route === 'GET /saved-replies') return list(state.saved);
  if (route === 'POST /media') return json({ id: 'u1', kind: 'image' }, 201);
  if (path.startsWith('/media/picture')) {
    res.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    return res.end(picture(path));
  }
  if (path.startsWith('/media/')) {
    res.writeHead(200, { 'Content-Type': 'audio/wav' });
    return res.end(silence());
  }
  if (path === '/workspace') {
    if (req.method === 'PATCH') Object.assign(state.workspace, body);
    return json(state.workspace);
  }
  const erase = /^\/contacts\/(\w+)\/erase$/.exec(path);
  if (erase) {
    if (!body.confirm) return json({ counts: data.holdings, confirm: 'c0', erased: false, at: null });
    state.erased.push(erase[1]);
    state.conversations = state.conversations.filter((c) => c.contact.id !== erase[1]);
    say({ kind: 'contact.erased', object_id: erase[1] });
    return json({ counts: data.holdings, erased: true, no: 17, at: data.ago(0) });
  }
  const remove = /^\/conversations\/(\w+)\/delete$/.exec(path);
  if (remove) {
    const counts = { ...data.holdings, conversations: 1, identities: 0 };
    if (!body.confirm) return json({ counts, confirm: 'c0', erased: false, at: null });
    state.conversations = state.conversations.filter((c) => c.id !== remove[1]);
    say({ kind: 'conversation.gone', conversation_id: remove[1] });
    return json({ counts, erased: true, no: 18, at: data.ago(0) });
  }
  if (path.endsWith('/restrictions')) {
    return json({ restricted: false, no_automation: false, limited: false, workspace_limited: false });
  }
  if (path.startsWith('/contacts/')) {
    const c = state.conversations.find((x) => x.contact.id === path.split('/')[2]);
    if (c?.contact.id === 'c1') return json(data.contact);
    return json({
      ...(c ?? state.conversations[0]).contact,
      created_at: data.ago(300),
      merged: [],
      identities: [],
      conversations: [],
    });
  }
  if (path === '/contacts') return list([data.contact]);
  if (path.startsWith('/knowledge/')) {
    const { method } = req;
    const ask = { method, path, query: url.searchParams, body, state, json, fail, list };
    return knowledgeRoute({ ...ask, content: data.content });
  }
  if (path === '/answers') return json(data.answer);
  if (path === '/channels') return list([state.channel, ...state.accounts]);
  if (path.startsWith('/channels/')) {
    if (req.method === 'PATCH') {
      Object.assign(state.channel, { name: body.name, mode: body.mode, state: body.state });
      Object.assign(state.channel.settings, body.settings);
    }
    return json(state.channel);
  }
  if (route === 'GET /members') return list(state.members);
  if (route === 'POST /members') {
    if (state.members.some((m) => m.email === body.email))
      return fail(409, 'member_exists', { errors: [{ location: 'body.email', message: 'taken' }] });
    const { name, email, role } = body;
    const made = { id: `m${state.members.length}`, name, email, role, state: 'active', last_seen_at: null };
    state.members.push(made);
    return json(made, 201);
  }
  if (path.startsWith('/members/') && path.endsWith('/password')) return json(undefined, 204);
  if (path.startsWith('/members/')) {
    const m = state.members.find((x) => x.id === path.split('/')[2]);
    Object.assign(m, body);
    return json(m);
  }
  if (route === 'GET /sessions') return list(state.devices);
  if (path.startsWith('/sessions/')) {
    state.devices = state.devices.filter((d) => d.id !== path.split('/')[2]);
    return json(undefined, 204);
  }
  if (path === '/password') {
    return body.current === 'correct horse battery'
      ? json(undefined, 204)
      : fail(403, 'password_wrong', { errors: [{ location: 'body.current', message: 'wrong' }] });
  }
  if (route === 'GET /keys') return list(state.keys);
  if (route === 'POST /keys') {
    const made = data.key('13', body.name, body.role, {
      scopes: body.scopes ?? [],
      created_at: data.ago(0),
      last_used_at: null,
    });
    state.keys.push(made);
    return json({ ...made, token: 'pk_live_5d1c0f6e8a' }, 201);
  }
  if (path.startsWith('/privacy/')) return reportRoute(path, url.searchParams, { json, list });
  if (path === '/audit') return list(data.audit);
  fail(404, 'not_found');
}

function events(req, res, url, state, json) {
  const after = Number(req.headers['last-event-id'] ?? url.searchParams.get('after') ?? state.no);
  const missed = state.log.filter((e) => e.no > after);
  if (req.headers.accept === 'application/json') {
    return json({ items: missed, next: String(missed.at(-1)?.no ?? Math.max(after, 0)) });
  }
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write(`event: hello\ndata: {"no":${state.no}}\n\n`);
  for (const ev of missed) res.write(`id: ${ev.no}\ndata: ${JSON.stringify(ev)}\n\n`);
  state.open.add(res);
  res.on('close', () => state.open.delete(res));
}

function conversation(req, [, id, rest = ''], body, state, say, { json, fail, list }) {
  const c = state.conversations.find((x) => x.id === id);
  if (!c) return fail(404, 'not_found');
  const changed = (part) => {
    Object.assign(c, part, { version: c.version + 1 });
    say({ kind: 'conversation.changed', conversation_id: id, conversation: c });
    json(c);
  };
  const messages = state.messages[id] ?? [];
  const add = (more) => {
    const m = {
      ...data.messages[7],
      id: `n${messages.length}-${id}`,
      conversation_id: id,
      seq: (messages.at(-1)?.seq ?? 0) + 1,
      status: 'sent',
      at: new Date().toISOString(),
      ...more,
    };
    messages.push(m);
    state.messages[id] = messages;
    state.sent.push({ key: req.headers['idempotency-key'], body: m.body, kind: m.kind });
    c.unread = 0;
    say({ kind: 'message.new', conversation_id: id, message: m, conversation: c });
    json(m, 201);
  };
  if (rest === '') return json(c);
  if (rest === 'messages' && req.method === 'GET') return list([...messages].reverse());
  if (rest === 'messages') {
    if (body.kind !== 'note') c.owner = { kind: 'member', id: '1', name: 'Selin Koç' };
    if (body.close) c.state = 'closed';
    return add({
      body: body.body,
      kind: body.kind ?? 'text',
      direction: body.kind === 'note' ? 'none' : 'out',
    });
  }
  if (rest === 'drafts') return req.method === 'GET' ? list(state.drafts[id] ?? []) : json(undefined, 202);
  if (/^drafts\/\w+\/send$/.test(rest)) {
    const [d] = state.drafts[id] ?? [];
    state.drafts[id] = [];
    c.needs = [];
    if (body.close) c.state = 'closed';
    return add({ body: body.body ?? d.body });
  }
  if (rest.startsWith('drafts/')) {
    state.drafts[id] = [];
    c.needs = c.needs.filter((n) => n !== 'draft_ready');
    say({ kind: 'draft.gone', conversation_id: id, conversation: c });
    return json(undefined, 204);
  }
  if (rest === 'take-over')
    return changed({ owner: { kind: 'member', id: '1', name: 'Selin Koç' }, hand_over: null });
  if (rest === 'hand-back') return changed({ owner: { kind: 'ai', id: '', name: '' } });
  if (rest === 'ai') return changed(body);
  if (rest === 'assign') {
    const m = data.members.find((x) => x.id === body.member_id);
    return changed({
      owner: m ? { kind: 'member', id: m.id, name: m.name } : { kind: 'nobody', id: '', name: '' },
    });
  }
  if (rest === 'close') return changed({ state: 'closed' });
  if (rest === 'reopen') return changed({ state: 'open' });
  if (rest === 'snooze') return changed({ state: 'snoozed', snoozed_until: body.until });
  if (rest === 'labels') return changed({ labels: body.labels });
  if (rest === 'unread') return changed({ unread: 1 });
  if (rest === 'read') {
    c.unread = 0;
    return json(undefined, 204);
  }
  return json(undefined, 204);
}

if (process.argv[1] === import.meta.filename) {
  const { url } = await start({ port: Number(process.env.PORT ?? 5179) });
  console.log(url);
}
