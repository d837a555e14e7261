// What an owner does besides answering: erase a person, correct what the AI
// says, and let a colleague in and out again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { ask, axe, demo, launch, openChat, out, says, signIn, tab, withoutSaving } from './world.mjs'

let d
let browser
before(async () => {
  d = await demo()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

const wide = { viewport: { width: 1440, height: 900 } }
const thread = (page) => page.getByRole('region', { name: 'Conversation' })
const dialog = (page) => page.getByRole('dialog')
// What a browser notes down by itself when the server says no.
const complaints = (page) => page.complaints.filter((c) => !/Failed to load resource: the server responded with a status of 4/.test(c))

test('a person is erased from the contact panel, and no screen shows a word of theirs any more', async () => {
  const staff = await tab(browser, wide)
  await signIn(staff, d)
  const other = await tab(browser, wide)
  await signIn(other, d)
  const shop = await tab(browser)
  const chat = await openChat(shop, d.shop)
  await withoutSaving(chat)
  const words = 'Does the walnut tray survive a dishwasher?'
  await ask(chat, words)

  for (const page of [staff, other]) {
    await page.goto(`${d.dashboard}/inbox/all`)
    await page.getByRole('option').getByText(words).first().click()
    await thread(page).getByRole('log').getByText(words).first().waitFor()
  }
  await staff.getByRole('button', { name: 'Erase this person' }).click()
  await dialog(staff).getByText('Conversations').waitFor()
  assert.equal(await dialog(staff).getByRole('button', { name: 'Erase now' }).isDisabled(), true, 'one press erases')
  assert.deepEqual(await axe(staff), [], 'the preview')
  await staff.screenshot({ path: join(out, 'erase.png') })
  await staff.keyboard.press('Space') // the box has the focus
  await dialog(staff).getByRole('button', { name: 'Erase now' }).click()
  await dialog(staff).getByText('Number in the privacy ledger').waitFor()
  assert.deepEqual(await axe(staff), [], 'the proof')
  await staff.screenshot({ path: join(out, 'erased.png') })
  await dialog(staff).getByRole('button', { name: 'Done' }).click()

  await staff.waitForURL('**/inbox/all')
  await other.getByText('This conversation cannot be shown').waitFor()
  for (const page of [staff, other]) {
    await page.waitForFunction((text) => !document.body.innerText.includes(text), words)
  }
  const found = await d.api('GET', `/conversations?view=all&q=${encodeURIComponent('walnut')}`)
  assert.deepEqual(found.items, [])
  assert.deepEqual(complaints(staff), [])
})

test('an answer is corrected in its source, and the AI gives the new one', async () => {
  const made = await d.api('POST', '/knowledge/sources', {
    kind: 'faq',
    name: 'Gift wrapping',
    pairs: [{ question: 'How much is gift wrapping?', answer: 'Gift wrapping costs 3 euros.' }],
  })
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/knowledge/${made.id}`)
  await page.getByText('Gift wrapping costs 3 euros.').waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const form = dialog(page)
  await form.getByLabel('Answer').fill('Gift wrapping costs 5 euros.')
  const taken = (await d.api('GET', '/knowledge/sources?limit=100')).items.find((s) => s.id !== made.id).name
  await form.getByLabel('Name').fill(taken)
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('There is a source with this name already.').waitFor()
  assert.equal(await form.getByLabel('Name').evaluate((el) => el === document.activeElement), true, 'the wrong field has the focus')
  assert.deepEqual(await axe(page), [], 'a refused change')
  await page.screenshot({ path: join(out, 'source-edit.png') })
  await form.getByLabel('Name').fill('Gift wrapping and cards')
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Gift wrapping and cards' }).waitFor()
  await page.getByText('Gift wrapping costs 5 euros.').waitFor()
  assert.equal(await page.getByText('Gift wrapping costs 3 euros.').count(), 0)
  const answer = await d.api('POST', '/answers', { question: 'How much is gift wrapping?' })
  assert.match(answer.answer, /5 euros/)

  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.getByLabel('Answer').fill('lost')
  page.once('dialog', (ask) => void ask.dismiss())
  await page.keyboard.press('Escape')
  assert.equal(await form.getByLabel('Answer').inputValue(), 'lost', 'a slip threw a change away')
  assert.deepEqual(complaints(page), [])
})

test('a member is added, signs in, changes their password, and is out at once when switched off', async () => {
  const owner = await tab(browser, wide)
  await signIn(owner, d)
  await owner.goto(`${d.dashboard}/settings/members`)
  await owner.getByRole('button', { name: 'Add member' }).click()
  const form = dialog(owner)
  await form.getByLabel('Name').fill('Deniz Ak')
  await form.getByLabel('E-mail').fill(d.email)
  await form.getByRole('button', { name: 'Suggest one' }).click()
  const password = await form.getByLabel('First password').inputValue()
  await form.getByRole('button', { name: 'Add member' }).click()
  await form.getByText('Somebody with this e-mail is a member already.').waitFor()
  await form.getByLabel('E-mail').fill('deniz@shop.example')
  await owner.keyboard.press('Enter')
  await form.getByText(password).waitFor()
  assert.deepEqual(await axe(owner), [], 'what to tell the new member')
  await form.getByRole('button', { name: 'Done' }).click()

  const deniz = await tab(browser, wide)
  await signIn(deniz, { ...d, email: 'deniz@shop.example', password })
  await deniz.goto(`${d.dashboard}/settings`)
  await deniz.getByRole('button', { name: 'Change password' }).click()
  await dialog(deniz).getByLabel('Current password').fill('not this one')
  await dialog(deniz).getByLabel('New password').fill('seven tall ships at anchor')
  await deniz.keyboard.press('Enter')
  await dialog(deniz).getByText('This is not your password.').waitFor()
  await dialog(deniz).getByLabel('Current password').fill(password)
  await deniz.keyboard.press('Enter')
  await deniz.getByText('Password changed', { exact: true }).waitFor()
  await deniz.getByText('This browser', { exact: true }).last().waitFor()
  assert.equal(await deniz.getByRole('tab', { name: 'Audit log' }).count(), 0, 'an agent sees the audit log')
  await deniz.screenshot({ path: join(out, 'profile.png') })

  // Forgotten: a new first password, and the old sign-in is over.
  await owner.getByRole('button', { name: 'Change: Deniz Ak' }).click()
  await form.getByRole('button', { name: 'Set a new password' }).click()
  await form.getByRole('button', { name: 'Suggest one' }).click()
  const anew = await form.getByLabel('First password').inputValue()
  await form.getByRole('button', { name: 'Set a new password' }).click()
  await form.getByText(anew).waitFor()
  await form.getByRole('button', { name: 'Done' }).click()
  await deniz.waitForURL('**/sign-in**')
  await signIn(deniz, { ...d, email: 'deniz@shop.example', password: anew })

  await owner.getByRole('button', { name: 'Change: Deniz Ak' }).click()
  await form.getByRole('switch').click()
  await form.getByRole('button', { name: 'Save' }).click()
  await owner.getByText('Off', { exact: true }).waitFor()
  await owner.screenshot({ path: join(out, 'members.png') })
  await deniz.waitForURL('**/sign-in**')
  await deniz.getByLabel('E-mail').fill('deniz@shop.example')
  await deniz.getByLabel('Password').fill(anew)
  await deniz.keyboard.press('Enter')
  await deniz.getByText('E-mail or password is not right.').waitFor()
  assert.deepEqual(complaints(owner), [])
})

test('marked as unread it stays unread until somebody looks again', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/inbox/all`)
  const row = page.getByRole('option').first()
  await row.click()
  await thread(page).getByRole('log').waitFor()
  await row.getByText(/unread/).waitFor({ state: 'detached' })
  await page.keyboard.press('u')
  await page.waitForURL('**/inbox/all')
  await row.getByText('1 unread').waitFor()
  await page.reload()
  await row.getByText('1 unread').waitFor()
  await row.click()
  await row.getByText('1 unread').waitFor({ state: 'detached' })
  assert.deepEqual(complaints(page), [])
})

test('an answer that a visitor reports is closed with words that the AI never says again', async () => {
  const shop = await tab(browser)
  const chat = await openChat(shop, d.shop)
  await withoutSaving(chat)
  await ask(chat, 'Can I pay in instalments?')
  await says(chat, /Klarna/)
  await chat.getByRole('button', { name: 'Report' }).last().click()
  await chat.getByRole('button', { name: 'Wrong' }).click()
  await chat.getByText('Reported. Thank you.').waitFor()

  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/settings/privacy`)
  await page.getByText('Can I pay in instalments?').waitFor()
  await page.getByRole('button', { name: 'Close this report' }).click()
  await dialog(page).getByLabel(/^Never say this again/).fill('Klarna')
  assert.deepEqual(await axe(page), [], 'closing a report')
  await dialog(page).getByRole('button', { name: 'Close this report' }).click()
  await dialog(page).waitFor({ state: 'detached' })
  await ask(chat, 'Can I pay in instalments?')
  await says(chat, /person|colleague|team/i)
  assert.equal(await chat.getByRole('log').getByText(/Klarna/).count(), 1)
  assert.deepEqual(complaints(page), [])
})
