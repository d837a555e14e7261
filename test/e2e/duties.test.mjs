// What a business owes to data protection, in the browser: an agreement whose paper stays on
// the computer, and a review of access that decides on everybody.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
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
  await officer.getByRole('tab', { name: 'Records' }).click()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

const press = (name) => officer.getByRole('button', { name, exact: true }).click()

/** Writes something down that is due next year, and opens it. */
async function owes(kind, name, fill = async () => {}) {
  await press('Write something down')
  await dialog(officer).getByLabel('What').selectOption(kind)
  await fill()
  await dialog(officer).getByLabel('Due on').fill('2027-12-01')
  await dialog(officer).getByRole('button', { name: 'Write something down' }).click()
  await dialog(officer).waitFor({ state: 'detached' })
  await officer.getByRole('list', { name: 'What is owed to data protection' }).getByText(name).last().click()
}

test('of a signed agreement the hash alone is kept, which its paper still has', async () => {
  await owes('agreement', 'Confidentiality agreement: Secrecy, 2026', async () => {
    await dialog(officer).getByLabel('Title').fill('Secrecy, 2026')
    await dialog(officer).getByLabel('Name').fill('Cleaner Ltd')
    assert.deepEqual(await axe(officer), [], 'writing something down')
  })
  const paper = Buffer.from('We keep it to ourselves.')
  const hash = createHash('sha256').update(paper).digest('hex')
  await officer.getByLabel('Signed document').setInputFiles({ name: 'paper.pdf', mimeType: 'application/pdf', buffer: paper })
  await officer.getByText(`Hash ${hash.slice(0, 16)}`).waitFor()
  assert.deepEqual(await axe(officer), [], 'before it is signed')
  await press('Sign')
  await officer.getByText(hash).waitFor()
  await officer.getByRole('link', { name: 'All records' }).click()
  await officer.getByRole('list', { name: 'Signed' }).getByText('Cleaner Ltd').waitFor()
  assert.deepEqual(complaints(officer), [])
})

test('a review of access is signed once everybody in it was decided on', async () => {
  await owes('access', 'Review of access')
  const lines = officer.getByRole('list', { name: 'Keep or remove' })
  await lines.getByText('Ada Lovelace').waitFor()
  assert.equal(await officer.getByRole('button', { name: 'Sign', exact: true }).isDisabled(), true)
  for (const one of await lines.getByRole('radio', { name: 'Keep' }).all()) await one.click()
  assert.deepEqual(await axe(officer), [], 'a review')
  await officer.screenshot({ path: join(out, 'review-of-access.png') })
  await press('Sign')
  await officer.getByText('SHA-256 of what was signed').waitFor()
  assert.equal(await lines.getByRole('radio').count(), 0)
  assert.deepEqual(complaints(officer), [])
})
