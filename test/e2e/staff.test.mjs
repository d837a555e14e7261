// Staff and visitor at the same time: live, take-over, hand-back, and a server
// that goes away and comes back.
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

const list = (page) => page.getByRole('listbox', { name: 'Conversations' })
const thread = (page) => page.getByRole('region', { name: 'Conversation' })
const signedOut = 'Failed to load resource: the server responded with a status of 401 (Unauthorized)'
const complaints = (page) => page.complaints.filter((c) => c !== signedOut) // the first look whether somebody is signed in

test('a visitor writes, staff see it live, take over, answer and hand back', async () => {
  const staff = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await signIn(staff, d)
  await staff.goto(`${d.dashboard}/inbox/ai`)
  await list(staff).waitFor()

  const shop = await tab(browser)
  const chat = await openChat(shop, d.shop)
  await withoutSaving(chat)
  await ask(chat, 'Can I return a coat that is too small?')
  await says(chat, /30 days/)

  // Live: nobody reloads.
  await list(staff).getByText('Can I return a coat that is too small?').first().click()
  await thread(staff).getByText(/30 days of delivery/).first().waitFor()
  await staff.screenshot({ path: join(out, 'inbox-light.png') })
  assert.deepEqual(await axe(staff), [], 'inbox with a conversation')

  await thread(staff).getByRole('button', { name: /^Take over/ }).click()
  await thread(staff).getByText(/took over/).first().waitFor()
  await ask(chat, 'And what about shoes?')
  await thread(staff).getByText('And what about shoes?').first().waitFor()
  const box = thread(staff).getByRole('textbox', { name: 'Reply to the contact' })
  await box.fill('Shoes too, as long as they were not worn outside.')
  await staff.keyboard.press('Control+Enter')
  await says(chat, 'Shoes too, as long as they were not worn outside.')
  assert.equal(await chat.getByRole('log').getByText(/^AI assistant, \d/).count(), 1, 'the AI spoke after the take-over')

  await thread(staff).getByRole('button', { name: /^Hand back/ }).click()
  await thread(staff).getByText(/handed back/).first().waitFor()
  await ask(chat, 'Can I pay in instalments?')
  await says(chat, /Klarna/)
  assert.deepEqual(complaints(staff), [])
  assert.deepEqual(shop.complaints, [])
})

test('a draft is read with its source, edited and sent', async () => {
  const staff = await tab(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await signIn(staff, d)
  await staff.goto(`${d.dashboard}/inbox/needs_you`)
  await list(staff).getByText('Jonas Weber').click()
  const draft = thread(staff).getByRole('region', { name: 'Draft reply' }).or(thread(staff).getByLabel('Draft reply')).first()
  await draft.waitFor()
  await staff.screenshot({ path: join(out, 'inbox-draft-dark.png') })
  assert.deepEqual(await axe(staff), [], 'inbox with a draft, dark')
  await thread(staff).getByRole('button', { name: /Approve and send/ }).click()
  await thread(staff).getByRole('log').getByText(/gift card/i).nth(1).waitFor()
  await draft.waitFor({ state: 'detached' })
  await thread(staff).getByRole('log').getByText(/Approved by Selin/).waitFor() // the AI's words, let go by a person
  assert.deepEqual(complaints(staff), [])
})

// A word that each page shows only when its data is there.
const shows = {
  'inbox/needs_you': 'Ayşe Demir',
  knowledge: 'Returns and exchanges',
  channels: /Last message|Son mesaj/,
  settings: /Selin Koç|Türkçe/,
}

test('every screen is free of axe violations, in both languages and themes, wide and on a phone', async () => {
  for (const [name, options, turkish] of [
    ['light', { viewport: { width: 1440, height: 900 } }, false],
    ['tr-dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }, true],
    ['phone', { viewport: { width: 390, height: 800 }, hasTouch: true }, false],
    ['phone-tr-dark', { viewport: { width: 390, height: 800 }, hasTouch: true, colorScheme: 'dark' }, true],
  ]) {
    const page = await tab(browser, { ...options, locale: turkish ? 'tr-TR' : 'en-GB' })
    await page.goto(`${d.dashboard}/sign-in`)
    await page.getByRole('textbox').first().waitFor()
    assert.deepEqual(await axe(page), [], `sign-in ${name}`)
    await signIn(page, d)
    for (const path of ['inbox/needs_you', 'knowledge', 'channels', 'settings']) {
      await page.goto(`${d.dashboard}/${path}`)
      await page.getByText(shows[path]).locator('visible=true').first().waitFor() // the page itself, not its loading state
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 10000 })
      await page.screenshot({ path: join(out, `${path.replace('/', '-')}-${name}.png`) })
      assert.deepEqual(await axe(page), [], `${path} ${name}`)
    }
    assert.deepEqual(complaints(page), [], name)
    await page.context().close()
  }
})

test('a saved reply is written once and inserted with m, by its words', async () => {
  const staff = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await signIn(staff, d)
  await staff.goto(`${d.dashboard}/settings/saved`)
  await staff.getByRole('button', { name: 'New saved reply' }).click()
  const form = staff.getByRole('dialog', { name: 'New saved reply' })
  await form.getByLabel('Name').fill('A good day')
  await form.getByLabel('Text').fill('Thank you, {{contact.name}}. ')
  await form.getByRole('button', { name: 'business' }).click()
  await staff.keyboard.type(' wishes you a good day.')
  await form.getByText(/Thank you, Alex Green\. .+ wishes you a good day\./).waitFor()
  await form.getByRole('switch', { name: 'Close the conversation with it' }).click()
  await staff.screenshot({ path: join(out, 'saved-reply.png') })
  assert.deepEqual(await axe(staff), [], 'saved reply editor')
  await form.getByRole('button', { name: 'Save' }).click()
  await staff.getByRole('listitem').getByText('A good day', { exact: true }).waitFor()
  assert.deepEqual(await axe(staff), [], 'saved replies')

  await staff.goto(`${d.dashboard}/inbox/needs_you`)
  await list(staff).getByText('Ayşe Demir').click()
  await thread(staff).getByRole('log').waitFor()
  await staff.keyboard.press('m')
  await staff.getByRole('option', { name: /A good day/ }).waitFor()
  assert.deepEqual(await axe(staff), [], 'saved reply picker')
  await staff.keyboard.type('good day')
  await staff.keyboard.press('Enter')
  const box = thread(staff).getByRole('textbox', { name: 'Reply to the contact' })
  await box.and(staff.locator(':focus')).waitFor()
  assert.match(await box.inputValue(), /^Thank you, Ayşe Demir\. .+ wishes you a good day\.$/)
  await staff.keyboard.press('Control+Enter')
  await thread(staff).getByRole('log').getByText(/Thank you, Ayşe Demir/).waitFor()
  await thread(staff).getByText(/closed/i).first().waitFor()
  await staff.keyboard.press('Escape')
  await staff.keyboard.press('?')
  await staff.getByRole('dialog').getByText('Insert a saved reply').waitFor()
  assert.deepEqual(complaints(staff), [])
})

test('a knowledge source is added, tested and removed by a newcomer', async () => {
  const staff = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await signIn(staff, d)
  await staff.goto(`${d.dashboard}/knowledge`)
  await staff.getByText('Returns and exchanges').first().waitFor()
  const made = await d.api('POST', '/knowledge/sources', { kind: 'faq', name: 'Lantern', pairs: [{ question: 'Which battery does the storm lantern use?', answer: 'The storm lantern runs on one 18650 cell, which is included.' }] })
  await staff.getByText('Lantern').first().waitFor() // live
  for (let state = ''; state !== 'ready'; ) ({ state } = await d.api('GET', `/knowledge/sources/${made.id}`))
  const answer = await d.api('POST', '/answers', { question: 'Which battery does the storm lantern use?' })
  assert.equal(answer.decision, 'answer')
  assert.match(answer.answer, /18650/)
  await d.api('DELETE', `/knowledge/sources/${made.id}`)
  const gone = await d.api('POST', '/answers', { question: 'Which battery does the storm lantern use?' })
  assert.notEqual(gone.decision, 'answer')
})

test('after the server was killed and started again nothing is missing and nothing is there twice', async () => {
  const own = await demo()
  let again
  try {
    const staff = await tab(browser, { viewport: { width: 1440, height: 900 } })
    await signIn(staff, own)
    await staff.goto(`${own.dashboard}/inbox/all`)
    const shop = await tab(browser)
    const chat = await openChat(shop, own.shop)
    await withoutSaving(chat)
    await ask(chat, 'Can I pay in instalments?')
    await says(chat, /Klarna/)
    await own.stop('SIGKILL')
    await ask(chat, 'Do you sell gift cards?') // waits in the browser
    again = await demo({ data: own.dir, port: own.port })
    await says(chat, /Gift cards come/, 45000)
    const log = chat.getByRole('log')
    assert.equal(await log.getByText('Do you sell gift cards?').count() >= 1, true)
    assert.equal(await log.getByText(/Gift cards come/).count(), 1, 'an answer is there twice')
    assert.equal(await log.getByText(/Klarna in 3/).count(), 1, 'an old answer is there twice')
    await list(staff).getByText('Do you sell gift cards?').first().waitFor({ timeout: 45000 }).catch(async () => {
      await list(staff).getByText(/Gift cards come/).first().waitFor({ timeout: 5000 })
    })
    const { items } = await again.api('GET', '/conversations?view=all&limit=20')
    const conv = items.find((c) => c.subject.startsWith('Can I pay in instalments?') && c.contact.anonymous)
    const messages = await again.api('GET', `/conversations/${conv.id}/messages?limit=50`)
    const asked = messages.items.filter((m) => m.direction === 'in').map((m) => m.body)
    assert.deepEqual(asked.reverse(), ['Can I pay in instalments?', 'Do you sell gift cards?'])
  } finally {
    await (again ?? own).stop()
    own.remove()
  }
})
