// A visitor opens what is held about them from the chat's menu, without a script on that
// page: sees it, stops the AI, asks why an answer was given, and erases it all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { ask, axe, complaints, demo, launch, openChat, out, says, tab, withoutSaving } from './world.mjs'

let d, browser
before(async () => {
  d = await demo()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

/** Asks something in the chat and opens My data from its menu. */
async function mine(language, colorScheme, question, answer) {
  const page = await tab(browser, { viewport: { width: 390, height: 844 }, colorScheme })
  const frame = await openChat(page, `${d.shop}/?lang=${language}`)
  await withoutSaving(frame)
  await ask(frame, question)
  await says(frame, answer)
  await frame.getByRole('button', { name: language === 'tr' ? 'Menü' : 'Menu', exact: true }).click()
  const [own] = await Promise.all([page.context().waitForEvent('page'), frame.getByRole('button', { name: language === 'tr' ? 'Verilerim' : 'My data', exact: true }).click()])
  await own.getByRole('heading', { level: 1 }).waitFor()
  return { page, own }
}

test('a visitor sees what is held, why an answer was given, stops the AI, and erases everything', async () => {
  const { page, own } = await mine('en', 'light', 'Can I return a coat that is too small?', /30 days/i)
  await own.getByRole('heading', { name: /holds about you/ }).waitFor()
  assert.deepEqual(await axe(own), [], 'my data')
  await own.screenshot({ path: join(out, 'mydata-phone.png'), fullPage: true })
  await own.getByText('Why this answer?').first().click()
  await own.getByText('No person decided it.').first().waitFor()
  await own.getByRole('button', { name: 'No automatic answers' }).click()
  await own.getByText('Only people answer you.').waitFor()
  assert.deepEqual(await axe(own), [], 'my data after an act')
  await own.getByRole('button', { name: 'Erase my data' }).click()
  await own.getByText('It cannot be undone.').waitFor()
  assert.deepEqual(await axe(own), [], 'the confirming question')
  await own.getByRole('button', { name: 'Yes, erase it all' }).click()
  await own.getByRole('heading', { name: 'It is erased' }).waitFor()
  assert.deepEqual(await axe(own), [], 'erased')
  await own.getByRole('link', { name: 'Read the answer' }).click()
  await own.getByRole('heading', { name: 'Answered' }).waitFor()
  assert.deepEqual(complaints(page), [])
})

test('the same page in Turkish, dark, whose address opens once', async () => {
  const { own } = await mine('tr', 'dark', 'Çok küçük gelen paltoyu iade edebilir miyim?', /30 gün/i)
  await own.getByRole('heading', { name: /hakkınızda ne tutuyor/ }).waitFor()
  assert.deepEqual(await axe(own), [], 'my data in Turkish')
  await own.screenshot({ path: join(out, 'mydata-dark.png'), fullPage: true })
  await own.reload()
  await own.getByRole('heading', { name: 'Bu sayfanın süresi doldu' }).waitFor()
  assert.deepEqual(await axe(own), [], 'a page that is over')
})
