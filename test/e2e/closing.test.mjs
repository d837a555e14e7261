// An owner closes the workspace with its name typed, by the keyboard, reads where
// the certificate will be, and takes it back: the chat on the website follows. Before
// that everything is taken along.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ask,
  axe,
  complaints,
  demo,
  dialog,
  launch,
  openChat,
  out,
  says,
  signIn,
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

test('the owner closes the workspace and takes it back, and nothing is lost', async () => {
  const visitor = await tab(browser);
  const frame = await openChat(visitor, d.shop);
  await withoutSaving(frame);
  await ask(frame, 'Can I return a coat that is too small?');
  await says(frame, /30 days/i);

  const page = await tab(browser);
  await signIn(page, d);
  await page.goto(`${d.dashboard}/settings/workspace`);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download', exact: true }).press('Enter'),
  ]);
  assert.match(file.suggestedFilename(), /^parley-\d{4}-\d\d-\d\d\.zip$/);
  assert.equal((await readFile(await file.path())).subarray(0, 2).toString(), 'PK', 'everything, as a ZIP');
  await page.screenshot({ path: join(out, 'closing-along.png'), fullPage: true });
  await page.getByRole('button', { name: 'Delete…' }).press('Enter');
  const box = dialog(page).getByRole('textbox');
  await box.waitFor();
  assert.match(await dialog(page).innerText(), /Conversations: \d+/, 'what goes is counted');
  assert.match(await dialog(page).innerText(), /What stays/);
  assert.deepEqual(await axe(page), [], 'the question');
  await page.screenshot({ path: join(out, 'closing-ask.png') });
  await box.fill('Northwind');
  await box.press('Enter');
  await dialog(page).locator('[aria-invalid=true]').waitFor();
  await box.fill('Northwind Goods');
  await box.press('Enter');

  const back = page.getByRole('button', { name: 'Take it back' });
  await back.waitFor();
  assert.match(await page.locator('main').innerText(), /2[89] days left to take it back/);
  assert.deepEqual(await axe(page), [], 'the closed workspace');
  await page.screenshot({ path: join(out, 'closing-closed.png') });
  await frame.getByRole('status').filter({ hasText: /closed for now/ }).waitFor();
  const address = await page.getByRole('link', { name: /\/privacy\/ended\// }).getAttribute('href');
  const stranger = await tab(browser, { locale: 'tr-TR', viewport: { width: 390, height: 780 } });
  await stranger.goto(address);
  await stranger.getByRole('heading', { name: 'Kapalı, hâlâ geri alınabilir' }).waitFor();
  assert.doesNotMatch(await stranger.locator('main').innerText(), /Northwind/, 'it names the business');
  assert.deepEqual(await axe(stranger), [], 'the page of the certificate');
  await stranger.screenshot({ path: join(out, 'closing-page-tr.png') });

  await back.press('Enter');
  await page.getByRole('heading', { level: 1 }).or(page.getByRole('navigation').first()).first().waitFor();
  await page.waitForURL((u) => !u.pathname.includes('/closed'));
  await frame.getByRole('status').filter({ hasText: /closed for now/ }).waitFor({ state: 'detached' });
  await says(frame, /30 days/i);
  assert.deepEqual(complaints(page), [], 'the browser complained');
});
