// The website chat while whoever runs the install has stopped the business.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ask,
  axe,
  binary,
  complaints,
  demo,
  launch,
  openChat,
  out,
  says,
  tab,
  withoutSaving,
} from './world.mjs';

let d;
let browser;
before(async () => {
  d = await demo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await d?.stop();
  d?.remove();
});

function operate(act) {
  const done = spawnSync(
    binary,
    ['workspace', act, 'Northwind Goods', '--reason', 'a complaint is looked at', '--data', d.dir],
    { encoding: 'utf8' },
  );
  assert.equal(done.status, 0, done.stderr);
}

test('a suspended business: the chat says that it is closed, keeps what was written, and goes on when that is lifted', async () => {
  const page = await tab(browser);
  const frame = await openChat(page, d.shop);
  await withoutSaving(frame);
  await ask(frame, 'Can I return a coat that is too small?');
  await says(frame, /30 days/i);
  operate('suspend');
  const closed = frame.getByRole('status').filter({ hasText: /closed for now/ });
  await closed.waitFor();
  assert.match(await closed.innerText(), /reach Northwind Goods by the other contact details/);
  const box = frame.getByRole('textbox').first();
  await ask(frame, 'Are you there?');
  assert.equal(await box.inputValue(), 'Are you there?', 'the text is kept');
  assert.equal(await frame.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
  assert.equal(
    await frame.getByRole('button', { name: 'Talk to a person' }).count(),
    0,
    'nobody can be called',
  );
  assert.equal(await frame.locator('.typing').count(), 0, 'somebody seems to type');
  assert.deepEqual(await axe(frame), [], 'closed chat');
  await page.screenshot({ path: join(out, 'closed-en.png') });

  // Somebody who comes now is told before anything is said, in their language.
  const late = await tab(browser, {
    locale: 'tr-TR',
    viewport: { width: 390, height: 780 },
    colorScheme: 'dark',
    hasTouch: true,
  });
  const other = await openChat(late, `${d.shop}/?lang=tr`);
  await withoutSaving(other);
  const kapali = other.getByRole('status').filter({ hasText: /şimdilik kapalı/ });
  await kapali.waitFor();
  assert.deepEqual(await axe(other), [], 'closed chat in Turkish');
  await late.screenshot({ path: join(out, 'closed-tr-phone-dark.png') });

  operate('lift');
  await closed.waitFor({ state: 'detached' });
  await kapali.waitFor({ state: 'detached' });
  await box.press('Enter');
  await says(frame, 'Are you there?');
  assert.equal(await box.inputValue(), '');
  await ask(other, 'Çok küçük gelen paltoyu iade edebilir miyim?');
  await says(other, /30 gün/i);
  assert.deepEqual([...complaints(page), ...complaints(late)], []);
});
