// One person is made nameless from the finder: after a look at what goes and what
// stays, with a signed proof, on a screen and on a Turkish phone in the dark.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs';

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

/** Somebody of the sample who has a name. */
async function somebody() {
  const all = await d.api('GET', '/conversations?limit=50');
  const one = all.items.find((c) => c.contact.name && c.last_message);
  return (one ?? all.items.find((c) => c.contact.name)).contact;
}

test('the question on a Turkish phone in the dark says what goes and what stays', async () => {
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
  const who = await somebody();
  await page.getByRole('link', { name: 'Gizlilik' }).click();
  await page.getByRole('tab', { name: 'Kişi bul' }).click();
  await page.getByLabel('Kimi arıyorsunuz?').fill(who.name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Adsızlaştır' }).first().click();
  await dialog(page).getByText('Ne kalır').waitFor();
  await dialog(page).getByRole('checkbox').waitFor();
  assert.deepEqual(await axe(page), [], 'the question in Turkish');
  await page.screenshot({ path: join(out, 'nameless-ask-phone-tr-dark.png') });
});

test('a person is made nameless, and nobody finds them any more', async () => {
  const page = await tab(browser, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await signIn(page, d);
  const who = await somebody();
  await page.getByRole('link', { name: 'Privacy' }).click();
  await page.getByRole('tab', { name: 'Find a person' }).click();
  await page.getByLabel('Whom do you look for?').fill(who.name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Make nameless' }).first().waitFor();
  await page.screenshot({ path: join(out, 'nameless-finder.png') });
  await page.getByRole('button', { name: 'Make nameless' }).first().press('Enter');
  await dialog(page).getByText('What stays').waitFor();
  assert.equal(await dialog(page).getByRole('button', { name: 'Make nameless now' }).isDisabled(), true, 'nobody does it by a slip');
  assert.deepEqual(await axe(page), [], 'the question');
  await page.screenshot({ path: join(out, 'nameless-ask.png') });
  await dialog(page).getByRole('checkbox').press('Space');
  await dialog(page).getByRole('button', { name: 'Make nameless now' }).press('Enter');
  await dialog(page).getByText('Talks that stay in sums of days').waitFor();
  assert.deepEqual(await axe(page), [], 'the proof');
  await page.screenshot({ path: join(out, 'nameless-done.png') });
  await dialog(page).getByRole('button', { name: 'Done' }).press('Enter');
  await page.getByRole('button', { name: 'Make nameless' }).waitFor({ state: 'detached' });
  const left = await d.api('GET', '/conversations?limit=50');
  assert.equal(left.items.some((c) => c.contact.id === who.id), false, 'their conversations are gone');
  await page.goto(`${d.dashboard}/settings/privacy`);
  await page.getByText(/Made nameless, no\. \d/).waitFor();
  assert.deepEqual(complaints(page), []);
});
