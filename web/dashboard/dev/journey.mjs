// Walks through the built dashboard in a real browser, with the keyboard only,
// against made-up data: what a component test cannot see. Exits 1 on a failure.
import assert from 'node:assert/strict';
import { launch } from './browser.mjs';
import { start } from './server.mjs';

const browser = await launch();
const complaints = [];

async function visit(options, path, run) {
  const site = await start(options);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' });
  const page = await context.newPage();
  page.on('console', (m) => {
    if (m.type() === 'error' && !/Failed to load resource|ERR_/.test(m.text())) complaints.push(m.text());
  });
  page.on('pageerror', (e) => complaints.push(String(e)));
  await page.goto(site.url + path);
  await run(page, site, context);
  await context.close();
  site.stop();
}

const stories = {
  async 'sign in, land where one wanted to go, sign out'() {
    await visit({ signedIn: false }, '/knowledge', async (page) => {
      await page.waitForURL('**/sign-in**');
      await page.getByLabel('E-mail').fill('selin@northwind.example');
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByText('E-mail or password is not right.').waitFor();
      await page.getByLabel('Password').fill('correct horse battery');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Knowledge' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.type('sign out');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/sign-in**');
    });
  },

  async 'approve a draft, close, undo'() {
    await visit({}, '/inbox/needs_you/100', async (page, site) => {
      await page.getByRole('region', { name: 'Draft reply' }).waitFor();
      await page.keyboard.press('Control+Enter');
      await page.getByRole('textbox', { name: 'Reply to the contact' }).waitFor();
      assert.equal(site.state.sent.length, 1);
      assert.match(site.state.sent[0].key, /^[0-9a-f]{32}$/);
      await page.keyboard.press('e');
      await page.getByText('Conversation closed', { exact: true }).waitFor();
      await page.waitForURL('**/needs_you/101');
      assert.equal(site.state.conversations[0].state, 'closed');
      await page.keyboard.press('z');
      await page.waitForFunction(() => !document.body.innerText.includes('undo'));
      await page.waitForTimeout(300);
      assert.equal(site.state.conversations[0].state, 'open');
    });
  },

  async 'reply and note by key; the key itself is never written'() {
    await visit({}, '/inbox/needs_you/101', async (page, site) => {
      await page.getByRole('textbox', { name: 'Reply to the contact' }).waitFor();
      // The log shows a text before the server has it.
      const taken = () =>
        page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/messages'));
      await page.keyboard.type('rAll is well');
      await Promise.all([taken(), page.keyboard.press('Control+Enter')]);
      await page.getByRole('log').getByText('All is well').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.type('nAsk again');
      await Promise.all([taken(), page.keyboard.press('Control+Enter')]);
      await page.getByRole('log').getByText('Ask again').waitFor();
      assert.deepEqual(
        site.state.sent.map((s) => [s.kind, s.body]),
        [
          ['text', 'All is well'],
          ['note', 'Ask again'],
        ],
      );
    });
  },

  async 'take over and hand back'() {
    await visit({}, '/inbox/ai/108', async (page, site) => {
      await page.getByRole('button', { name: 'Take over' }).waitFor();
      await page.keyboard.press('t');
      await page.getByText('You have this conversation').waitFor();
      await page.keyboard.press('t');
      await page.getByText('AI answers', { exact: true }).waitFor();
      assert.equal(site.state.conversations[8].owner.kind, 'ai');
    });
  },

  async 'an event changes list and thread of an open page'() {
    await visit({}, '/inbox/needs_you/101', async (page, site) => {
      await page.getByRole('textbox', { name: 'Reply to the contact' }).waitFor();
      await page.getByRole('log').waitFor();
      await page.getByRole('option').first().waitFor();
      while (site.state.open.size === 0) await page.waitForTimeout(50);
      // The page may ask for all of it at the same moment, so the server knows it too.
      const c = site.state.conversations[1];
      const preview = { ...c.preview, text: 'Are you still there?' };
      Object.assign(c, { preview, version: 9, updated_at: new Date().toISOString() });
      const message = {
        ...site.state.messages[100][0],
        id: 'new',
        conversation_id: '101',
        seq: 50,
        body: 'Are you still there?',
        at: new Date().toISOString(),
      };
      site.state.messages[101] = [...(site.state.messages[101] ?? []), message];
      site.say({ kind: 'message.new', conversation_id: '101', conversation: c, message });
      await page.getByRole('log').getByText('Are you still there?').waitFor();
      await page
        .getByRole('option')
        .first()
        .getByText(/Marcus Chen/)
        .first()
        .waitFor();
    });
  },

  async 'offline: the reply waits, then goes once, and nothing said meanwhile is missing'() {
    await visit({}, '/inbox/needs_you/101', async (page, site) => {
      await page.getByRole('textbox', { name: 'Reply to the contact' }).waitFor();
      while (site.state.open.size === 0) await page.waitForTimeout(50);
      site.state.down = true;
      site.cut();
      await page.getByText('Reconnecting, replies are queued.').waitFor();
      // On a busy machine the field takes the keys a moment after its own.
      await page.keyboard.press('r');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      await page.keyboard.type('Still with you');
      await page.keyboard.press('Control+Enter');
      await page.getByText('Waits for the connection').waitFor();
      const missed = {
        ...site.state.messages[100][0],
        id: 'missed',
        conversation_id: '101',
        seq: 60,
        body: 'Said while you were away',
        at: new Date().toISOString(),
      };
      site.say({ kind: 'message.new', conversation_id: '101', message: missed });
      site.state.down = false;
      await page.getByRole('log').getByText('Said while you were away').waitFor({ timeout: 40_000 });
      await page.getByText('Waits for the connection').waitFor({ state: 'detached', timeout: 40_000 });
      await page.waitForTimeout(300);
      assert.equal(site.state.sent.filter((s) => s.body === 'Still with you').length, 1);
      assert.equal(await page.getByRole('log').getByText('Still with you').count(), 1);
      assert.equal(await page.getByRole('log').getByText('Said while you were away').count(), 1);
    });
  },

  async 'two tabs share one stream, and the second goes on when the first closes'() {
    await visit({}, '/inbox/needs_you', async (page, site, context) => {
      await page.getByText('Marcus Chen').first().waitFor();
      const second = await context.newPage();
      await second.goto(`${site.url}/inbox/needs_you/101`);
      await second.getByText('Marcus Chen').first().waitFor();
      await second.waitForTimeout(500);
      assert.equal(site.state.open.size, 1);
      await page.close();
      await second.waitForTimeout(800);
      assert.equal(site.state.open.size, 1);
      site.say({
        kind: 'message.new',
        conversation_id: '101',
        message: {
          ...site.state.messages[100][0],
          id: 'x',
          conversation_id: '101',
          seq: 70,
          body: 'After the hand-over',
        },
      });
      await second.getByRole('log').getByText('After the hand-over').waitFor();
    });
  },

  async 'ten thousand rows: keys keep up'() {
    await visit({ rows: 10_000 }, '/inbox/needs_you', async (page) => {
      await page.getByRole('option').first().waitFor();
      // Load far down, as somebody does who holds the key.
      await page.getByRole('listbox').focus();
      for (let i = 0; i < 220; i++) {
        await page.keyboard.press('End');
        await page.waitForTimeout(30);
        const label = await page.getByRole('option').last().getAttribute('aria-setsize');
        if (label === '10000') break;
      }
      const rows = await page.getByRole('option').count();
      assert.ok(rows < 60, `${rows} rows in the page`);
      await page.keyboard.press('Home');
      const took = await page.evaluate(async () => {
        const idle = [];
        for (let i = 0; i < 60; i++) {
          const t = performance.now();
          await new Promise((r) => requestAnimationFrame(r));
          idle.push(performance.now() - t);
        }
        idle.sort((a, b) => a - b);
        const times = [];
        for (let i = 0; i < 120; i++) {
          const t = performance.now();
          document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }),
          );
          await new Promise((r) => requestAnimationFrame(r));
          times.push(performance.now() - t);
        }
        times.sort((a, b) => a - b);
        return { idle: idle[30], median: times[60], p95: times[114] };
      });
      console.log(
        `   120 × j on a long list: median ${took.median.toFixed(1)} ms, p95 ${took.p95.toFixed(1)} ms a frame, idle ${took.idle.toFixed(1)} ms`,
      );
      assert.ok(took.median < took.idle * 1.1, 'a key costs more than a frame');
    });
  },

  async 'from right to left: the page turns, texts are cut at their end, arrows go on with the line'() {
    for (const [width, path] of [
      [1440, '/inbox/needs_you/100'],
      [390, '/inbox/needs_you'],
      [390, '/inbox/needs_you/100'],
      [390, '/knowledge'],
      [390, '/knowledge/900'],
      [390, '/settings/members'],
      [390, '/settings/workspace'],
    ]) {
      await visit({}, path, async (page) => {
        await page.setViewportSize({ width, height: 844 });
        await page.locator('main').waitFor();
        await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
        await page.getByRole('heading').locator('visible=true').first().waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${path} is ${wide} wide on ${width}`);
        if (width < 500) return;
        const nav = await page.getByRole('navigation').first().boundingBox();
        const list = await page.getByRole('listbox').boundingBox();
        assert.ok(nav.x > list.x, 'the navigation stays on the left');
        const cut = page.getByRole('option').getByText("We'd like to start");
        assert.equal(await cut.evaluate((el) => getComputedStyle(el).direction), 'ltr');
      });
    }
    await visit({}, '/settings/profile', async (page) => {
      await page.getByRole('tab', { name: 'Profile' }).waitFor();
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
      await page.getByRole('tab', { name: 'Profile' }).focus();
      await page.keyboard.press('ArrowLeft');
      await page.getByRole('tab', { name: 'Workspace', selected: true }).waitFor();
    });
  },

  async 'a colour that cannot be read is not saved'() {
    await visit({}, '/channels/70', async (page, site) => {
      const colour = page.getByLabel('Colour', { exact: true });
      await colour.fill('#7c7c7c');
      await page.getByText(/needed 4.5/).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
      await colour.fill('#0b4a44');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      assert.equal(site.state.channel.settings.brand_colour, '#0b4a44');
    });
  },

  async 'a key is shown once; language and theme hold'() {
    await visit({}, '/settings/keys', async (page) => {
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByLabel('Name').fill('Till');
      await page.keyboard.press('Enter');
      await page.getByLabel('Key', { exact: true }).waitFor();
      assert.equal(await page.getByLabel('Key', { exact: true }).inputValue(), 'pk_live_5d1c0f6e8a');
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByText('Till').waitFor();
      assert.equal(await page.evaluate(() => localStorage.length), 0);
      await page.getByRole('tab', { name: 'Profile' }).click();
      await page.getByRole('radio', { name: 'Dark' }).click();
      await page.getByLabel('Language').selectOption('tr');
      await page.getByRole('heading', { name: 'Ayarlar' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Ayarlar' }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.className), 'dark');
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'tr');
    });
  },
};

let failed = 0;
for (const [name, run] of Object.entries(stories)) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue;
  try {
    await run();
    console.log(`ok   ${name}`);
  } catch (err) {
    failed++;
    console.log(
      `FAIL ${name}\n     ${String(err.stack ?? err)
        .split('\n')
        .slice(0, 12)
        .join('\n     ')}`,
    );
  }
}
await browser.close();
for (const c of complaints) console.log(`browser said: ${c}`);
process.exit(failed || complaints.length ? 1 : 0);
