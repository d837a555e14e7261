// A privacy officer without a manual: something went wrong, and it goes from when it is
// known to what was learnt; a drill goes the same way and tells nobody.
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
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

const press = (name) => officer.getByRole('button', { name, exact: true }).click()
const step = (title) => officer.getByRole('list', { name: 'What is to be done' }).getByRole('listitem').filter({ has: officer.getByRole('heading', { name: title }) })
const done = (title) => step(title).getByRole('heading', { name: /: done$/ }).waitFor()

async function desk() {
  await officer.getByRole('link', { name: 'Privacy' }).click()
  await officer.getByRole('tab', { name: 'Breach desk' }).click()
}

/** Starts the clock and writes the facts. */
async function known() {
  await press('Start the clock')
  await done('Since when it is known')
  await officer.getByText(/\d+ hours left/).first().waitFor()
  await officer.getByLabel('What happened').fill('A key of the shop was used by somebody else.')
  await officer.getByLabel('What may follow from it').fill('Somebody may write to them in the name of the shop.')
  await officer.getByLabel('What was done about it').fill('The key was dropped within the hour.')
  await officer.getByLabel('Whom to ask').fill('privacy@northwind.example')
  await press('Save the facts')
  await done('What is known')
}

async function assess(risk) {
  await officer.getByLabel('Risk for people').selectOption(risk)
  await press('Save the assessment')
  await done('How great the risk is')
}

test('an incident goes from when it is known to people being told', async () => {
  await desk()
  await officer.getByText('No incident').waitFor()
  assert.deepEqual(await axe(officer), [], 'an empty register')
  await officer.screenshot({ path: join(out, 'breach-empty.png'), fullPage: true })
  await press('Open an incident')
  await dialog(officer).getByLabel('What happened, in a few words').fill('A key was used by somebody else')
  assert.deepEqual(await axe(officer), [], 'a new incident')
  await dialog(officer).getByRole('button', { name: 'Open an incident' }).click()
  await officer.getByText('Clock not started').waitFor()
  await known()
  await officer.getByLabel('What was reached').selectOption('table:message')
  await officer.getByRole('button', { name: 'Count', exact: true }).click()
  await done('Whom it touched')
  await officer.getByText(/\d+ people · about \d+ records/).first().waitFor()
  await assess('high')
  await officer.getByText('Somebody may write to them in the name of the shop.').first().waitFor()
  await officer.getByRole('radio', { name: 'People' }).click()
  await officer.getByRole('radio', { name: 'Türkçe' }).click()
  await officer.getByText('Bundan ne doğabilir').waitFor()
  await press('The authority was told')
  await done('What the authority is told')
  await officer.getByRole('button', { name: 'Tell the people', exact: true }).click()
  await dialog(officer).getByRole('button', { name: 'Tell the people' }).click()
  await done('Tell the people')
  await officer.getByText(/wait for their next message/).first().waitFor({ timeout: 60_000 })
  await press('Show who')
  await officer.getByRole('list', { name: 'Show who' }).getByRole('listitem').first().waitFor()
  assert.deepEqual(await axe(officer), [], 'an incident')
  await officer.screenshot({ path: join(out, 'breach-incident.png'), fullPage: true })
  await officer.getByLabel('What was learnt').fill('Keys end after a week.')
  await press('Close the incident')
  await officer.getByRole('alert').waitFor() // nobody closes it while people wait
  for (const [name, options] of Object.entries({ dark: { width: 1440, scheme: 'dark' }, phone: { width: 390, scheme: 'light' } })) {
    await officer.setViewportSize({ width: options.width, height: 900 })
    await officer.emulateMedia({ colorScheme: options.scheme })
    assert.deepEqual(await axe(officer), [], name)
    assert.ok(await officer.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} scrolls sideways`)
    await officer.screenshot({ path: join(out, `breach-incident-${name}.png`), fullPage: true })
  }
  await officer.setViewportSize({ width: 1440, height: 1000 })
  await officer.emulateMedia({ colorScheme: 'light' })
  assert.deepEqual(complaints(officer), [])
})

test('a drill goes all the way, tells nobody, and counts for the year', async () => {
  await desk()
  await officer.getByText('An incident was never rehearsed here.').waitFor()
  await press('Start a drill')
  await dialog(officer).getByLabel('What happened, in a few words').fill('Rehearsal of the spring')
  await dialog(officer).getByRole('button', { name: 'Start a drill' }).click()
  await officer.getByText('This is a drill: made-up people, and nobody is mailed.').waitFor()
  await known()
  await assess('high')
  await officer.getByText(/^DRILL/).first().waitFor()
  await press('The authority was told')
  await done('What the authority is told')
  await officer.getByRole('button', { name: 'Tell the people', exact: true }).click()
  await dialog(officer).getByRole('button', { name: 'Tell the people' }).click()
  await officer.getByText(/told in the drill/).first().waitFor()
  await officer.getByLabel('What was learnt').fill('We need the number of the authority at hand.')
  await press('Close the incident')
  await done('What was learnt')
  await officer.screenshot({ path: join(out, 'breach-drill.png'), fullPage: true })
  await press('All incidents')
  await officer.getByText(/An incident was last rehearsed on/).waitFor()
  assert.deepEqual(await axe(officer), [], 'the register')
  await officer.screenshot({ path: join(out, 'breach-register.png'), fullPage: true })
  assert.deepEqual(complaints(officer), [])
})
