// How long things are kept, and who is kept from every end, in the browser: a privacy officer
// shortens a time after a look at what that ends, holds somebody whom nobody can erase then,
// and releases them again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

let d, browser, officer
before(async () => {
  d = await demo()
  browser = await launch()
  const them = { email: 'ada@northwind.example', password: 'four red kites at dawn' }
  await d.api('POST', '/members', { ...them, name: 'Ada Lovelace', role: 'privacy' })
  officer = await tab(browser, { viewport: { width: 1440, height: 1000 } })
  await signIn(officer, { ...d, ...them })
  await officer.getByRole('link', { name: 'Privacy' }).click()
  await officer.getByRole('tab', { name: 'Retention' }).click()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

const press = (name) => officer.getByRole('button', { name, exact: true }).press('Enter')
const terms = () => officer.getByRole('list', { name: 'How long things are kept' })
const holds = () => officer.getByRole('list', { name: 'Legal holds' })
const term = async () => (await d.api('GET', '/privacy/retention')).items.find((r) => r.rule === 'conversations').days

test('a time is made shorter after a look at what that ends, and the longest again', async () => {
  await terms().getByText('Mails to members').waitFor()
  assert.equal(await terms().getByRole('listitem').count(), 5)
  assert.equal(await term(), 0)
  await press('Change: Conversations')
  await dialog(officer).getByRole('radio', { name: 'Shorter' }).check()
  await dialog(officer).getByLabel('Days').fill('9000')
  await dialog(officer).getByText('Write a number from 1 to 7,300.').waitFor()
  assert.equal(await dialog(officer).getByRole('button', { name: 'Save' }).isDisabled(), true)
  await dialog(officer).getByLabel('Days').fill('365')
  await dialog(officer).getByText('the next sweep ends nothing').waitFor()
  assert.deepEqual(await axe(officer), [], 'changing a time')
  await officer.screenshot({ path: join(out, 'kept-change.png') })
  await press('Keep for 365 days')
  await dialog(officer).waitFor({ state: 'detached' })
  await terms().getByText('365 days').first().waitFor()
  assert.equal(await term(), 365)
  await press('Change: Conversations')
  await dialog(officer).getByRole('radio', { name: 'As long as your workspace is there' }).check()
  await dialog(officer).getByText('the next sweep ends nothing').waitFor()
  await press('Keep the longest')
  await dialog(officer).waitFor({ state: 'detached' })
  assert.equal(await term(), 0)
  assert.deepEqual(complaints(officer), [])
})

test('somebody is held on their own page, listed with who wants it, and released after a question', async () => {
  await officer.getByText('Nobody is held').waitFor()
  await officer.getByRole('link', { name: 'Hold somebody' }).press('Enter')
  await officer.getByLabel('Whom do you look for?').fill('Jonas')
  await press('Find')
  await press('Hold')
  await dialog(officer).getByLabel('Why it must be kept').fill('A claim about a coat')
  await dialog(officer).getByLabel('Who wants it, with a reference').fill('Court of Hamburg, 12 C 8/26')
  await dialog(officer).getByRole('button', { name: 'Hold' }).press('Enter')
  await dialog(officer).waitFor({ state: 'detached' })
  await officer.getByRole('tab', { name: 'Retention' }).click()
  for (const words of ['A claim about a coat', 'Court of Hamburg, 12 C 8/26', /, by Ada Lovelace$/]) await holds().getByText(words).waitFor()
  assert.deepEqual(await axe(officer), [], 'both lists')
  await officer.screenshot({ path: join(out, 'kept.png') })
  const [held] = (await d.api('GET', '/privacy/holds')).items
  const { confirm } = await d.api('POST', `/contacts/${held.contact_id}/erase`, {})
  await assert.rejects(d.api('POST', `/contacts/${held.contact_id}/erase`, { confirm }), /409/, 'nobody erases them')

  await holds().getByRole('link', { name: /^Jonas/ }).press('Enter')
  await officer.getByRole('list', { name: 'Who was found' }).getByText(/^Jonas/).waitFor()
  await officer.getByRole('tab', { name: 'Retention' }).click()
  await holds().getByRole('button', { name: /^Release: Jonas/ }).press('Enter')
  await dialog(officer).getByText(/^Release Jonas/).waitFor()
  assert.deepEqual(await axe(officer), [], 'the question')
  await dialog(officer).getByRole('button', { name: 'Release' }).press('Enter')
  await holds().getByText(/^Released /).waitFor()
  assert.equal(await holds().getByRole('button').count(), 0)
  assert.deepEqual(complaints(officer), [])
})

test('on a phone in the dark the same stands below each other', async () => {
  await officer.emulateMedia({ colorScheme: 'dark' })
  await officer.setViewportSize({ width: 390, height: 844 })
  await terms().getByText('the longest').first().waitFor()
  assert.deepEqual(await axe(officer), [])
  const wide = await officer.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `it is ${wide} wide`)
  await officer.screenshot({ path: join(out, 'kept-phone.png') })
})
