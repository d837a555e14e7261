// The AI agent's screens on the real program: what it may do is changed, saved,
// changed by somebody else meanwhile, taken back; a question is tried; an answer
// in the inbox says why.
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

const quiet = ['status of 401', 'status of 409'] // the first look whether somebody is signed in; a save that came second
const complaints = (page) => page.complaints.filter((c) => !quiet.some((q) => c.includes(q)))
const wide = { viewport: { width: 1440, height: 900 } }
const settings = async () => (await d.api('GET', '/ai')).settings
const saved = (page) => page.getByRole('button', { name: /^Save/ }).waitFor({ state: 'detached' })

/** Opens the agent by its keys, as somebody who works in the inbox. */
async function agent(options = wide) {
  const page = await tab(browser, options)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/inbox/needs_you`)
  await page.getByRole('listbox').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('heading', { name: /^AI agent/, level: 1 }).waitFor()
  return page
}

test('what it may do is changed with the keyboard, saved at once and kept as a version', async () => {
  const page = await agent()
  const slider = page.getByRole('slider', { name: /confidence is at least/ })
  await slider.focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Add rule' }).click()
  const form = page.getByRole('dialog', { name: 'Add rule' })
  await form.getByRole('button', { name: 'Add rule' }).click()
  await form.getByText('Choose at least one condition', { exact: false }).waitFor()
  await form.getByLabel('Topic').selectOption('complaint')
  await form.getByRole('radio', { name: 'Off' }).click()
  await form.getByRole('button', { name: 'Add rule' }).click()
  await page.getByRole('row', { name: /Topic: Complaints/ }).waitFor()
  await page.getByText('2 changes not saved').waitFor()
  await page.keyboard.press('Control+s')
  await saved(page)
  const now = await settings()
  assert.equal(now.version, 1)
  assert.equal(now.confidence, 0.03)
  assert.deepEqual(now.rules.map((r) => [r.topic, r.mode]), [['complaint', 'off']])
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('Version 1', { exact: true }).waitFor()
  await page.getByText('In force').waitFor()
  assert.deepEqual(complaints(page), [])
})

test('who saves second sees what changed, keeps the own edits, and goes back later', async () => {
  const page = await agent()
  await page.getByRole('tab', { name: 'Voice and tone' }).click()
  await page.getByLabel('Instructions').fill('We call our customers guests.')
  const before = await settings()
  const theirs = await d.api('PUT', '/ai', { ...before, tone: 'formal' })
  await page.getByText('Somebody else changed these settings meanwhile', { exact: false }).or(page.getByRole('button', { name: /^Save/ })).first().waitFor()
  await page.getByRole('button', { name: /^Save/ }).click()
  await page.getByText('Somebody else changed these settings meanwhile', { exact: false }).or(page.getByText('Saved', { exact: true })).first().waitFor()
  // The stream may have told of it before the save: then one save is enough.
  const again = page.getByRole('button', { name: 'Save on top of it' })
  if (await again.count()) await again.click()
  await saved(page)
  const now = await settings()
  assert.equal(now.instructions, 'We call our customers guests.')
  assert.equal(now.tone, 'formal')
  assert.ok(now.version > theirs.version)

  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText(`Version ${now.version}`, { exact: true }).waitFor()
  await page.screenshot({ path: join(out, 'agent-history.png') })
  await page.getByRole('button', { name: 'Go back to this' }).last().click()
  const sure = page.getByRole('dialog', { name: 'Go back to version 1?' })
  await sure.getByText('We call our customers guests.').waitFor()
  await sure.getByRole('button', { name: 'Go back to this' }).click()
  await page.getByText(`Version ${now.version + 1}`, { exact: true }).waitFor()
  assert.equal((await settings()).instructions, '')
  assert.deepEqual(complaints(page), [])
})

test('edits that are not saved are not lost by leaving', async () => {
  const page = await agent()
  await page.getByRole('tab', { name: 'Voice and tone' }).click()
  await page.getByRole('radio', { name: 'Warm' }).click()
  let asked = ''
  page.once('dialog', (x) => {
    asked = x.message()
    void x.dismiss()
  })
  await page.getByRole('link', { name: 'Knowledge' }).first().click()
  await page.getByText('1 change not saved').waitFor()
  assert.match(asked, /not saved/)
  await page.getByRole('tab', { name: 'Control' }).click()
  await page.getByText('1 change not saved').waitFor()
  await page.getByRole('button', { name: 'Drop changes' }).click()
  await page.getByText('1 change not saved').waitFor({ state: 'detached' })
  assert.deepEqual(complaints(page), [])
})

test('a question is tried with its checks; pausing stops everything at once', async () => {
  const page = await agent()
  const panel = page.getByRole('complementary', { name: 'Try it' })
  await panel.getByPlaceholder('Ask as a customer').fill('Can I return a coat that is too small?')
  await page.keyboard.press('Enter')
  await panel.getByText(/30 days/).first().waitFor()
  await panel.getByText('Quoted from your knowledge').waitFor()
  await panel.getByText(/passages? found/).first().waitFor()
  await page.screenshot({ path: join(out, 'agent-try.png') })
  assert.deepEqual(await axe(page), [], 'a tried question')
  await panel.getByPlaceholder('Ask as a customer').fill('I want to speak to a person')
  await page.keyboard.press('Enter')
  await panel.getByText('A person would be called').waitFor()

  await page.getByRole('button', { name: 'Pause everywhere' }).click()
  await page.getByText('The AI is paused in the whole workspace', { exact: false }).waitFor()
  assert.equal((await d.api('GET', '/workspace')).paused, true)
  await page.getByRole('main').getByRole('button', { name: 'Resume the AI' }).click()
  await page.getByRole('button', { name: 'Pause everywhere' }).waitFor()
  assert.equal((await d.api('GET', '/workspace')).paused, false)
  assert.deepEqual(complaints(page), [])
})

test('a vendor is chosen with its facts; its key is kept, never shown, and deleted', async () => {
  const page = await agent()
  await page.getByRole('tab', { name: 'Model' }).click()
  await page.getByRole('radio', { name: /^OpenAI/ }).click()
  await page.getByText('30 days at most').first().waitFor()
  await page.getByText('no purpose is switched on', { exact: false }).waitFor()
  const key = page.getByLabel('API key for OpenAI')
  await key.fill('sk-not-a-real-key-9z8y')
  await page.getByRole('button', { name: 'Keep key' }).click()
  await page.getByText('Your key ends in 9z8y.', { exact: false }).waitFor()
  assert.equal(await key.inputValue(), '')
  assert.ok(!(await page.content()).includes('sk-not-a-real-key'))
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('There is no key yet.', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Drop changes' }).click()
  assert.equal((await settings()).provider, '')
  assert.deepEqual(complaints(page), [])
})

test('an answer in the inbox says why it was given', async () => {
  const shop = await tab(browser)
  const chat = await openChat(shop, d.shop)
  await withoutSaving(chat)
  await ask(chat, 'Can I return a coat that is too small?')
  await says(chat, /30 days/)
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/inbox/ai`)
  await page.getByRole('listbox', { name: 'Conversations' }).getByText('Can I return a coat that is too small?').first().click()
  const thread = page.getByRole('region', { name: 'Conversation' })
  await thread.getByText(/30 days of delivery/).first().waitFor()
  const why = thread.getByRole('button', { name: 'Why this answer' }).last()
  await why.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Why this answer' })
  await dialog.getByText('Sent by itself').waitFor()
  await dialog.getByText('Quoted from your knowledge').waitFor()
  await dialog.getByText(/passages? found/).first().waitFor()
  await page.screenshot({ path: join(out, 'agent-why.png') })
  assert.deepEqual(await axe(page), [], 'why')
  assert.deepEqual(complaints(page), [])
})

test('every tab is free of axe violations, in both languages and themes, wide and on a phone', async () => {
  for (const [name, options] of [
    ['light', { ...wide, locale: 'en-GB' }],
    ['phone-tr-dark', { viewport: { width: 390, height: 800 }, hasTouch: true, colorScheme: 'dark', locale: 'tr-TR' }],
  ]) {
    const page = await tab(browser, options)
    await signIn(page, d)
    for (const path of ['ai', 'ai/voice', 'ai/model', 'ai/actions', 'ai/history']) {
      await page.goto(`${d.dashboard}/${path}`)
      await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
      await page.screenshot({ path: join(out, `${path.replace('/', '-')}-${name}.png`) })
      assert.deepEqual(await axe(page), [], `${path} ${name}`)
    }
    assert.deepEqual(complaints(page), [], name)
    await page.context().close()
  }
})
