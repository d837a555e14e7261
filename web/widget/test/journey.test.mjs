// The website chat in a real browser, on a page of somebody else whose policy
// allows one script and one frame and nothing more, against a stand-in server
// that can be slow, silent and rude at will. What the real program can show is
// in test/e2e. Run after a build: node --test widget/test/journey.test.mjs
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, visit } from './browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const nothing = { local: {}, session: {}, cookie: '' };

const stories = [];

/** Notes one visit, to be run and closed; the browser must say nothing on the way. */
function story(name, setup, run, { quiet = true } = {}) {
  stories.push([
    name,
    async () => {
      const v = await visit(browser, setup);
      try {
        await run(v);
        if (quiet) assert.deepEqual(v.said, []);
      } finally {
        await v.close();
      }
    },
  ]);
}

/** Waits until a check holds: in the page where it can, else between frames of it. */
async function until(v, check, what) {
  const end = Date.now() + 10_000;
  while (!check()) {
    assert.ok(Date.now() < end, `never happened: ${what}`);
    await v.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

const answers = (world) => {
  world.reply = (m) =>
    world.add({
      body: `Answer to: ${m.body}`,
      sources: [{ name: 'Returns policy', url: 'https://shop.example/returns', heading: '' }],
    });
};

story('before a click only the loader is fetched and nothing is stored (covers A-16.2-01)', {}, async (v) => {
  await v.page.waitForLoadState('networkidle');
  assert.deepEqual(v.world.requests, ['GET /widget.js']);
  assert.deepEqual(await v.stored(), nothing);
  assert.equal(await v.page.locator('parley-chat iframe').count(), 0);
});

story(
  'consent leaves exactly one entry, and withdrawing removes it (covers A-16.2-02, A-3.3-02)',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Keep my conversation' }).click();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    const kept = await v.stored();
    assert.deepEqual(Object.keys(kept.local), ['parley:pk_test']);
    assert.deepEqual([kept.session, kept.cookie], [{}, '']);
    assert.equal(v.world.sessions.at(-1).page_url, v.url);

    await v.page.reload();
    await v.launcher.click();
    await v.chat.getByText('Answer to: Hello').waitFor();
    await v.chat.locator('footer').getByRole('button', { name: 'Privacy' }).click();
    await v.chat.getByRole('button', { name: 'Stop keeping' }).click();
    await v.chat.getByRole('button', { name: 'Keep my conversation' }).waitFor();
    await until(v, () => v.world.consents.length === 1, 'the server hears of it');
    assert.deepEqual([v.world.consents[0].state, v.world.consents[0].page_url], ['withdrawn', undefined]);
    assert.deepEqual(await v.stored(), nothing);
  },
);

story(
  'with consent required the page decides, and the chat works before it does',
  { place: { attributes: 'data-consent="required"' }, prepare: answers },
  async (v) => {
    await v.open();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    assert.deepEqual(await v.stored(), nothing);
    await v.page.evaluate(() => parley('consent', { storage: true }));
    await until(v, () => v.world.consents.length === 1, 'granted');
    assert.equal(v.world.consents[0].page_url, v.url);
    await v.page.waitForFunction(() => localStorage.length === 1);
    await v.page.evaluate(() => parley('consent', false));
    assert.deepEqual(await v.stored(), nothing);
    await until(v, () => v.world.consents.length === 2, 'withdrawn');
    assert.equal(v.world.consents[1].state, 'withdrawn');
    assert.deepEqual(await v.stored(), nothing);
  },
);

story(
  'with consent required a visitor may keep the chat, finds it on the next page and may take it back',
  {
    prepare: (w) => {
      answers(w);
      w.settings.consent = 'required';
    },
  },
  async (v) => {
    await v.open();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    assert.deepEqual(await v.stored(), nothing);
    await v.chat.locator('.unkept').getByRole('button', { name: 'Keep my conversation' }).click();
    await v.page.waitForFunction(() => localStorage.length === 1);
    await v.chat.locator('.unkept').waitFor({ state: 'detached' });
    await v.page.reload();
    // Nothing is open yet; the news of a kept conversation come all the same.
    await v.page.locator('parley-chat iframe').waitFor({ state: 'attached' });
    await v.chat.getByText('Answer to: Hello').waitFor({ state: 'attached' });
    v.world.add({ body: 'While you were elsewhere' });
    await v.page.getByRole('button', { name: /^Open chat, \d unread$/ }).waitFor();
    await v.page.evaluate(() => parley('consent', false));
    assert.deepEqual(await v.stored(), nothing);
  },
);

story(
  'a chat that answers late is shown late, after a sentence in its place',
  { prepare: (w) => (w.slow = 9000) },
  async (v) => {
    await v.launcher.click();
    await v.page.getByText('The chat could not be loaded here.').waitFor({ timeout: 12_000 });
    await v.chat.getByRole('button', { name: 'Keep my conversation' }).waitFor();
    await v.page.getByText('The chat could not be loaded here.').waitFor({ state: 'hidden' });
  },
);

story(
  'when neither token nor page are good any more, the page is loaded anew, once',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    const frames = () => v.world.requests.filter((r) => r === 'GET /w/pk_test').length;
    v.world.expired = true;
    v.world.tokens.clear();
    v.world.cut();
    await until(v, () => frames() === 2, 'the page is asked for again');
    // The page before it offers the same button until it is gone.
    const after = () => v.world.requests.slice(v.world.requests.lastIndexOf('GET /w/pk_test'));
    await until(v, () => after().some((r) => r.endsWith('/session')), 'the new page is refused, too');
    await v.chat.getByRole('button', { name: 'Load it again' }).waitFor();
    assert.equal(frames(), 2);
    v.world.expired = false;
    // By keyboard: a click would wait for a frame that it takes away.
    await v.chat.getByRole('button', { name: 'Load it again' }).focus();
    await v.page.keyboard.press('Enter');
    await v.chat.getByRole('textbox').waitFor();
  },
  { quiet: false },
);

const tool =
  "window.dataLayer=[];function gtag(){dataLayer.push(arguments)};gtag('consent','default',{functionality_storage:'denied'});window.gtag=gtag;";
story(
  'with consent auto the page’s tool decides',
  { place: { attributes: 'data-consent="auto"', before: tool } },
  async (v) => {
    await v.open();
    await v.chat.getByRole('textbox').waitFor();
    assert.deepEqual(await v.stored(), nothing);
    await v.page.evaluate(() => gtag('consent', 'update', { functionality_storage: 'granted' }));
    await v.page.waitForFunction(() => localStorage.length === 1);
    await v.page.evaluate(() => gtag('consent', 'update', { functionality_storage: 'denied' }));
    assert.deepEqual(await v.stored(), nothing);
  },
);

story(
  'with consent auto and no tool our own card asks',
  { place: { attributes: 'data-consent="auto"' } },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Keep my conversation' }).waitFor();
  },
);

story(
  'calls made before the loader has come are carried out',
  {
    place: {
      before: "parley('consent',true);parley('on','open',()=>{window.wasOpened=true});parley('open')",
    },
  },
  async (v) => {
    await v.chat.getByRole('textbox').waitFor();
    await v.page.waitForFunction(() => window.wasOpened && localStorage.length === 1);
  },
);

story(
  'a stream that is cut goes on where it was: nothing missing, nothing twice',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    for (let n = 0; n < 6; n++) {
      await v.say(`Question ${n}`);
      await v.chat.getByText(`Answer to: Question ${n}`).waitFor();
      v.world.cut();
      v.world.add({ body: `While away ${n}` });
      await v.chat.getByText(`While away ${n}`).waitFor();
    }
    const bodies = await v.chat.locator('.log .bubble > p').allTextContents();
    const want = Array.from({ length: 6 }, (_, n) => [
      `Question ${n}`,
      `Answer to: Question ${n}`,
      `While away ${n}`,
    ]).flat();
    assert.deepEqual(bodies, want);
    await v.chat.locator('.banner').waitFor({ state: 'detached' });
  },
  { quiet: false },
);

story(
  'where streams never get through the chat polls',
  {
    prepare: (w) => {
      answers(w);
      w.noStreams = true;
    },
  },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor({ timeout: 15_000 });
    v.world.add({ body: 'And more' });
    await v.chat.getByText('And more').waitFor();
  },
  { quiet: false },
);

story(
  'what is written while the server is away is sent once, in order',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.say('First');
    await v.chat.getByText('Answer to: First').waitFor();
    v.world.down = true;
    v.world.cut();
    await v.say('Second');
    await v.say('Third');
    await v.chat.getByText('Waiting for a connection').waitFor();
    await v.chat.locator('.banner').waitFor();
    v.world.down = false;
    v.world.dropped = 1; // the work is done, the answer is lost: the repeat must not be a second message
    await v.frame().evaluate(() => dispatchEvent(new Event('online')));
    await v.chat.getByText('Answer to: Third').waitFor({ timeout: 15_000 });
    const own = v.world.messages.filter((m) => m.direction === 'in').map((m) => m.body);
    assert.deepEqual(own, ['First', 'Second', 'Third']);
    assert.deepEqual(await v.chat.locator('.own .bubble > p').allTextContents(), own);
  },
  { quiet: false },
);

story('a person takes over: their name, their typing, and the end of it', { prepare: answers }, async (v) => {
  await v.open();
  await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
  await v.say('Hello');
  await v.chat.getByText('Answer to: Hello').waitFor();
  await v.chat.locator('footer').getByRole('button', { name: 'Talk to a person' }).click();
  await v.chat.getByText('A person has been called').waitFor();
  v.world.hold('member', 'Selin');
  v.world.event('take_over', 'Selin');
  await v.chat.getByText('Selin joined').waitFor();
  await v.chat.getByRole('heading', { name: 'Selin' }).waitFor();
  v.world.typing('Selin', true);
  await v.chat.getByRole('img', { name: 'Selin is typing' }).waitFor();
  v.world.add({ author: { kind: 'member', name: 'Selin' }, body: 'Good morning' });
  await v.chat.getByText('Good morning').waitFor();
  await v.chat.getByRole('img', { name: 'Selin is typing' }).waitFor({ state: 'detached' });
  await v.chat.getByRole('textbox').pressSequentially('ok');
  await until(v, () => v.world.typings.some((t) => t.on), 'the member sees the visitor type');
  await until(v, () => v.world.receipts.at(-1)?.read === v.world.messages.at(-1).seq, 'read receipt');
  v.world.change(v.world.messages[0], { status: 'read' });
  await v.chat.getByText('Read', { exact: true }).waitFor();
  await v.chat.locator('footer').getByRole('button', { name: 'End chat' }).click();
  await v.chat.locator('.sheet').getByRole('button', { name: 'End chat' }).click();
  await v.chat.getByText('You ended this chat').waitFor();
});

story(
  'messages that come while the chat is closed are counted, in words too',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    await v.launcher.click();
    assert.equal(await v.launcher.getAttribute('aria-expanded'), 'false');
    v.world.add({ body: 'One more thing' });
    await v.page.getByRole('button', { name: 'Open chat, 1 unread' }).waitFor();
    await v.launcher.click();
    await v.page.getByRole('button', { name: 'Close chat', exact: true }).first().waitFor();
    await until(v, () => v.world.receipts.at(-1)?.read === v.world.messages.at(-1).seq, 'read receipt');
    await v.launcher.click();
    await v.page.getByRole('button', { name: 'Open chat', exact: true }).waitFor();
  },
);

story('Escape closes the menu first, then the chat, and focus returns to the launcher', {}, async (v) => {
  await v.open();
  await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
  await v.chat.getByRole('button', { name: 'Menu' }).click();
  await v.chat.getByRole('button', { name: 'Türkçe' }).waitFor();
  await v.page.keyboard.press('Escape');
  await v.chat.getByRole('button', { name: 'Türkçe' }).waitFor({ state: 'detached' });
  await v.page.keyboard.press('Escape');
  await v.page.waitForFunction(() => {
    const host = document.querySelector('parley-chat');
    return (
      document.activeElement === host &&
      host.shadowRoot.activeElement?.getAttribute('aria-expanded') === 'false'
    );
  });
});

story('the whole way by keyboard alone', { prepare: answers }, async (v) => {
  const key = (k) => v.page.keyboard.press(k);
  await key('Tab'); // the page's link
  await key('Tab'); // the launcher
  await key('Enter');
  await v.chat.getByRole('button', { name: 'Keep my conversation' }).waitFor();
  await v.frame().waitForFunction(() => document.activeElement?.className === 'card');
  await key('Tab'); // the notice
  await key('Tab'); // keep
  await key('Tab');
  await key('Enter'); // without saving
  await v.frame().waitForFunction(() => document.activeElement?.id === 'write');
  await v.page.keyboard.type('Hello');
  await key('Shift+Enter');
  await v.page.keyboard.type('there');
  await key('Enter');
  await v.chat.getByText('Answer to: Hello').waitFor();
  assert.equal(v.world.messages[0].body, 'Hello\nthere');
});

story('Enter that ends a composition sends nothing', {}, async (v) => {
  await v.open();
  await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
  await v.chat.getByRole('textbox').fill('にほん');
  await v.chat.getByRole('textbox').evaluate((el) => {
    el.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
    );
    el.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }),
    );
  });
  assert.equal(await v.chat.getByRole('textbox').inputValue(), 'にほん');
  assert.equal(v.world.messages.length, 0);
});

story(
  'a page that is not allowed sees a sentence in place of the chat',
  {
    prepare: (w) => {
      w.blocked = true;
    },
  },
  async (v) => {
    await v.launcher.click();
    await v.page.getByText('The chat could not be loaded here.').waitFor();
    // The browser itself names the policy; nothing of ours may add to it.
    assert.deepEqual(
      v.said.filter((s) => !/frame-ancestors|Framing/.test(s)),
      [],
    );
    v.world.blocked = false;
    await v.page.getByRole('button', { name: 'Try again' }).click();
    await v.chat.getByRole('button', { name: 'Keep my conversation' }).waitFor();
  },
  { quiet: false },
);

story(
  'name and e-mail are optional and go with the first message (covers A-3.3-01)',
  {
    prepare: (w) => {
      w.settings.ask_name = w.settings.ask_email = true;
    },
  },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.chat.getByLabel('Name (optional)').fill('Ayşe');
    await v.chat.getByLabel('E-mail (optional)').fill('no address');
    await v.chat.getByLabel('E-mail (optional)').blur();
    await v.chat.getByText('This does not look like').waitFor();
    await v.say('Hello');
    await until(v, () => v.world.profiles.length === 1, 'profile');
    assert.deepEqual(v.world.profiles, [{ name: 'Ayşe' }]);
  },
);

story(
  'the chat speaks the language asked for, and can be switched (covers A-3.3-09)',
  { place: { attributes: 'data-lang="tr"' } },
  async (v) => {
    assert.equal(await v.launcher.getAttribute('aria-label'), 'Sohbeti aç');
    await v.open();
    await v.chat
      .getByText(
        'Cihazınızda hiçbir şey saklamıyoruz. Kaydetmezseniz bu görüşme son mesajdan 24 saat sonra silinir.',
      )
      .waitFor();
    assert.equal(await v.frame().evaluate(() => document.documentElement.lang), 'tr');
    await v.chat.getByRole('button', { name: 'Menü' }).click();
    await v.chat.getByRole('button', { name: 'English' }).click();
    await v.chat.getByRole('heading', { name: 'Before we start' }).waitFor();
    assert.equal(await v.frame().evaluate(() => document.documentElement.lang), 'en');
    assert.equal(await v.launcher.getAttribute('aria-label'), 'Close chat');
  },
);

story('what people write is text, never markup', {}, async (v) => {
  v.world.reply = () =>
    v.world.add({
      body: '**Bold** <img src=x onerror=alert(1)> [x](javascript:alert(1)) [ok](https://a.example/?q=1) https://b.example/x.',
    });
  await v.open();
  await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
  await v.say('<b>hi</b>');
  await v.chat.getByText('<b>hi</b>').waitFor();
  await v.chat.getByText('<img src=x onerror=alert(1)>').waitFor();
  const links = await v.chat
    .locator('.theirs a')
    .evaluateAll((all) => all.map((a) => [a.textContent, a.href, a.rel]));
  assert.deepEqual(links, [
    ['ok', 'https://a.example/?q=1', 'noopener noreferrer nofollow'],
    ['https://b.example/x', 'https://b.example/x', 'noopener noreferrer nofollow'],
  ]);
  assert.equal(await v.chat.locator('.log img').count(), 0);
});

story(
  'a visit that is over begins anew and the message still arrives once',
  { prepare: answers },
  async (v) => {
    await v.open();
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    await v.say('First');
    await v.chat.getByText('Answer to: First').waitFor();
    v.world.tokens.clear();
    v.world.messages = [];
    await v.say('Second');
    await v.chat.getByText('Answer to: Second').waitFor();
    assert.deepEqual(
      v.world.messages.filter((m) => m.direction === 'in').map((m) => m.body),
      ['Second'],
    );
  },
  { quiet: false },
);

story(
  'on a phone the chat fills the screen and nothing is wider than it',
  { context: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true }, prepare: answers },
  async (v) => {
    await v.open();
    const box = await v.page.locator('parley-chat .p').boundingBox();
    assert.deepEqual([box.x, box.y, Math.round(box.width)], [0, 0, v.page.viewportSize().width]);
    await v.chat.getByRole('button', { name: 'Chat without saving' }).click();
    const small = await v
      .frame()
      .evaluate(() =>
        [...document.querySelectorAll('button, textarea')]
          .filter((el) => el.getBoundingClientRect().height < 44 || el.getBoundingClientRect().width < 44)
          .map((el) => el.outerHTML),
      );
    assert.deepEqual(small, []);
    assert.equal(await v.frame().evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await v.chat.getByRole('button', { name: 'Close chat' }).click();
    await v.launcher.waitFor({ state: 'visible' });
  },
);

story(
  'reset forgets the visitor',
  { place: { attributes: 'data-consent="granted"' }, prepare: answers },
  async (v) => {
    await v.open();
    await v.say('Hello');
    await v.chat.getByText('Answer to: Hello').waitFor();
    await v.page.waitForFunction(() => localStorage.length === 1);
    await v.page.evaluate(() => parley('reset'));
    assert.deepEqual(await v.stored(), nothing);
    await v.open();
    await v.chat.getByRole('textbox').waitFor();
    assert.equal(await v.chat.getByText('Answer to: Hello').count(), 0);
  },
);

// Visits mostly wait, each for its own server: several go on at a time.
describe('the website chat', { concurrency: 4, timeout: 120_000 }, () => {
  for (const [name, run] of stories) test(name, run);
});
