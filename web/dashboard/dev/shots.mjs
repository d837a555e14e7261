// Takes a picture of every screen, light and dark, wide and narrow, in both
// languages, runs axe on each, and lists what the browser complained about.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { doorScreens } from './doorshots.mjs';
import { start } from './server.mjs';

const out = join(import.meta.dirname, '../../test-shots');
mkdirSync(out, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const only = process.argv[2] ?? '';
/** `node shots.mjs PATTERN rtl`: the same from right to left, as Arabic would be. */
const rtl = process.argv[3] === 'rtl';

async function openPanel(p) {
  if ((p.viewportSize()?.width ?? 0) >= 1280) return;
  await p.getByRole('button', { name: /^(More|Diğer)$/ }).click();
  await p.getByRole('menuitem', { name: /Contact details|Kişi bilgileri/ }).click();
}

const twoAccounts = (s) => {
  const { settings: _, ...account } = s.channel;
  s.accounts.push({
    ...account,
    id: '71',
    kind: 'whatsapp',
    name: 'Northwind WhatsApp',
    mode: 'draft',
    settings: {},
  });
};

/** Scrolls the page beside the panel. */
const scrollPage = (p, by) =>
  p.getByRole('heading', { level: 1 }).evaluate((el, y) => el.closest('.overflow-auto').scrollTo(0, y), by);

async function tryIt(p, question) {
  if ((p.viewportSize()?.width ?? 0) < 1280) {
    await p
      .getByRole('button', { name: /^(Try it|Dene)$/ })
      .first()
      .click();
  }
  const field = p.getByPlaceholder(/Ask as a customer|Müşteri gibi/).last();
  await field.fill(question);
  await field.press('Enter');
}

/** Opens how long something is kept, and types days. */
const changeTerm = (name, days) => async (p) => {
  await p.getByRole('button', { name }).click();
  if (!days) return;
  const dialog = p.getByRole('dialog');
  await dialog.getByRole('radio').last().check();
  await dialog.getByRole('textbox').fill(days);
  await p.waitForTimeout(400);
};

const addKnowledge = (p) =>
  p
    .getByRole('button', { name: /Add knowledge|Bilgi ekle/ })
    .first()
    .click();

/** Of the draft, or of an answer that was sent. */
async function openWhy(p, sent = false) {
  const all = p.getByRole('button', { name: /Why this answer|Neden bu yanıt/ });
  const button = sent ? all.first() : all.last();
  await button.focus();
  await button.click();
  await p
    .getByRole('dialog')
    .getByText(/passages? found|bölüm bulundu/)
    .first()
    .waitFor();
}

/** Scrolls the log, and nothing around it. */
const toTop = (el) => {
  const box = el.closest('[role=log]');
  box.scrollTop += el.getBoundingClientRect().top - box.getBoundingClientRect().top - 60;
};

const screens = [
  ['inbox', '/inbox/needs_you/100', async () => {}],
  ['inbox-list', '/inbox/needs_you', async () => {}],
  ['inbox-held', '/inbox/mine/105', async () => {}],
  ['inbox-ai', '/inbox/ai/108', async () => {}],
  [
    'inbox-note',
    '/inbox/needs_you/100',
    async (p) => {
      await p.keyboard.press('n');
      await p.keyboard.type('Ask Emre about the size chart');
    },
  ],
  ['inbox-edit', '/inbox/needs_you/100', async (p) => p.keyboard.press('r')],
  ['inbox-source', '/inbox/needs_you/100', async (p) => p.getByText('Returns policy').last().click()],
  ['jump', '/inbox/mine/120', async (p) => p.getByRole('button', { name: /still available/ }).click()],
  ['kinds-end', '/inbox/mine/120', async () => {}],
  ['kinds-start', '/inbox/mine/120', async (p) => p.getByRole('log').evaluate((el) => el.scrollTo(0, 0))],
  ['kinds-middle', '/inbox/mine/120', async (p) => p.getByText('Galata Kulesi').evaluate(toTop)],
  ['kinds-late', '/inbox/mine/120', async (p) => p.getByText('Larger size').evaluate(toTop)],
  ['lightbox', '/inbox/mine/120', async (p) => p.getByRole('button', { name: /IMG_2031/ }).click()],
  [
    'attach',
    '/inbox/mine/120',
    async (p) => {
      await p.locator('input[type=file]').setInputFiles([
        {
          name: 'coat.png',
          mimeType: 'image/png',
          buffer: Buffer.from(
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
            'base64',
          ),
        },
        { name: 'Invoice 48213.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(240_000) },
        { name: 'holiday.heic', mimeType: 'image/heic', buffer: Buffer.alloc(10) },
      ]);
      await p.getByRole('textbox').last().fill('Here is the invoice.');
    },
  ],
  [
    'answering',
    '/inbox/mine/120',
    async (p) => {
      await p.getByText('See what my sister wrote').hover();
      await p
        .getByRole('button', { name: /Answer this message|Bu mesajı yanıtla/ })
        .last()
        .click();
    },
  ],
  [
    'window-closed',
    '/inbox/mine/120',
    async () => {},
    (s) => {
      s.conversations.at(-1).window_until = new Date(Date.now() - 3_600_000).toISOString();
    },
  ],
  [
    'window-person',
    '/inbox/mine/120',
    async () => {},
    (s) => {
      s.conversations.at(-1).window_until = new Date(Date.now() - 3_600_000).toISOString();
      s.conversations.at(-1).member_until = new Date(Date.now() + 86_400_000).toISOString();
    },
  ],
  ['saved-picker', '/inbox/mine/120', async (p) => p.keyboard.press('m')],
  ['settings-saved', '/settings/saved', async () => {}],
  [
    'saved-edit',
    '/settings/saved',
    async (p) => p.getByRole('button', { name: /^(Change|Değiştir): Thanks/ }).click(),
  ],
  ['palette', '/inbox/needs_you/100', async (p) => p.keyboard.press('Control+k')],
  ['shortcuts', '/inbox/needs_you/100', async (p) => p.keyboard.press('?')],
  ['snooze', '/inbox/needs_you/100', async (p) => p.keyboard.press('h')],
  [
    'selection',
    '/inbox/needs_you/101',
    async (p) => {
      await p.keyboard.press('x');
      await p.keyboard.press('Shift+J');
    },
  ],
  [
    'empty',
    '/inbox/waiting',
    async () => {},
    (s) => {
      s.conversations = s.conversations.filter((c) => c.preview.direction === 'in');
    },
  ],
  [
    'reconnect',
    '/inbox/needs_you/101',
    async (p, s) => {
      s.state.down = true;
      s.cut();
      await p.waitForTimeout(2600);
    },
  ],
  [
    'erase',
    '/inbox/needs_you/100',
    async (p) => {
      await openPanel(p);
      await p.getByRole('button', { name: /Erase this person|Bu kişiyi sil/ }).click();
      await p.getByRole('checkbox').waitFor();
    },
  ],
  [
    'delete-conversation',
    '/inbox/needs_you/100',
    async (p) => {
      await p.getByRole('button', { name: /^(More|Diğer)$/ }).click();
      await p.getByRole('menuitem', { name: /Delete conversation|Görüşmeyi sil/ }).click();
      await p.getByRole('checkbox').waitFor();
    },
  ],
  [
    'erased',
    '/inbox/needs_you/100',
    async (p) => {
      await openPanel(p);
      await p.getByRole('button', { name: /Erase this person|Bu kişiyi sil/ }).click();
      await p.getByRole('checkbox').check();
      await p.getByRole('button', { name: /Erase now|Şimdi sil/ }).click();
    },
  ],
  ['knowledge', '/knowledge', async () => {}],
  [
    'knowledge-none',
    '/knowledge',
    async () => {},
    (s) => {
      s.sources = [];
    },
  ],
  ['knowledge-add', '/knowledge', addKnowledge],
  ...[
    ['page', /Web page|Web sayfası/],
    ['site', /Whole website|Bütün web sitesi/],
    ['faq', /Questions and answers|Soru ve yanıtlar/],
    ['catalogue', /Price list|Fiyat listesi/],
    ['profile', /Business profile|İşletme profili/],
  ].map(([name, label]) => [
    `knowledge-add-${name}`,
    '/knowledge',
    async (p) => {
      await addKnowledge(p);
      await p.getByRole('dialog').getByRole('button', { name: label }).click();
    },
  ]),
  [
    'knowledge-add-file',
    '/knowledge',
    async (p) => {
      await addKnowledge(p);
      await p
        .getByRole('dialog')
        .locator('input[type=file]')
        .setInputFiles({
          name: 'Price_list 2026.xlsx',
          mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          buffer: Buffer.alloc(240_000),
        });
      await p
        .getByRole('dialog')
        .getByRole('button', { name: /Add knowledge|Bilgi ekle/ })
        .click();
      await p.getByText(/password only|parolayla/).waitFor();
    },
    (s) => {
      s.refuse = 'password';
    },
  ],
  ['knowledge-source', '/knowledge/900', async () => {}],
  [
    'knowledge-passage',
    '/knowledge/900',
    async (p) => p.getByRole('button', { name: /^(Edit|Düzenle): When the money/ }).click(),
  ],
  ['knowledge-reading', '/knowledge/906', async () => {}],
  ['knowledge-failed', '/knowledge/904', async () => {}],
  ['knowledge-site', '/knowledge/905', async () => {}],
  [
    'knowledge-pages',
    '/knowledge/905',
    async (p) => {
      await p.getByRole('tab', { name: /^(Pages|Sayfalar)$/ }).click();
      await scrollPage(p, 260);
    },
  ],
  ['knowledge-stale', '/knowledge/909', async () => {}],
  ['knowledge-items', '/knowledge/907', async () => {}],
  ['knowledge-gaps', '/knowledge/gaps', async () => {}],
  [
    'knowledge-answer',
    '/knowledge/gaps',
    async (p) =>
      p
        .getByRole('button', { name: /^(Answer it|Yanıtla)$/ })
        .first()
        .click(),
  ],
  ['knowledge-suggested', '/knowledge/suggested', async () => {}],
  [
    'knowledge-suggested-off',
    '/knowledge/suggested',
    async () => {},
    (s) => {
      s.suggesting = { on: false, asked: 0, of: 44, waiting: 0, sources: [] };
    },
  ],
  [
    'knowledge-suggested-fault',
    '/knowledge/suggested',
    async () => {},
    (s) => {
      s.suggesting = {
        fault: 'quota',
        next_at: new Date(Date.now() + 3_600_000).toISOString(),
        waiting: 0,
        sources: [],
      };
    },
  ],
  ['knowledge-findings', '/knowledge/findings', async () => {}],
  [
    'knowledge-findings-more',
    '/knowledge/findings',
    async (p) => {
      await scrollPage(p, 700);
    },
  ],
  [
    'knowledge-dismissed',
    '/knowledge/findings',
    async (p) => p.getByRole('radio', { name: /^(Dismissed|Kapatılanlar)$/ }).click(),
  ],
  [
    'knowledge-nothing-found',
    '/knowledge/findings',
    async () => {},
    (s) => {
      s.findings = [];
    },
  ],
  ['knowledge-synonyms', '/knowledge/synonyms', async () => {}],
  [
    'knowledge-edit',
    '/knowledge/908',
    async (p) => p.getByRole('button', { name: /^(Edit|Düzenle)$/ }).click(),
  ],
  [
    'knowledge-test',
    '/knowledge',
    async (p) => {
      if ((p.viewportSize()?.width ?? 0) < 1280)
        await p.getByRole('button', { name: /Test a question|Soru dene/ }).click();
      const field = p.getByPlaceholder(/Ask as a customer|Müşteri gibi/);
      await field.last().fill('Can I return a coat?');
      await field.last().press('Enter');
    },
  ],
  ['agent', '/ai', async () => {}, twoAccounts],
  ['agent-low', '/ai', async (p) => scrollPage(p, 900), twoAccounts],
  ['agent-end', '/ai', async (p) => scrollPage(p, 99_999), twoAccounts],
  [
    'agent-rule',
    '/ai',
    async (p) => p.getByRole('button', { name: /^(Change the rule|Kuralı değiştir): Northwind/ }).click(),
    twoAccounts,
  ],
  [
    'agent-topic',
    '/ai',
    async (p) => p.getByRole('button', { name: /^(Change|Değiştir): Wholesale/ }).click(),
  ],
  [
    'agent-unsaved',
    '/ai',
    async (p, site) => {
      await p
        .getByRole('radio', { name: /^(Off|Kapalı)$/ })
        .first()
        .click();
      site.state.agent.settings = {
        ...site.state.agent.settings,
        version: 13,
        confidence: 0.5,
        tone: 'formal',
      };
      await p.getByRole('slider').focus();
      await p.keyboard.press('ArrowRight');
      await p.getByRole('button', { name: /^(Save|Kaydet)/ }).click();
      await p.getByRole('alert').waitFor();
    },
    twoAccounts,
  ],
  ['agent-voice', '/ai/voice', async () => {}],
  [
    'agent-prompt',
    '/ai/voice',
    async (p) => {
      await p.getByRole('button', { name: /See the whole prompt|İstemin tamamını/ }).click();
      await p.getByRole('dialog').getByRole('textbox').fill('Can I return a coat?');
      await p.keyboard.press('Enter');
    },
  ],
  ['agent-model', '/ai/model', async () => {}],
  [
    'agent-model-low',
    '/ai/model',
    async (p) => {
      const group = p.getByRole('group', { name: /Settings for OpenAI|OpenAI ayarları/ });
      for (const b of await group.getByRole('button', { name: /^(Test|Dene)$/ }).all()) await b.click();
      await scrollPage(p, 620);
    },
  ],
  ['agent-model-end', '/ai/model', async (p) => scrollPage(p, 99_999)],
  ['agent-knowledge', '/ai/knowledge', async () => {}],
  ['reports', '/settings/privacy', async () => {}],
  ['records', '/data-rights/records', async () => {}],
  ['records-review', '/data-rights/records/71', async () => {}],
  [
    'records-assessment',
    '/data-rights/records/72',
    async (p) => {
      await p
        .getByRole('radio', { name: /^(High|Yüksek)$/ })
        .first()
        .click();
    },
  ],
  [
    'records-add',
    '/data-rights/records',
    (p) => p.getByRole('button', { name: /Write something down|Kayıt ekle/ }).click(),
  ],
  ['kept', '/data-rights/kept', async () => {}],
  ['kept-holds', '/data-rights/kept', async (p) => scrollPage(p, 99_999)],
  [
    'kept-none',
    '/data-rights/kept',
    async (p) => scrollPage(p, 99_999),
    (s) => {
      s.kept.holds = [];
    },
  ],
  ['kept-change', '/data-rights/kept', changeTerm(/^(Change|Değiştir): (Conv|Gör)/, '')],
  ['kept-ends', '/data-rights/kept', changeTerm(/^(Change|Değiştir): (Conv|Gör)/, '365')],
  ['kept-wrong', '/data-rights/kept', changeTerm(/^(Change|Değiştir): (Visits|Web)/, '120')],
  ['kept-fewer', '/data-rights/kept', changeTerm(/^(Change|Değiştir): (Logs|Yapay)/, '7')],
  [
    'kept-proof',
    '/data-rights/kept',
    async (p) => {
      await changeTerm(/^(Change|Değiştir): (Logs|Yapay)/, '7')(p);
      await p.getByRole('checkbox').check();
      await p.getByRole('button', { name: /^(Keep for 7|7 gün)/ }).click();
      await p.getByRole('heading', { name: /Is it you|Siz misiniz/ }).waitFor();
    },
    (s) => {
      s.doors.fresh = false;
    },
  ],
  [
    'kept-release',
    '/data-rights/kept',
    async (p) => p.getByRole('button', { name: /^(Release|Kaldır): Ayşe/ }).click(),
  ],
  [
    'promises',
    '/data-rights/promises',
    async (p) => {
      for (const one of await p.locator('summary').all()) await one.click();
    },
  ],
  [
    'reports-close',
    '/settings/privacy',
    async (p) =>
      p
        .getByRole('button', { name: /^(Close this report|Bu bildirimi kapat)$/ })
        .first()
        .click(),
  ],
  [
    'correct',
    '/ai',
    async (p) => {
      await tryIt(p, 'Can I return a coat?');
      await p
        .getByRole('button', { name: /^(Correct this answer|Bu yanıtı düzelt)$/ })
        .last()
        .click();
    },
    twoAccounts,
  ],
  [
    'correct-new',
    '/inbox/needs_you/100',
    async (p) => {
      await openWhy(p);
      await p.getByRole('button', { name: /^(Correct this answer|Bu yanıtı düzelt)$/ }).click();
      await p.getByRole('radio').last().check();
    },
  ],
  [
    'correct-done',
    '/ai',
    async (p) => {
      await tryIt(p, 'Can I return a coat?');
      await p
        .getByRole('button', { name: /^(Correct this answer|Bu yanıtı düzelt)$/ })
        .last()
        .click();
      await p
        .getByLabel(/^(What it should say|Ne demeli)/)
        .fill('Send the coat back within 60 days, unworn and with its label.');
      await p.getByRole('button', { name: /^(Save and ask again|Kaydet ve yeniden sor)$/ }).click();
      await p.getByText(/what the AI answers now|artık şöyle/).waitFor();
    },
    twoAccounts,
  ],
  ['agent-actions', '/ai/actions', async () => {}, twoAccounts],
  ['agent-evaluation', '/ai/evaluation', async () => {}],
  ['agent-evaluation-low', '/ai/evaluation', async (p) => scrollPage(p, 99_999)],
  [
    'agent-test',
    '/ai/evaluation',
    async (p) =>
      p
        .getByRole('button', { name: /Add test|Sınama ekle/ })
        .first()
        .click(),
  ],
  [
    'agent-running',
    '/ai/evaluation',
    async (p) => p.getByRole('button', { name: /Run all|Hepsini çalıştır/ }).click(),
  ],
  ['agent-replay', '/ai/replay', async () => {}],
  ['agent-replay-low', '/ai/replay', async (p) => scrollPage(p, 600)],
  ['agent-bias', '/ai/bias', async () => {}],
  ['agent-bias-low', '/ai/bias', async (p) => scrollPage(p, 99_999)],
  ['agent-numbers', '/ai/numbers', async () => {}],
  ['agent-numbers-end', '/ai/numbers', async (p) => scrollPage(p, 99_999)],
  ['agent-history', '/ai/history', async () => {}],
  [
    'agent-back',
    '/ai/history',
    async (p) =>
      p
        .getByRole('button', { name: /Go back to this|Buna dön/ })
        .last()
        .click(),
  ],
  ['agent-try', '/ai', async (p) => tryIt(p, 'Can I return a coat?'), twoAccounts],
  ['agent-try-topic', '/ai', async (p) => tryIt(p, 'I want a refund, the wool made me ill'), twoAccounts],
  [
    'agent-new',
    '/ai',
    async () => {},
    (s) => {
      const { settings } = s.agent;
      Object.assign(settings, {
        version: 0,
        at: null,
        by: null,
        provider: '',
        fallback: '',
        purposes: [],
        rules: [],
        confidence: 0,
        hours: { zone: '', week: [null, null, null, null, null, null, null] },
      });
      settings.topics = settings.topics.slice(0, 4);
      Object.assign(s.agent, { old: [], spend: [], tokens_today: 0, cents_today: 0 });
      s.workspace.paused = true;
    },
  ],
  ['why', '/inbox/needs_you/100', async (p) => openWhy(p)],
  [
    'why-report',
    '/inbox/needs_you/100',
    async (p) => {
      await openWhy(p, true);
      await p.getByRole('button', { name: /Report this answer|Bu yanıtı bildir/ }).click();
      await p.getByRole('radio').first().scrollIntoViewIfNeeded();
    },
  ],
  ['channels', '/channels', async () => {}],
  ['channel', '/channels/70', async () => {}],
  ['channel-colour', '/channels/70', async (p) => p.locator('input[maxlength="7"]').fill('#7c7c7c')],
  ['settings', '/settings', async () => {}],
  ['settings-workspace', '/settings/workspace', async () => {}],
  ['settings-members', '/settings/members', async () => {}],
  [
    'member-add',
    '/settings/members',
    async (p) => {
      await p.getByRole('button', { name: /Add member|Üye ekle/ }).click();
      await p.getByLabel(/^(E-mail|E-posta)$/).fill('emre@northwind.example');
      await p.getByLabel(/^(Name|Ad)$/).fill('Emre');
      await p.getByRole('button', { name: /Suggest one|Öner/ }).click();
      await p.keyboard.press('Enter');
      await p
        .getByRole('dialog')
        .getByRole('button', { name: /Add member|Üye ekle/ })
        .click();
    },
  ],
  [
    'member-change',
    '/settings/members',
    async (p) =>
      p
        .getByRole('button', { name: /^(Change|Değiştir): / })
        .first()
        .click(),
  ],
  [
    'member-made',
    '/settings/members',
    async (p) => {
      await p.getByRole('button', { name: /Add member|Üye ekle/ }).click();
      await p.getByLabel(/^(E-mail|E-posta)$/).fill('new@northwind.example');
      await p.getByLabel(/^(Name|Ad)$/).fill('Deniz');
      await p.getByRole('button', { name: /Suggest one|Öner/ }).click();
      await p
        .getByRole('dialog')
        .getByRole('button', { name: /Add member|Üye ekle/ })
        .click();
    },
  ],
  [
    'password',
    '/settings',
    async (p) => p.getByRole('button', { name: /Change password|Parolayı değiştir/ }).click(),
  ],
  ['settings-keys', '/settings/keys', async () => {}],
  ['settings-audit', '/settings/audit', async () => {}],
  [
    'sign-in',
    '/sign-in',
    async () => {},
    (s) => {
      s.signedIn = false;
    },
  ],
  [
    'setup',
    '/setup#token',
    async () => {},
    (s) => {
      s.signedIn = false;
    },
  ],
  ['missing', '/nowhere', async () => {}],
  ...doorScreens,
];

const looks = rtl
  ? [
      ['light', 1440, 'en'],
      ['dark', 390, 'en'],
    ]
  : [
      ['light', 1440, 'en'],
      ['dark', 1440, 'tr'],
      ['light', 390, 'tr'],
      ['dark', 390, 'en'],
      ['light', 900, 'en'],
    ];

const browser = await launch();
let bad = 0;
for (const [name, path, act, prepare] of screens) {
  if (only && !new RegExp(only).test(name)) continue;
  for (const [theme, width, language] of looks) {
    const site = await start();
    prepare?.(site.state);
    const context = await browser.newContext({
      viewport: { width, height: width < 500 ? 844 : 900 },
      locale: language,
      colorScheme: theme,
      hasTouch: width < 500,
    });
    const page = await context.newPage();
    const said = [];
    page.on('console', (m) => {
      if (m.type() === 'error' || m.type() === 'warning') said.push(m.text());
    });
    page.on('pageerror', (e) => said.push(String(e)));
    await page.goto(site.url + path);
    await page.waitForSelector('main');
    if (rtl) await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    await page.waitForTimeout(700);
    try {
      await act(page, site);
    } catch (err) {
      said.push(`act: ${String(err).slice(0, 200)}`);
    }
    await page.waitForTimeout(450);
    await page.screenshot({ path: join(out, `${name}-${theme}-${width}-${rtl ? 'rtl' : language}.png`) });
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const r = await window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return r.violations.map(
        (v) =>
          `${v.id}: ${v.nodes
            .slice(0, 3)
            .map(
              (n) => n.target.join(' ') + (n.any[0]?.message ? ` (${n.any[0].message.slice(0, 120)})` : ''),
            )
            .join(' | ')}`,
      );
    });
    const expected =
      name === 'reconnect' ||
      name === 'erased' ||
      name === 'agent-unsaved' ||
      name === 'knowledge-add-file' ||
      name === 'correct-new' ||
      name === 'member-add' ||
      name.startsWith('door-') ||
      name === 'proof' ||
      name === 'kept-proof' ||
      name === 'sign-in' ||
      name === 'setup'
        ? /Failed to load resource|ERR_/
        : /^$/;
    const noise = said.filter((s) => !expected.test(s));
    if (found.length || noise.length) {
      bad += found.length + noise.length;
      console.log(`${name} ${theme} ${width} ${language}`);
      for (const line of [...found, ...noise]) console.log(`   ${line}`);
    }
    await context.close();
    site.stop();
  }
}
await browser.close();
console.log(bad ? `${bad} complaints` : 'no complaints');
process.exit(bad ? 1 : 0);
