// The AI is held to what a business expects, on the real program: an answer is
// made a test, a change that breaks it is not saved without a reason, what changed
// stands side by side, and the way back is held to the same test.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { axe, demo, launch, out, signIn, tab } from './world.mjs'

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

const quiet = ['status of 401', 'status of 409'] // the first look whether somebody is signed in; tests that fail
const complaints = (page) => page.complaints.filter((c) => !quiet.some((q) => c.includes(q)))
const wide = { viewport: { width: 1440, height: 1000 } }
const question = 'Can I return a coat that is too small?'
const settings = async () => (await d.api('GET', '/ai')).settings

test('a test fails after a change, is overridden with a reason, and holds again after going back', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/ai/evaluation`)
  await page.getByText('No tests yet').waitFor()

  // From an answer to a test.
  const panel = page.getByRole('complementary', { name: 'Try it' })
  await panel.getByPlaceholder('Ask as a customer').fill(question)
  await page.keyboard.press('Enter')
  await panel.getByRole('button', { name: 'Save as test' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add test' })
  assert.equal(await dialog.getByLabel('Question', { exact: true }).inputValue(), question)
  assert.equal(await dialog.getByLabel('What should become of it').inputValue(), 'answered')
  await dialog.getByLabel('The answer must say').fill('30 days')
  assert.deepEqual(await axe(page), [], 'the dialog of a test')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Run all' }).click()
  await page.getByText('Results of the last run').waitFor()
  await page.getByText('1 passed and 0 failed, of 1.', { exact: false }).waitFor()

  // A first version to go back to.
  const first = await settings()
  await d.api('PUT', '/ai', { ...first, tone: 'warm' })

  // A change that breaks it: coats are for people now.
  await page.goto(`${d.dashboard}/ai`)
  await page.getByRole('button', { name: 'Add topic' }).click()
  const topic = page.getByRole('dialog', { name: 'Add topic' })
  await topic.getByLabel('Name').fill('Coats')
  await topic.getByRole('textbox').nth(1).fill('coat')
  await topic.getByRole('button', { name: /Add|Save/ }).last().click()
  await page.getByRole('button', { name: /^Save/ }).click()
  const refusal = page.getByRole('alert').filter({ hasText: question })
  await refusal.waitFor()
  await page.screenshot({ path: join(out, 'evaluate-blocked.png') })

  // What would change, before it holds: the tab beside keeps the edits.
  await page.getByRole('tab', { name: 'Evaluation' }).click()
  await page.getByRole('link', { name: 'Replay' }).click()
  await page.getByRole('radio', { name: /My unsaved changes/ }).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByText('What would be different').waitFor()
  await page.getByRole('list', { name: 'What becomes something else' }).getByText('handed over').first().waitFor()
  await page.screenshot({ path: join(out, 'evaluate-replay.png'), fullPage: true })
  assert.deepEqual(await axe(page), [], 'a comparison')

  // All the same, with a reason.
  await page.getByRole('textbox', { name: /why/i }).fill('the new shop answers about coats itself')
  await page.getByRole('button', { name: 'Save all the same' }).click()
  await page.getByRole('button', { name: /^Save/ }).waitFor({ state: 'detached' })
  assert.ok((await settings()).topics.some((x) => x.name === 'Coats'))

  // It fails now, with what it said before beside it.
  await page.getByRole('link', { name: 'Tests' }).click()
  await page.getByRole('button', { name: `Run: ${question}` }).click()
  await page.getByText('0 passed and 1 failed, of 1.', { exact: false }).waitFor()
  await page.getByRole('heading', { name: 'The last time' }).waitFor()
  await page.getByText('Would be sent').first().waitFor()
  await page.screenshot({ path: join(out, 'evaluate-failed.png'), fullPage: true })
  assert.deepEqual(await axe(page), [], 'a test that fails')

  // Back to the first version: the test holds, nobody is asked why.
  await page.getByRole('tab', { name: 'History' }).click()
  const back = page.getByRole('button', { name: 'Go back to this' })
  await back.last().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Go back to this' }).click()
  await page.getByText('Version 3', { exact: true }).waitFor()
  assert.ok(!(await settings()).topics.some((x) => x.name === 'Coats'))

  // Forward to the one that breaks it: held to the same test.
  await back.first().click()
  const sure = page.getByRole('dialog', { name: 'Go back to version 2?' })
  await sure.getByRole('button', { name: 'Go back to this' }).click()
  await sure.getByText(question).waitFor()
  await page.screenshot({ path: join(out, 'evaluate-back.png') })
  assert.deepEqual(await axe(page), [], 'going back is refused')
  await sure.getByRole('button', { name: 'Cancel' }).click()
  assert.equal((await settings()).version, 3)
  assert.deepEqual(complaints(page), [])
})

test('who asks is probed, and everything is counted with its meaning', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await page.goto(`${d.dashboard}/ai/bias`)
  await page.getByText('Does it matter who asks?').waitFor()
  await page.getByRole('button', { name: 'Probe now' }).click()
  await page.getByText('What this proves', { exact: false }).waitFor()
  await page.getByRole('table').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: 'Numbers' }).click()
  // The figures come a minute after the first answer: until then the page says so.
  await page.getByText('How conversations ended').or(page.getByText('Nothing to count yet')).waitFor()
  await page.getByRole('radio', { name: '7 days' }).click()
  await page.getByText('How conversations ended').or(page.getByText('Nothing to count yet')).waitFor()
  assert.deepEqual(complaints(page), [])
})

const ready = {
  evaluation: /^(Tests|Sınamalar)$/,
  replay: /What if|Ya şöyle/,
  bias: /Does it matter|Kimin sorduğu/,
  numbers: /How conversations ended|Nothing to count yet|Görüşmeler nasıl|Henüz sayılacak/,
}

test('every page of it is free of axe violations, in both languages and themes, wide and on a phone', async () => {
  // Wide and light, the first two were looked at on the way above.
  for (const [name, options, paths] of [
    ['light', { ...wide, locale: 'en-GB' }, ['bias', 'numbers']],
    ['phone-tr-dark', { viewport: { width: 390, height: 800 }, hasTouch: true, colorScheme: 'dark', locale: 'tr-TR' }, Object.keys(ready)],
  ]) {
    const page = await tab(browser, options)
    await signIn(page, d)
    for (const path of paths) {
      await page.goto(`${d.dashboard}/ai/${path}`)
      await page.getByRole('tabpanel').getByText(ready[path]).first().waitFor()
      await page.screenshot({ path: join(out, `evaluate-${path}-${name}.png`) })
      assert.deepEqual(await axe(page), [], `${path} ${name}`)
    }
    assert.deepEqual(complaints(page), [], name)
    await page.context().close()
  }
})
