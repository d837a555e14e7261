// What an owner does with knowledge: add a file and decide about single passages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addingKnowledge, axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

const samples = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'internal', 'knowledge', 'extract', 'testdata')
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
