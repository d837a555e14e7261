// One of every kind of message that a channel may deliver, for pictures and tests.
import { ago, conversation, message } from './fixtures.mjs';

const id = '120';
const person = { kind: 'contact', id: 'c120', name: 'Elif Yıldız' };
const selin = { kind: 'member', id: '1', name: 'Selin Koç' };
const extra = (more) => ({
  what: '',
  location: null,
  cards: [],
  order: null,
  story: '',
  links: [],
  referral: null,
  form: null,
  forwarded: false,
  fault: '',
  ...more,
});
const file = (n, kind, more = {}) => ({
  id: `f${n}`,
  kind,
  role: '',
  state: 'ready',
  mime: '',
  name: '',
  size: 184_000,
  url: `/api/v1/media/${kind === 'image' || kind === 'sticker' ? 'picture' : 'none'}-${n}`,
  ...more,
});
const said = (minutes, kind, body, more = {}) =>
  message(minutes, person, body, { conversation_id: id, kind, provider_id: `p${minutes}`, ...more });
const sent = (minutes, status, body, more = {}) =>
  message(minutes, selin, body, { conversation_id: id, status, provider_id: `p${minutes}`, ...more });

export const kinds = conversation('Elif Yıldız', 1, 'Picture', {
  id,
  contact: {
    id: 'c120',
    name: 'Elif Yıldız',
    email: '',
    phone: '+90 555 010 20 30',
    language: 'tr',
    anonymous: false,
  },
  channel: { id: '71', kind: 'whatsapp', name: 'Northwind WhatsApp' },
  owner: { kind: 'member', id: '1', name: 'Selin Koç' },
  window_until: ago(-200),
  skills: {
    text_limit: 4096,
    text_unit: 'characters',
    receipts: true,
    buttons: true,
    typing: true,
    reply_to: true,
    caption: 1024,
    files: [
      { kind: 'image', types: ['image/jpeg', 'image/png'], max: 5_000_000, mute: false },
      { kind: 'file', types: ['application/pdf'], max: 100_000_000, mute: false },
    ],
    templates: false,
  },
});

export const everyKind = [
  said(90, 'text', 'Hello! Is this still available?', {
    extra: extra({
      referral: {
        source: 'ad',
        title: 'Autumn coats, 20 % off',
        ad: '6300',
        url: 'https://shop.example.com/autumn',
      },
    }),
    attachments: [file(1, 'image', { role: 'ad', width: 300, height: 300 })],
  }),
  said(88, 'story_reply', 'Love this colour', {
    extra: extra({ story: 'reply' }),
    attachments: [file(2, 'image', { role: 'story', width: 540, height: 960 })],
    edited: true,
    reactions: [{ by: 'member', emoji: '❤️', name: 'love' }],
  }),
  said(86, 'image', 'Does it fit me like this?', {
    attachments: [
      file(3, 'image', { width: 900, height: 1200, name: 'IMG_2031.jpg' }),
      file(4, 'image', { width: 1200, height: 900, name: 'IMG_2032.jpg' }),
      file(5, 'image', { state: 'waiting', width: 900, height: 1200, url: '' }),
    ],
  }),
  sent(85, 'read', 'It does. Is this your size chart?', {
    reply_to: 'x',
    quote: {
      id: 'm1',
      author_kind: 'contact',
      author_name: 'Elif Yıldız',
      text: 'Hello! Is this still available?',
    },
    reactions: [{ by: 'contact', emoji: '👍', name: 'like' }],
  }),
  said(80, 'audio', '', {
    attachments: [file(6, 'audio', { voice: true, mime: 'audio/ogg' })],
    fallback: 'Voice message',
  }),
  said(79, 'video', '', {
    attachments: [file(7, 'video', { width: 640, height: 360, mime: 'video/mp4' })],
    fallback: 'Video',
  }),
  said(78, 'file', '', {
    attachments: [
      file(8, 'file', { name: 'Measurements and delivery address of the whole family.pdf', size: 2_340_000 }),
      file(9, 'image', {
        state: 'failed',
        url: '',
        words: 'The file is no longer at Meta: its link had ended.',
      }),
      file(10, 'file', { state: 'gone', url: '' }),
    ],
    fallback: 'File',
  }),
  said(77, 'sticker', '', {
    attachments: [file(11, 'sticker', { width: 512, height: 512 })],
    fallback: 'Sticker',
  }),
  said(70, 'location', '', {
    fallback: 'Location',
    extra: extra({
      location: {
        latitude: 41.0367,
        longitude: 28.985,
        name: 'Galata Kulesi',
        address: 'Bereketzade, 34421 Beyoğlu/İstanbul',
      },
    }),
  }),
  said(69, 'contacts', '', {
    fallback: 'Contact card',
    extra: extra({
      cards: [
        {
          name: 'Mert Yıldız',
          org: 'Yıldız Tekstil',
          phones: ['+90 555 000 11 22'],
          emails: ['mert@example.com'],
          own: false,
        },
      ],
    }),
  }),
  said(68, 'order', 'Please wrap it as a gift.', {
    fallback: 'Order',
    extra: extra({
      order: {
        items: [
          { product: 'wool-coat-blue-L', quantity: 1, price: '2499.90', currency: 'TRY' },
          { product: 'scarf-48', quantity: 2, price: '349.00', currency: 'TRY' },
        ],
        total: '3197.90',
        currency: 'TRY',
      },
    }),
  }),
  said(67, 'share', '', {
    fallback: 'Shared post or link',
    extra: extra({
      links: [{ kind: 'reel', url: 'https://www.example.com/reel/1', title: 'How to wear a scarf' }],
    }),
  }),
  said(66, 'form', '', {
    fallback: 'Form filled in',
    extra: extra({
      form: {
        name: 'Appointment',
        answers: [
          { name: 'day', value: 'Saturday' },
          { name: 'full_name', value: 'Elif Yıldız' },
        ],
      },
    }),
  }),
  said(65, 'choice', 'Larger size', { buttons: [{ id: 'b', label: 'Larger size' }] }),
  said(64, 'text', 'See what my sister wrote', { extra: extra({ forwarded: true }) }),
  said(63, 'disappeared', '', {
    fallback: 'Disappearing photo or video, which the channel does not hand over',
  }),
  said(62, 'unsupported', '', {
    fallback: 'A message the channel does not hand over',
    extra: extra({ fault: 'The channel has no messages of this kind.' }),
  }),
  said(61, 'unknown', '', {
    fallback: 'A message of a kind Parley does not know yet',
    extra: extra({ what: 'hologram' }),
  }),
  said(60, 'text', '', { deleted: true }),
  message(50, { kind: 'member', id: '', name: 'Northwind WhatsApp' }, 'I am on my way to the shop.', {
    conversation_id: id,
    echo: 'elsewhere',
    status: 'delivered',
  }),
  message(49, { kind: 'system', id: '', name: '263902037430900' }, 'Thanks, we read every message.', {
    conversation_id: id,
    echo: 'program',
    status: 'sent',
  }),
  sent(40, 'delivered', 'Dear Elif, your order 48213 is ready in the shop.', {
    kind: 'template',
    fallback: 'Template',
  }),
  sent(30, 'unknown', 'We keep it for you until Saturday.'),
  sent(20, 'failed', 'Would you like a larger one?', {
    error: {
      code: 'window_closed',
      again: false,
      text: 'More than 24 hours have passed since the person last wrote, so the channel takes no free message now. You can answer when they write again; on WhatsApp you can send an approved template.',
    },
  }),
  sent(19, 'failed', 'One moment.', {
    error: { code: 'unreachable', again: true, text: 'Meta could not be reached. Parley tries again.' },
  }),
];

everyKind.find((m) => m.quote).quote.id = everyKind[0].id;

export const savedReplies = [
  [
    'Opening hours',
    'Hello {{contact.name}}, we are open from 9 to 19, on Sundays from 11. {{business}}',
    { language: 'en' },
  ],
  [
    'Kargo süresi',
    'Merhaba {{contact.name}}, siparişler bir iş gününde çıkar, 2-3 günde ulaşır.',
    { language: 'tr', label: 'kargo' },
  ],
  [
    'Thanks and goodbye',
    'Thank you, {{contact.name}}. Have a good day! {{member.name}}',
    { close: true, label: 'done' },
  ],
].map(([name, body, more], n) => ({
  id: String(700 + n),
  name,
  body,
  language: '',
  label: '',
  close: false,
  created_at: ago(5000),
  updated_at: ago(4000),
  ...more,
}));

/** A made-up picture of a coat. */
export function picture(name) {
  const hue = [...name].reduce((sum, c) => sum + c.charCodeAt(0) * 37, 0) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90" preserveAspectRatio="xMidYMid slice"><rect width="90" height="90" fill="hsl(${hue} 35% 78%)"/><path d="M30 25l15-8 15 8 10 45H20z" fill="hsl(${hue} 45% 40%)"/><path d="M45 17v53" stroke="#fff" stroke-width="1.5"/></svg>`;
}

/** Two seconds of nothing. */
export function silence() {
  const rate = 8000;
  const wav = Buffer.alloc(44 + 2 * rate, 128);
  wav.write('RIFF');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * rate, 40);
  return wav;
}
