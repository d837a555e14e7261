// A privacy officer without a manual: what two people ask about their data goes from the
// question to the answer in the browser, with evidence, and each reads it on a page of theirs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { axe, binary, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

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
const step = (title) => officer.getByRole('list', { name: 'From question to answer' }).getByRole('listitem').filter({ has: officer.getByRole('heading', { name: title }) })
const done = (title) => step(title).getByRole('heading', { name: /: done$/ }).waitFor()

/** Writes down what somebody asked at the counter, says how it was proved, and finds them. */
async function begin(kind, words, name) {
  await officer.getByRole('link', { name: 'Privacy' }).click()
  await press('Write down a request')
  await dialog(officer).getByLabel('What is asked').selectOption(kind)
  await dialog(officer).getByLabel('By which law').selectOption('gdpr')
  await dialog(officer).getByLabel('What the person said').fill(words)
  assert.deepEqual(await axe(officer), [], 'a new request')
  await dialog(officer).getByRole('button', { name: 'Write down a request' }).click()
  await officer.getByLabel('Whom do you look for?').fill(name)
  await press('Find')
  await officer.getByRole('list', { name: 'Who was found' }).getByText(name).first().waitFor()
  await press('It is this person')
  await done('Whom it is about')
  await officer.getByLabel('How do you know that it is them?').fill('Came to the counter with a passport.')
  await press('It is them')
  await done('Is it really them?')
}

/** Answers it, and opens the page on which the person reads the answer. */
async function answer(words) {
  await officer.getByLabel(/^What the person reads/).fill(words)
  await press('Answer as done')
  await done('The answer')
  const person = await tab(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await person.goto(new URL(await officer.getByRole('link', { name: 'Open that page' }).getAttribute('href'), d.dashboard).href)
  await person.getByText(words).waitFor()
  assert.deepEqual(await axe(person), [], 'the page of the person')
  return person
}

test('a request may be refused with a reason, and the person reads why', async () => {
  await begin('access', 'I want to know what you have about me.', 'Jonas')
  await press('Refuse')
  await dialog(officer).getByLabel('Why it is refused').selectOption('excessive')
  assert.deepEqual(await axe(officer), [], 'a refusal')
  await dialog(officer).getByRole('button', { name: 'Refuse' }).click()
  await done('The answer')
  await officer.getByText('Refused with a reason.').waitFor()
  await officer.getByText(/asked again and again/).first().waitFor()
  assert.deepEqual(complaints(officer), [])
})

test('a request for a copy is answered: found, proved, copied, and fetched once on the page of the person', async () => {
  await begin('access', 'I want to know what you have about me.', 'Jonas')
  await press('Make a copy of everything')
  await officer.getByText('Ready', { exact: true }).waitFor()
  await done('What is asked is done')
  assert.deepEqual(await axe(officer), [], 'a request with its copy')
  await officer.screenshot({ path: join(out, 'case-access.png'), fullPage: true })
  const person = await answer('Here is all of it.')
  await person.screenshot({ path: join(out, 'case-copy-phone.png'), fullPage: true })
  const [file] = await Promise.all([person.waitForEvent('download'), person.getByRole('button', { name: 'Get my copy' }).click()])
  assert.equal(file.suggestedFilename(), 'copy.zip')
  await file.saveAs(join(out, 'copy.zip'))
  await person.reload()
  assert.equal(await person.getByRole('button', { name: 'Get my copy' }).count(), 0, 'a copy is given out twice')
  assert.deepEqual(complaints(officer), [])
})

test('what may be done for a person is done where they are found, by the keyboard alone', async () => {
  await officer.getByRole('link', { name: 'Privacy' }).click()
  await officer.getByRole('tab', { name: 'Find a person' }).click()
  await officer.getByLabel('Whom do you look for?').fill('Jonas')
  await officer.keyboard.press('Enter')
  const found = officer.getByRole('list', { name: 'Who was found' })
  const at = async (name) => {
    await found.getByRole('button', { name, exact: true }).focus()
    await officer.keyboard.press('Enter')
  }
  await at('Limits')
  await officer.getByRole('switch', { name: 'Objection' }).focus()
  await officer.keyboard.press('Space')
  await officer.getByRole('switch', { name: 'Objection', checked: true }).waitFor()
  assert.deepEqual(await axe(officer), [], 'limits')
  await officer.screenshot({ path: join(out, 'person-limits.png'), fullPage: true })
  await at('Who was told')
  await officer.getByRole('list', { name: 'Who was told' }).or(officer.getByText('Nothing of this person went to anybody outside.')).waitFor()
  assert.deepEqual(await axe(officer), [], 'who was told')
  await at('Correct')
  await dialog(officer).getByLabel('Telephone').fill('+49 30 1234567')
  await dialog(officer).getByLabel('What the person says of it').fill('The number before was never mine.')
  assert.deepEqual(await axe(officer), [], 'a correction')
  await officer.keyboard.press('Tab')
  await dialog(officer).getByRole('button', { name: 'Save' }).press('Enter')
  await found.getByText('+49 30 1234567').waitFor()
  await officer.setViewportSize({ width: 390, height: 844 })
  await at('Copies')
  await found.getByRole('list', { name: 'Copies' }).waitFor()
  assert.deepEqual(await axe(officer), [], 'copies on a phone')
  await officer.screenshot({ path: join(out, 'person-phone.png'), fullPage: true })
  await officer.setViewportSize({ width: 1440, height: 1000 })
  assert.deepEqual(complaints(officer), [])
})

test('a request to be erased is answered: nobody finds the person any more, and they still read the answer', async () => {
  await begin('erase', 'Please forget me.', 'Jonas')
  await press('Erase this person')
  await dialog(officer).getByRole('button', { name: 'Erase this person' }).click()
  await done('What is asked is done')
  await officer.getByText('This person is erased.').waitFor()
  await officer.screenshot({ path: join(out, 'case-erase.png'), fullPage: true })
  await answer('Everything we held about you is destroyed.')
  await officer.getByRole('tab', { name: 'Find a person' }).click()
  await officer.getByLabel('Whom do you look for?').fill('Jonas')
  await press('Find')
  await officer.getByText('Nobody like that').waitFor()
  assert.deepEqual(await axe(officer), [], 'finding a person')
  assert.deepEqual(complaints(officer), [])
})

test('each promise says what this install was seen to keep, and a search finds it', async () => {
  execFileSync(binary, ['prove', '--install', '--data', d.dir], { stdio: 'pipe' })
  await officer.getByRole('link', { name: 'Privacy' }).click()
  await officer.getByRole('tab', { name: 'Promises' }).click()
  await officer.getByLabel('Find a sentence or a clause').fill('A-12.1-02')
  const sealed = officer.getByRole('listitem').filter({ hasText: 'A-12.1-02' }).first()
  await sealed.getByText('Proven', { exact: true }).waitFor()
  assert.match(await sealed.innerText(), /seen on this install/)
  await officer.getByLabel('Find a sentence or a clause').fill('A-11-14')
  await officer.getByText('On this install: this install makes no backups', { exact: false }).waitFor()
  await officer.getByLabel('Find a sentence or a clause').fill('')
  await officer.getByLabel('Which promises').selectOption('proven')
  await officer.getByText(/seen on this install/).first().waitFor()
  assert.deepEqual(await axe(officer), [], 'promises')
  await officer.screenshot({ path: join(out, 'promises.png'), fullPage: true })
  const small = await tab(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', storageState: await officer.context().storageState() })
  await small.goto(officer.url())
  await small.getByLabel('Find a sentence or a clause').fill('A-11-')
  await small.getByText(/seen on this install/).first().waitFor()
  assert.deepEqual(await axe(small), [], 'promises on a phone')
  await small.screenshot({ path: join(out, 'promises-phone.png'), fullPage: true })
  await small.context().close()
  assert.deepEqual(complaints(officer), [])
})
