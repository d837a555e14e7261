// Made-up data in the shape of the JSON contract, for screenshots and browser tests.
const now = Date.now();
export const ago = (minutes) => new Date(now - minutes * 60_000).toISOString();

export const me = {
  member: { id: '1', name: 'Selin Koç', email: 'selin@northwind.example', role: 'owner', locale: 'en' },
  workspace: { id: '7', name: 'Northwind Goods', locale: 'en', languages: ['en', 'tr'] },
  permissions: [
    'case.read',
    'case.write',
    'workspace.read',
    'conversation.read',
    'conversation.reply',
    'contact.read',
    'contact.write',
    'contact.erase',
    'knowledge.read',
    'knowledge.write',
    'channel.read',
    'channel.write',
    'member.read',
    'member.write',
    'admin.write',
    'key.write',
    'audit.read',
    'security.read',
    'report.read',
    'workspace.write',
  ],
  dev: false,
  step: '',
  expires_at: ago(-600),
  fresh_until: ago(-10),
};

const skills = {
  text_limit: 4000,
  text_unit: 'characters',
  receipts: true,
  buttons: true,
  typing: true,
  reply_to: false,
  caption: 0,
  files: [],
  templates: false,
};
const channel = { id: '70', kind: 'widget', name: 'Website chat' };

let count = 100;
export function conversation(name, minutes, preview, more = {}) {
  const id = String(count++);
  return {
    id,
    contact: { id: `c${id}`, name, email: '', phone: '', language: 'en', anonymous: !name },
    channel,
    subject: '',
    preview: { text: preview, direction: 'in', author_kind: 'contact', at: ago(minutes) },
    state: 'open',
    snoozed_until: null,
    owner: { kind: 'nobody', id: '', name: '' },
    mode: 'draft',
    paused: false,
    needs: [],
    hand_over: null,
    unread: 0,
    labels: [],
    language: 'en',
    window_until: null,
    member_until: null,
    version: 1,
    created_at: ago(minutes + 30),
    updated_at: ago(minutes),
    erase_at: null,
    skills,
    ...more,
  };
}

const over = (reason, minutes) => ({ needs: ['handed_over'], hand_over: { reason, at: ago(minutes) } });
const mine = { owner: { kind: 'member', id: '1', name: 'Selin Koç' } };
const ai = { owner: { kind: 'ai', id: '', name: '' }, mode: 'autopilot' };

export const conversations = [
  conversation('Ayşe Demir', 2, 'Kargo ücretini ben mi ödeyeceğim?', {
    subject: 'Return for order 48213',
    needs: ['draft_ready'],
    unread: 2,
    language: 'tr',
    labels: ['returns'],
    contact: {
      id: 'c1',
      name: 'Ayşe Demir',
      email: 'ayse@example.com',
      phone: '+90 532 000 41 07',
      language: 'tr',
      anonymous: false,
    },
  }),
  conversation('Marcus Chen', 6, "We'd like to start next month. Can someone call me?", {
    subject: 'Pricing for 20 seats',
    unread: 1,
    ...over('asked_for_person', 6),
  }),
  conversation('Sofia Rossi', 14, 'Please resend with IT 0348 1290 …', {
    subject: 'Invoice missing VAT number',
    needs: ['draft_ready'],
  }),
  conversation('Jonas Weber', 21, 'There are two payments on my card from Monday.', {
    subject: 'Charged twice',
    unread: 1,
    ...over('topic', 21),
  }),
  conversation('Deniz Arslan', 38, 'Mavi renk, L beden için soruyorum.', {
    subject: 'Ürün stokta ne zaman olur?',
    ...over('low_confidence', 38),
  }),
  conversation('Priya Nair', 64, 'I have raised it to 600 per minute.', {
    ...mine,
    needs: ['failed_send'],
    preview: {
      text: 'I have raised it to 600 per minute.',
      direction: 'out',
      author_kind: 'member',
      at: ago(64),
    },
  }),
  conversation('', 130, 'هل يمكنني إرجاع المعطف؟', {
    ...over('no_answer', 130),
    language: 'ar',
    erase_at: ago(-22 * 60),
  }),
  conversation('Tom Okafor', 150, 'It works now, thank you!', { ...mine }),
  conversation('Lena Fischer', 12, 'Which size fits 182 cm?', { ...ai }),
  conversation('', 33, 'Do you ship to Norway?', {
    ...ai,
    preview: { text: 'Yes, shipping to Norway is €12.90.', direction: 'out', author_kind: 'ai', at: ago(33) },
  }),
  conversation('Emre Kaya', 400, 'Teşekkürler', { state: 'closed' }),
  conversation('Ida Berg', 500, 'I will send the photo tomorrow.', {
    state: 'snoozed',
    snoozed_until: ago(-900),
  }),
];

/** Many rows, for tests of the list. */
export function many(n) {
  return Array.from({ length: n }, (_, i) =>
    conversation(`Visitor ${i + 1}`, 5 + i, `Message number ${i + 1}`, {
      needs: i % 3 === 0 ? ['draft_ready'] : ['unanswered'],
      subject: i % 5 === 0 ? `Subject ${i + 1}` : '',
    }),
  );
}

const policy = {
  n: 1,
  source_id: '900',
  passage_id: '9001',
  name: 'Returns policy',
  heading: 'How to return',
  url: 'https://shop.example.com/returns',
  quote: 'Clothing can be returned within 14 days of delivery. Return shipping is free inside Türkiye.',
};

let seq = 0;
export function message(minutes, author, body, more = {}) {
  seq++;
  return {
    id: `m${seq}`,
    conversation_id: '100',
    seq,
    place: seq * 2 ** 20,
    direction: author.kind === 'contact' ? 'in' : 'out',
    author,
    kind: 'text',
    body,
    attachments: [],
    buttons: [],
    reply_to: '',
    status: author.kind === 'contact' ? 'delivered' : 'read',
    error: null,
    provider_id: '',
    sent_at: ago(minutes),
    received_at: null,
    at: ago(minutes),
    ai: null,
    event: null,
    deleted: false,
    quote: null,
    fallback: '',
    edited: false,
    reactions: [],
    extra: null,
    echo: '',
    ...more,
  };
}

const ayse = { kind: 'contact', id: 'c1', name: 'Ayşe Demir' };
const bot = { kind: 'ai', id: '', name: '' };
const selin = { kind: 'member', id: '1', name: 'Selin Koç' };
const emre = { kind: 'member', id: '2', name: 'Emre Aydın' };
const happened = (minutes, kind, who, reason) =>
  message(minutes, who, '', { direction: 'none', kind: 'event', event: { kind, reason } });

export const messages = [
  message(1500, ayse, 'Merhaba, siparişim ne zaman gelir?'),
  message(1499, bot, 'Orders leave our warehouse within one working day and arrive in 2 to 3 days.', {
    ai: {
      run_id: 'r1',
      disclosed: true,
      decision: 'answer',
      sources: [{ ...policy, name: 'Shipping', heading: 'Times' }],
    },
  }),
  message(192, ayse, 'Hello, the coat I ordered is too small. I would like to return it.'),
  message(
    192,
    bot,
    'Hi, that is no problem. A coat can be returned within 14 days of delivery.[1] Would you like a refund or a larger size?',
    {
      ai: { run_id: 'r2', disclosed: true, decision: 'answer', sources: [policy] },
      buttons: [
        { id: 'a', label: 'Refund' },
        { id: 'b', label: 'Larger size' },
      ],
    },
  ),
  message(189, ayse, 'A refund please. Do I have to pay for shipping?'),
  happened(189, 'hand_over', bot, 'topic'),
  happened(186, 'take_over', selin),
  message(
    185,
    selin,
    'One moment please, I am looking at your order: https://shop.example.com/orders/48213.',
  ),
  message(184, emre, 'Size chart on the product page was wrong that week. Free return is fine.', {
    kind: 'note',
    direction: 'none',
  }),
  happened(100, 'hand_back', selin),
  message(4, ayse, 'Kargo ücretini ben mi ödeyeceğim?'),
];

export const failed = message(64, selin, 'I have raised it to 600 per minute.', {
  conversation_id: '105',
  status: 'failed',
  error: { code: 'no_address', text: 'The visitor has left and the chat was erased.', again: false },
});

export const draft = {
  id: 'd1',
  conversation_id: '100',
  body: 'Merhaba Ayşe Hanım, hayır, kargo ücreti ödemeniz gerekmiyor.[1] İade etiketini gönderiyorum; ürün bize ulaştıktan sonra ücretiniz 3 iş günü içinde kartınıza yatar.[2]',
  language: 'tr',
  confidence: 'high',
  decision: 'answer',
  run_id: 'r3',
  sources: [
    policy,
    { ...policy, n: 2, passage_id: '9002', name: 'Refunds', heading: 'When the money arrives' },
  ],
  at: ago(1),
};

export const contact = {
  ...conversations[0].contact,
  created_at: ago(60 * 24 * 40),
  identities: [{ channel_kind: 'widget', channel_name: 'Website chat' }],
  merged: [],
  conversations: [
    { id: '100', subject: 'Return for order 48213', state: 'open', updated_at: ago(2) },
    { id: '110', subject: 'Delivery date change', state: 'closed', updated_at: ago(60 * 24 * 12) },
    { id: '111', subject: 'Gift wrap question', state: 'closed', updated_at: ago(60 * 24 * 60) },
  ],
  session: {
    browser: 'Safari 19',
    os: 'iOS 19',
    device: 'mobile',
    page_url: 'https://shop.example.com/coats/wool-blue',
    referrer: 'https://search.example.org/',
    locale: 'tr-TR',
    started_at: ago(18),
    last_seen_at: ago(1),
    seconds: 1020,
  },
};

export const answer = {
  decision: 'answer',
  language: 'en',
  answer: 'Clothing can be returned within 14 days of delivery. Return shipping is free inside Türkiye.[1]',
  reason: '',
  passages: [
    { ...policy, score: 0.91 },
    { ...policy, n: 2, passage_id: '9002', heading: 'When the money arrives', score: 0.64 },
  ],
  suggestions: [],
  checks: [
    { name: 'found', ok: true, value: 2, limit: 1 },
    { name: 'confidence', ok: true, value: 0.91, limit: 0.7 },
    { name: 'coverage', ok: true, value: 0.62, limit: 0.25 },
    { name: 'number', ok: true, value: 0, limit: 0 },
  ],
  ms: 3.4,
};

export const widget = {
  id: '70',
  kind: 'widget',
  name: 'Website chat',
  state: 'active',
  mode: '',
  paused: false,
  last_event_at: ago(2),
  connected_at: ago(60 * 24 * 90),
  token_until: null,
  notice: { code: '', level: '', text: '' },
  details: null,
  snippet:
    '<script async src="https://parley.example.com/widget.js" data-key="pk_3f9c" data-consent="required"></script>',
  settings: {
    key: 'pk_3f9c',
    domains: ['https://shop.example.com', 'https://*.example.org'],
    consent: 'required',
    erase_after_hours: 24,
    locale_default: 'auto',
    position: 'end',
    brand_colour: '#0f5c55',
    title: { en: 'Northwind Goods', tr: 'Northwind' },
    greeting: { en: 'Hello. What can we help you with?', tr: 'Merhaba. Size nasıl yardımcı olabiliriz?' },
    prompt: { en: 'Ask about orders, sizes or returns.', tr: 'Sipariş, beden ya da iade hakkında sorun.' },
    ask_name: true,
    ask_email: false,
  },
};

export const members = [
  {
    id: '1',
    name: 'Selin Koç',
    email: 'selin@northwind.example',
    role: 'owner',
    state: 'active',
    last_seen_at: ago(1),
  },
  {
    id: '2',
    name: 'Emre Aydın',
    email: 'emre@northwind.example',
    role: 'agent',
    state: 'active',
    last_seen_at: ago(90),
  },
  {
    id: '3',
    name: 'Ingrid Solberg',
    email: 'ingrid@northwind.example',
    role: 'agent',
    state: 'active',
    last_seen_at: null,
  },
];

export const key = (id, name, role, more) => ({
  ...{ id, name, role, scopes: [], created_by: '1', created_at: ago(60 * 24 * 80), expired: false },
  ...{ expires_at: ago(-60 * 24 * 200), last_used_at: ago(12) },
  ...more,
});

export const keys = [
  key('11', 'Order system', 'agent', { scopes: ['conversation.read', 'contact.read'] }),
  key('12', 'Reports', 'analyst', { last_used_at: null, expires_at: ago(-60 * 24 * 9) }),
  key('10', 'Old shop', 'admin', { last_used_at: ago(60 * 24 * 30), expires_at: ago(60), expired: true }),
];

export const audit = [
  { no: 3, at: ago(30), actor: 'Selin Koç', action: 'key.create', object: 'key 12', reason: '' },
  { no: 2, at: ago(190), actor: 'Selin Koç', action: 'channel.change', object: 'channel 70', reason: '' },
  {
    no: 1,
    at: ago(60 * 24),
    actor: 'parley user add',
    action: 'member.create',
    object: 'member 2',
    reason: 'first colleague',
  },
];

export const devices = [
  {
    id: 'd1',
    device: 'Firefox on Linux',
    network: '203.0.113.0/24',
    place: 'Izmir, Türkiye',
    created_at: ago(90),
    last_seen_at: ago(0),
    current: true,
  },
  {
    id: 'd2',
    device: 'Safari on iOS',
    network: '2001:db8:77::/48',
    place: '',
    created_at: ago(60 * 30),
    last_seen_at: ago(140),
    current: false,
  },
];

export const holdings = {
  conversations: 3,
  messages: 41,
  drafts: 1,
  identities: 2,
  ai_runs: 12,
  visits: 4,
  files: 2,
  unanswered_questions: 1,
  phrasings: 0,
};

export const content = {
  faq: {
    pairs: [
      {
        question: 'Can I return a coat?',
        answer: 'Yes, within 14 days.',
        alternatives: ['Return a jacket?'],
      },
      { question: 'Do you ship to Izmir?', answer: 'Yes, in two days.' },
    ],
    text: '',
  },
  text: { pairs: [], text: '# Returns\n\nA coat can be returned within 14 days.' },
};
