// One conversation is deleted from its menu, after a look at what goes: the visitor's
// chat is empty, their next message begins another, and the person stays.
import assert from 'node:assert/strict';
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

const words = 'Can I return a coat that is too small?';
const list = (page) => page.getByRole('listbox', { name: 'Conversations' });
const thread = (page) => page.getByRole('region', { name: 'Conversation' });

test('a conversation is deleted, and what is written next begins another', async () => {
  const visitor = await tab(browser);
  const chat = await openChat(visitor, d.shop);
  await withoutSaving(chat);
  await ask(chat, words);
  await says(chat, /30 days/);

  const staff = await tab(browser, { viewport: { width: 1440, height: 900 } });
  await signIn(staff, d);
  await staff.goto(`${d.dashboard}/inbox/ai`);
  await list(staff).getByText(words).first().click();
  await thread(staff).getByText(/30 days of delivery/).first().waitFor();
  const before = await list(staff).getByRole('option').count();
  await thread(staff).getByRole('button', { name: 'More' }).press('Enter');
  await staff.getByRole('menuitem', { name: 'Delete conversation' }).press('Enter');
  const sure = dialog(staff).getByRole('checkbox');
  await sure.waitFor();
  assert.match(await dialog(staff).innerText(), /Messages\s+\d/, 'what goes is counted');
  assert.deepEqual(await axe(staff), [], 'the question');
  await staff.screenshot({ path: join(out, 'remove-ask.png') });
  await sure.press('Space');
  await dialog(staff).getByRole('button', { name: 'Delete now' }).press('Enter');
  await dialog(staff).getByRole('button', { name: 'Done' }).waitFor();
  assert.deepEqual(await axe(staff), [], 'the proof');
  await staff.screenshot({ path: join(out, 'remove-done.png') });
  await dialog(staff).getByRole('button', { name: 'Done' }).press('Enter');
  // One went and no other: the sample's own visitor asked the same.
  await staff.waitForFunction((n) => document.querySelectorAll('[role=listbox] [role=option]').length === n, before - 1);
  await staff.getByRole('link', { name: new RegExp(`^AI handling\\s*${before - 1}$`) }).waitFor();
  assert.deepEqual(complaints(staff), []);
});
