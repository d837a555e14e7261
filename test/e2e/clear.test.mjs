// All conversations of a chat are deleted together: after a look at what goes, seen
// to its end, and what is written next begins anew. Removing the chat offers it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, axe, complaints, demo, dialog, launch, openChat, out, says, signIn, tab, withoutSaving } from './world.mjs';

let d;
let browser;
before(async () => {
  [d, browser] = await Promise.all([demo(), launch()]);
});
after(async () => {
  await browser?.close();
  await d?.stop();
  d?.remove();
});

const wide = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' };
const words = 'Can I return a coat that is too small?';
const list = (page) => page.getByRole('listbox', { name: 'Conversations' });

/** Opens the settings of the website chat. */
async function settings(page) {
  await page.goto(`${d.dashboard}/channels`);
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
  await page.getByLabel('Name', { exact: true }).first().waitFor();
}

test('the question stands in a Turkish phone in the dark, and is left without a trace', async () => {
  const me = { email: 'defne@northwind.example', password: 'four calm words in a row' };
  await d.api('POST', '/members', { name: 'Defne Aksoy', role: 'admin', locale: 'tr', ...me });
  const page = await tab(browser, {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    locale: 'tr-TR',
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  await signIn(page, { ...d, ...me });
  await page.goto(`${d.dashboard}/channels`);
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Hepsini sil' }).click();
  await dialog(page).getByText('Bütünüyle silinen kişiler').waitFor();
  assert.deepEqual(await axe(page), [], 'the question in Turkish');
  await page.screenshot({ path: join(out, 'clear-ask-phone-tr-dark.png') });
  assert.equal(await dialog(page).getByRole('button', { name: 'Hepsini şimdi sil' }).isDisabled(), true, 'nobody deletes by a slip');
  await dialog(page).getByRole('button', { name: 'Vazgeç' }).click();
});

test('all conversations of a chat go, and what is written next begins anew', async () => {
  const visitor = await tab(browser);
  const chat = await openChat(visitor, d.shop);
  await withoutSaving(chat);
  await ask(chat, words);
  await says(chat, /30 days/);

  const staff = await tab(browser, wide);
  await signIn(staff, d);
  await staff.goto(`${d.dashboard}/inbox/all`);
  await list(staff).getByText(words).first().waitFor();
  await settings(staff);
  await staff.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
  await dialog(staff).getByText('Conversations stay').waitFor();
  await dialog(staff).getByRole('button', { name: 'Delete its conversations first' }).press('Enter');
  const sure = dialog(staff).getByRole('checkbox');
  await sure.waitFor();
  assert.match(await dialog(staff).innerText(), /Conversations\s+[1-9]/, 'what goes is counted');
  assert.deepEqual(await axe(staff), [], 'the question');
  await staff.screenshot({ path: join(out, 'clear-ask.png') });
  await sure.press('Space');
  await dialog(staff).getByRole('button', { name: 'Delete all now' }).press('Enter');
  await dialog(staff).getByRole('button', { name: 'Done' }).waitFor();
  assert.match(await dialog(staff).innerText(), /People of whom there was nothing else: \d/);
  assert.deepEqual(await axe(staff), [], 'the proof');
  await staff.screenshot({ path: join(out, 'clear-done.png') });
  await dialog(staff).getByRole('button', { name: 'Done' }).press('Enter');
  await staff.getByRole('heading', { name: 'All its conversations' }).scrollIntoViewIfNeeded();
  await staff.screenshot({ path: join(out, 'clear-card.png') });

  await staff.goto(`${d.dashboard}/settings/privacy`);
  await staff.getByText(/All conversations of a channel, no\. \d/).waitFor();
  await staff.goto(`${d.dashboard}/inbox/all`);
  await staff.getByRole('link', { name: /^AI handling$/ }).waitFor(); // none are counted any more
  assert.equal(await list(staff).getByText(words).count(), 0, 'nothing of it is listed');

  const other = await tab(browser);
  const next = await openChat(other, d.shop);
  await withoutSaving(next);
  await ask(next, words);
  await says(next, /30 days/);
  await list(staff).getByText(words).first().waitFor();
  assert.deepEqual(complaints(staff), []);
});
