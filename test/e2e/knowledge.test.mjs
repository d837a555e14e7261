// What an owner does with knowledge: add a file and decide about single passages,
// approve a question that a model suggests, let the AI answer with a saved reply.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addingKnowledge, axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const samples = join(root, 'internal', 'knowledge', 'extract', 'testdata')
let d
let browser
let vendor

/** Starts the stand-in for a vendor of models, which ends with its standard input. */
async function models() {
  vendor = spawn('go', ['run', './sim/llm/serve'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const said = await new Promise((done, fail) => {
    let text = ''
    vendor.stdout.on('data', (part) => {
      text += part
      if (text.includes('\n')) done(JSON.parse(text))
    })
    vendor.on('exit', (code) => fail(new Error(`the vendor of models ended with ${code}`)))
  })
  process.env.PARLEY_OPENAI_URL = said.PARLEY_OPENAI_URL
  process.env.PARLEY_OPENAI_KEY = 'sk-journey-0123456789'
}

before(async () => {
  await models()
  d = await demo()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
  vendor?.stdin.end()
})

const wide = { viewport: { width: 1440, height: 900 } }

test('a PDF is added and read, and one of its passages is hidden and restored', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await addingKnowledge(page, d)
  assert.deepEqual(await axe(page), [], 'the kinds of knowledge')
  await page.screenshot({ path: join(out, 'knowledge-add.png') })
  await dialog(page).locator('input[type=file]').setInputFiles(join(samples, 'shop-en.pdf'))
  await dialog(page).getByLabel('Name').fill('Handbook')
  await page.screenshot({ path: join(out, 'knowledge-file.png') })
  await dialog(page).getByRole('button', { name: 'Add knowledge' }).click()
  await dialog(page).waitFor({ state: 'detached' })
  const row = page.getByRole('link', { name: /Handbook.*Ready/ })
  await row.waitFor()
  await row.click()
  await page.getByRole('heading', { name: 'Passages' }).waitFor()
  const asked = page.getByRole('complementary', { name: 'Test a question' })
  await asked.getByPlaceholder('Ask as a customer').fill('Can I return a coat?')
  await page.keyboard.press('Enter')
  await asked.getByText('Why this answer').waitFor()

  await page.getByRole('button', { name: /^Hide: / }).first().click()
  await page.getByRole('button', { name: /^Show again: / }).first().waitFor()
  await page.getByRole('radio', { name: 'Hidden' }).click()
  await page.getByRole('button', { name: /^Show again: / }).waitFor()
  assert.deepEqual(await axe(page), [], 'a hidden passage')
  await page.screenshot({ path: join(out, 'knowledge-hidden.png') })
  await page.getByRole('button', { name: /^Show again: / }).click()
  await page.getByText('Nothing like that here').waitFor()

  await page.getByRole('radio', { name: 'All' }).click()
  await page.getByRole('button', { name: /^Edit: / }).first().click()
  await dialog(page).getByLabel('What it says').fill('Returned kettles go to shelf 77.')
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await dialog(page).waitFor({ state: 'detached' }) // the list may say it sooner
  await page.getByText('Returned kettles go to shelf 77.').waitFor()
  await page.getByRole('button', { name: /^Restore as it was read: / }).click()
  await page.getByText('Returned kettles go to shelf 77.').waitFor({ state: 'detached' })
  assert.deepEqual(complaints(page), [])
})

test('a question that a model suggests is approved and leads to its passage; another is declined', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/knowledge/suggested`)
  await page.getByText('Suggested questions are off').waitFor()
  const { settings } = await d.api('GET', '/ai')
  await d.api('PUT', '/ai', { ...settings, provider: 'openai', models: { ...settings.models, openai: 'gpt-5-mini' }, purposes: ['phrase'] })
  await page.reload()
  const list = page.getByRole('list', { name: /^Questions for: Equipment for hire > How to reserve/ })
  await list.waitFor({ timeout: 60_000 })
  const questions = list.getByRole('listitem')
  const before = await questions.count()
  const words = (await questions.first().innerText()).trim()
  assert.deepEqual(await axe(page), [], 'suggested questions')
  await page.screenshot({ path: join(out, 'knowledge-suggested.png') })
  await list.getByRole('button', { name: `Approve: ${words}` }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('These words now lead to the passage').first().waitFor()
  await list.getByText(words).waitFor({ state: 'detached' })
  if (before > 1) await list.getByRole('button', { name: /^Decline: / }).first().click()

  // A phrasing that a person approved stands at its passage, and is found.
  const { items } = await d.api('GET', '/knowledge/sources?limit=100')
  const source = items.find((s) => s.name === 'Equipment for hire')
  await page.goto(`${d.dashboard}/knowledge/${source.id}`)
  const asked = page.getByRole('complementary', { name: 'Test a question' })
  await asked.getByPlaceholder('Ask as a customer').fill(words)
  await page.keyboard.press('Enter')
  await asked.getByText(/at least 3 days before you collect it/).first().waitFor()
  assert.deepEqual(complaints(page), [])
})

test('the AI answers with a saved reply while its switch is on', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/settings/saved`)
  await page.getByRole('button', { name: 'New saved reply' }).click()
  const form = page.getByRole('dialog', { name: 'New saved reply' })
  await form.getByLabel('Name').fill('Gift wrapping')
  await form.getByLabel('Text').fill('Hello {{contact.name}}.')
  await form.getByRole('switch', { name: 'The AI may answer with it' }).click()
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('nothing is left of this text', { exact: false }).waitFor()
  await form.getByLabel('Text').fill('Hello {{contact.name}}! We wrap gifts in linen cloth free of charge.')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.waitFor({ state: 'detached' })

  await page.goto(`${d.dashboard}/knowledge`)
  await page.getByRole('link', { name: /Saved replies.*Ready/ }).waitFor()
  const asked = page.getByRole('complementary', { name: 'Test a question' })
  const ask = async () => {
    await asked.getByPlaceholder('Ask as a customer').fill('Do you wrap gifts in linen cloth?')
    await page.keyboard.press('Enter')
  }
  await ask()
  await asked.getByText('We wrap gifts in linen cloth free of charge.').first().waitFor()
  await page.screenshot({ path: join(out, 'knowledge-saved-reply.png') })

  await page.goto(`${d.dashboard}/settings/saved`)
  await page.getByRole('button', { name: 'Change: Gift wrapping' }).click()
  const change = page.getByRole('dialog', { name: 'Change saved reply' })
  await change.getByRole('switch', { name: 'The AI may answer with it' }).click()
  await change.getByRole('button', { name: 'Save' }).click()
  await change.waitFor({ state: 'detached' })
  await page.goto(`${d.dashboard}/knowledge`)
  await page.getByRole('link', { name: /Equipment for hire/ }).waitFor()
  assert.equal(await page.getByRole('link', { name: /Saved replies/ }).count(), 0)
  assert.deepEqual(complaints(page), [])
})
