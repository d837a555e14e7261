// A stand-in for the server's five entries of the website chat (config, frame,
// session, stream, post), for the browser tests only. It answers in the words
// of internal/api/widget*.go and can be told to misbehave.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const dist = process.env.WIDGET_DIST ?? join(import.meta.dirname, '../../dist/w');
const kinds = { '.js': 'text/javascript', '.css': 'text/css' };

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

async function bodyOf(req) {
  let text = '';
  for await (const chunk of req) text += chunk;
  return JSON.parse(text || '{}');
}

export class World {
  settings = {
    consent: 'ask',
    brand_colour: '#0f5c55',
    position: 'end',
    locale: '',
    greeting: {},
    prompt: { en: 'Ask about orders, sizes or returns.', tr: 'Sipariş, beden ve iadeleri sorabilirsiniz.' },
    ask_name: false,
    ask_email: false,
    privacy_url: '/w/pk_test/privacy',
  };
  owner = { kind: 'ai', name: '' };
  state = 'none';
  messages = [];
  events = []; // { no, event, data }
  no = 0;
  consents = [];
  receipts = [];
  typings = [];
  profiles = [];
  sessions = [];
  requests = []; // method and path of everything asked for
  down = false; // every post fails as if the network were gone
  noStreams = false; // a proxy that never lets a stream through
  blocked = false; // frame-ancestors names somebody else
  tokens = new Map(); // token → visitor
  visits = 0;
  streams = new Set();
  waiting = new Set();
  shut = false; // the operator suspended the business
  slow = 0; // milliseconds before the frame's page comes
  expired = false; // no boot token is good
  dropped = 0; // answers of posts to lose after the work is done
  reply = undefined; // called with each new message of the visitor

  emit(event, data, numbered = true) {
    const e = { event, data, id: numbered ? String(++this.no) : '' };
    if (numbered) this.events.push(e);
    for (const res of this.streams) this.write(res, e);
    for (const wake of this.waiting) wake();
  }

  write(res, e) {
    res.write(`${e.id ? `id: ${e.id}\n` : ''}event: ${e.event}\ndata: ${JSON.stringify(e.data)}\n\n`);
  }

  /** Adds a message or event line and tells the streams. */
  add(part) {
    const m = {
      id: String(7000 + this.messages.length),
      seq: this.messages.length + 1,
      direction: 'out',
      author: { kind: 'ai', name: '' },
      body: '',
      at: new Date().toISOString(),
      status: 'sent',
      buttons: [],
      ...part,
    };
    if (m.author.kind === 'ai') m.ai = { label: true, sources: part.sources ?? [] };
    delete m.sources;
    this.messages.push(m);
    this.emit('message', m);
    return m;
  }

  change(m, part) {
    Object.assign(m, part);
    this.emit('message', m);
  }

  event(kind, name = '') {
    this.add({ direction: 'none', author: { kind: 'system', name: '' }, event: { kind, name } });
  }

  hold(kind, name = '') {
    this.owner = { kind, name };
    this.emit('conversation', this.conversation());
  }

  conversation() {
    return { state: this.state, owner: this.owner, read: 0, erase_at: null };
  }

  typing(name, on) {
    this.emit('typing', { who: { kind: 'member', name }, on }, false);
  }

  /** Cuts every open stream, as a restart or a proxy does. */
  cut() {
    for (const res of this.streams) res.destroy();
    this.streams.clear();
  }
}

async function chat(world, req, res) {
  const url = new URL(req.url, 'http://x');
  world.requests.push(`${req.method} ${url.pathname}`);
  const json = (status, body) => {
    res.writeHead(status, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(body));
  };
  if (url.pathname === '/widget.js')
    return file(res, 'widget.js', { 'Cross-Origin-Resource-Policy': 'cross-origin' });
  if (url.pathname.startsWith('/w/assets/')) return file(res, url.pathname.slice(3), {});
  if (url.pathname === '/w/pk_test') {
    if (world.slow) await new Promise((resolve) => setTimeout(resolve, world.slow));
    return frame(world, req, res, url);
  }
  const path = /^\/api\/v1\/widget\/pk_test\/(\w+)$/.exec(url.pathname)?.[1];
  if (!path) return json(404, { code: 'no_such_page' });
  if (world.down) return req.socket.destroy();
  if (path === 'stream') return stream(world, req, res, url);
  const body = await bodyOf(req);
  if (path === 'session' && world.expired) return json(401, { code: 'visit_over' });
  if (path === 'session') return json(200, session(world, body));
  const visitor = world.tokens.get((req.headers.authorization ?? '').replace('Widget ', ''));
  if (!visitor) return json(401, { code: 'visit_over' });
  if (world.shut && (path === 'messages' || path === 'person')) return json(409, { code: 'chat_shut' });
  const answer = post(world, path, body);
  if (world.dropped > 0) {
    world.dropped--;
    return req.socket.destroy();
  }
  return json(path === 'messages' ? 201 : 200, answer);
}

function file(res, name, more) {
  const path = join(dist, name);
  if (!existsSync(path)) return res.writeHead(404).end();
  res.writeHead(200, {
    'Content-Type': kinds[extname(name)] ?? 'text/plain',
    'Access-Control-Allow-Origin': '*',
    ...more,
  });
  res.end(readFileSync(path));
}

function frame(world, req, res, url) {
  const origin = new URL(req.headers.referer ?? 'http://nobody.invalid').origin;
  const nonce = 'n0nce';
  const boot = {
    key: 'pk_test',
    boot_token: 'boot',
    origin,
    locale: url.searchParams.get('l') || world.settings.locale || 'en',
    name: 'Northwind Goods',
    title: {},
    erase_after_hours: 24,
    text_limit: 4000,
    dev: false,
    ...world.settings,
  };
  if (url.searchParams.get('l')) boot.locale = url.searchParams.get('l');
  const who = world.blocked ? 'https://somebody.else.example' : origin;
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${who}`,
  });
  const page = readFileSync(join(dist, 'chat.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce);
  res.end(page.replace('__BOOT__', () => JSON.stringify(boot).replaceAll('<', '\\u003c')));
}

function session(world, body) {
  world.sessions.push(body);
  const old = world.tokens.get(body.token);
  const visitor = old ?? `visitor-${++world.visits}`;
  const token = `token-${world.tokens.size + 1}`;
  world.tokens.set(token, visitor);
  const known = old !== undefined && world.messages.length > 0;
  return {
    token,
    visitor: { known },
    conversation: known ? world.conversation() : { state: 'none', owner: { kind: 'ai', name: '' }, read: 0 },
    messages: known ? world.messages : [],
    no: String(world.no),
    shut: world.shut,
  };
}

function post(world, path, body) {
  if (path === 'messages') {
    const old = world.messages.find((m) => m.client_id === body.client_id);
    if (old) return old;
    const part = {
      direction: 'in',
      author: { kind: 'contact', name: '' },
      client_id: body.client_id,
      body: body.body,
    };
    if (world.state === 'none' || world.state === 'closed') world.state = 'open';
    const m = world.add(part);
    world.emit('conversation', world.conversation());
    world.reply?.(m, body);
    return { ...m, id: '', seq: 0 };
  }
  if (path === 'receipts') world.receipts.push(body);
  if (path === 'typing') world.typings.push(body);
  if (path === 'profile') world.profiles.push(body);
  if (path === 'person') {
    world.state = 'open';
    world.event('hand_over');
    world.hold('nobody');
  }
  if (path === 'end') {
    world.state = 'closed';
    world.event('ended');
    world.emit('conversation', world.conversation());
  }
  if (path === 'consent') {
    world.consents.push(body);
    const token = `token-${world.tokens.size + 1}`;
    world.tokens.set(token, 'visitor-1');
    return { token };
  }
  return {};
}

async function stream(world, req, res, url) {
  const after = Number(url.searchParams.get('after'));
  if (!world.tokens.has((req.headers.authorization ?? '').replace('Widget ', ''))) {
    res.writeHead(401, { 'Content-Type': 'application/json' });
    return res.end('{"code":"visit_over"}');
  }
  const missed = () => world.events.filter((e) => Number(e.id) > after);
  if (url.searchParams.has('wait')) {
    if (!missed().length) {
      await new Promise((resolve) => {
        world.waiting.add(resolve);
        req.on('close', resolve);
      });
      world.waiting.clear();
    }
    const items = missed();
    res.writeHead(200, { 'Content-Type': 'application/json' });
    return res.end(JSON.stringify({ items, next: items.at(-1)?.id ?? '' }));
  }
  if (world.noStreams) return req.socket.destroy();
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write(': hello\n\n');
  for (const e of missed()) world.write(res, e);
  world.streams.add(res);
  req.on('close', () => world.streams.delete(res));
}

/** A page of somebody else, under a policy that allows one script and one frame and nothing more. */
function shop(place, req, res) {
  const { attributes = '', before = '', lang = 'en', csp } = place;
  const path = new URL(req.url, 'http://x').pathname;
  if (path !== '/') return res.writeHead(204).end();
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      csp ?? `default-src 'none'; script-src 'nonce-abc'; style-src 'none'; frame-src ${place.chat}`,
    'Referrer-Policy': 'no-referrer',
  });
  res.end(`<!doctype html><html lang="${lang}"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title></head><body><main><h1>Shop</h1><p>Coats and boots.</p><a href="#x">A link</a></main>
<script nonce="abc">window.parley=window.parley||function(){(parley.q=parley.q||[]).push(arguments)};${before}</script>
<script async src="${place.chat}/widget.js" data-key="pk_test" ${attributes} nonce="abc"></script></body></html>`);
}

/** Starts both: the chat's server and a foreign page that carries the widget. */
export async function start(place = {}) {
  const world = new World();
  const chatServer = createServer((req, res) => void chat(world, req, res).catch(() => res.destroy()));
  place.chat = `http://127.0.0.1:${await listen(chatServer)}`;
  const shopServer = createServer((req, res) => shop(place, req, res));
  const url = `http://localhost:${await listen(shopServer)}/`;
  return {
    world,
    url,
    place,
    chat: place.chat,
    stop() {
      world.cut();
      chatServer.closeAllConnections();
      shopServer.closeAllConnections();
      chatServer.close();
      shopServer.close();
    },
  };
}
