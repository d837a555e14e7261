// What an operator holds, what members are asked to agree to, and what is weak: made-up data.
import * as data from './fixtures.mjs';

const workspace = (id, name, more) => ({
  ...{
    id,
    name,
    created_at: data.ago(60 * 24 * 200),
    suspended: false,
    closed: false,
    ending: false,
    own: false,
  },
  ...{ members: 6, channels: 3, conversations: 4180, open_appeals: 0 },
  ...more,
});

const appeals = [
  {
    id: 'ap2',
    text: 'All of them wrote to us first; the list of their messages is with our letter.',
    sent_at: data.ago(60 * 3),
    state: 'open',
    answer: '',
    decided_at: null,
  },
  {
    id: 'ap1',
    text: 'We did not send these messages.',
    sent_at: data.ago(60 * 30),
    state: 'refused',
    answer: 'They were sent with your own key.',
    decided_at: data.ago(60 * 28),
  },
];

const reason = 'More than 900 people who never wrote to you were sent the same offer on 18 November.';

const texts = {
  en: 'I use Parley for a business, not for private purposes, and I am 18 or older.',
  tr: 'Parley’i özel amaçlarla değil bir işletme için kullanıyorum ve 18 yaşında ya da daha büyüğüm.',
};

const privacy = {
  en: 'I know what is kept about me as a member: my name and e-mail address, how and when I sign in, and what I do, in a record for 24 months. What I write to customers belongs to the business. When I leave, what is about me alone is destroyed.',
  tr: 'Üye olarak hakkımda neyin saklandığını biliyorum: adım ve e-posta adresim, nasıl ve ne zaman giriş yaptığım ve ne yaptığım (24 ay süren bir kayıtta). Müşterilere yazdıklarım işletmeye aittir. Ayrıldığımda yalnız benimle ilgili olanlar yok edilir.',
};

/** What somebody agrees to before they are a member. */
export const asks = (lang) => [
  { what: 'age_business', version: '2026-11-22', text: texts[lang] },
  { what: 'privacy', version: '2026-11-22', text: privacy[lang] },
];

/** Answers what is asked about standing; false where it is something else. */
export function standingRoute(state, route, path, body, { json, list, lang }) {
  const d = state.doors;
  if (route === 'GET /suspension') {
    return json({
      suspended: d.suspended,
      reason,
      since: data.ago(60 * 40),
      may_appeal: !d.appealed,
      appeals: d.appealed ? appeals : appeals.slice(1),
    });
  }
  if (route === 'GET /workspace/closing' || path.startsWith('/workspace/closing')) {
    if (path.endsWith('/reopen')) d.closed = 0;
    const tr = lang === 'tr';
    const closed = d.closed ? data.ago(d.closed) : null;
    const later = (days) => new Date(Date.parse(closed) + days * 864e5).toISOString();
    return json({
      closed: Boolean(closed),
      closed_at: closed,
      recover_until: closed ? later(29) : null,
      ends_by: closed ? later(30) : null,
      may_reopen: Boolean(closed) && !d.operator && d.closed < 29 * 1440,
      certificate: closed
        ? 'https://parley.northwind.example/privacy/ended/Q0hJUk9OLXRoZS1jb2RlLW9mLXRoZS1jZXJ0aWZpY2F0ZQ'
        : '',
      goes: [
        { name: 'members', count: 6, words: tr ? 'Üyeler: 6' : 'Members: 6' },
        { name: 'contacts', count: 2140, words: tr ? 'Kişiler: 2140' : 'Contacts: 2140' },
        { name: 'conversations', count: 4180, words: tr ? 'Konuşmalar: 4180' : 'Conversations: 4180' },
        { name: 'messages', count: 51022, words: tr ? 'Mesajlar: 51022' : 'Messages: 51022' },
        { name: 'files', count: 903, words: tr ? 'Dosyalar: 903' : 'Files: 903' },
        { name: 'sources', count: 14, words: tr ? 'Bilgi kaynakları: 14' : 'Sources of knowledge: 14' },
      ],
      held: 2,
    });
  }
  if (route === 'GET /instance/workspaces') {
    return list([
      workspace('1', 'Instance', { own: true, members: 1, channels: 0, conversations: 0 }),
      workspace('2', 'Northwind Goods', {}),
      workspace('3', 'Bargain Bazaar', { suspended: true, open_appeals: 1 }),
      workspace('4', 'Harbour Books', { closed: true }),
      workspace('5', 'Old Mill', { closed: true, ending: true, members: 0, channels: 1, conversations: 2 }),
    ]);
  }
  if (path.startsWith('/instance/workspaces/')) {
    const held = path.includes('/3/') && !body.granted;
    const past = { reason, begun_at: data.ago(60 * 40), lifted_at: null, lifted_why: '' };
    return json({
      ...workspace('3', 'Bargain Bazaar', { suspended: held }),
      suspensions: path.includes('/3/') ? [past] : [],
      appeals: path.includes('/3/') ? appeals : [],
    });
  }
  if (route === 'GET /acknowledgements') {
    const open = d.acknowledge.map((what) => ({ what, version: '2026-11-22', text: texts[lang] }));
    return json({ open, given: [] });
  }
  if (route === 'POST /acknowledgements') {
    d.acknowledge = d.acknowledge.filter((x) => x !== body.what);
    return json(undefined, 204);
  }
  if (route === 'GET /security') {
    const key = (id, name) => ({ id, name });
    return json({
      https: true,
      mail: false,
      owners: 1,
      members: 5,
      no_second_factor: [key('4', 'Emre Aydın'), key('5', 'Deniz Kaya')],
      idle: [key('4', 'Emre Aydın')],
      widgets: [{ id: '70', name: 'Northwind shop', domain: 'https://*' }],
      keys: {
        count: 4,
        unused: [key('1', 'Old warehouse')],
        expiring: [],
        expired: [],
        wide: [key('2', 'Nightly export'), key('3', 'Order desk')],
      },
    });
  }
  return false;
}
