// Ways in beside a password, and what closes them: an account outside, an authenticator app with its
// recovery codes, a passkey, a sign-in ended elsewhere, a role taken away.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

let d, browser, provider

/** Starts the stand-in for Google, which ends with its standard input. */
async function accounts() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  provider = spawn('go', ['run', './sim/oidc/serve'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const said = await new Promise((done, fail) => {
    let text = ''
    provider.stdout.on('data', (part) => {
      text += part
      if (text.includes('\n')) done(JSON.parse(text))
    })
    provider.on('exit', (code) => fail(new Error(`the account provider ended with ${code}`)))
  })
  process.env.PARLEY_GOOGLE_ISSUER = said.issuer
  process.env.PARLEY_GOOGLE_CLIENT_ID = said.client_id
  process.env.PARLEY_GOOGLE_CLIENT_SECRET = said.client_secret
}

before(async () => {
  await accounts()
  d = await demo({ host: 'localhost' }) // a passkey belongs to a name, never to an address of digits
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
  provider?.stdin.end()
})

const at = (path) => new URL(path, d.dashboard).href
const inside = (page) => page.getByRole('navigation').first().waitFor()
const press = (page, name) => page.getByRole('button', { name, exact: true }).click()

/** The code an authenticator app shows, so many steps of 30 seconds from now. */
function code(secret, ahead = 0) {
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', key).update(step).digest()
  const n = sum.readUInt32BE(sum[19] & 15) & 0x7fffffff
  return String(n % 1_000_000).padStart(6, '0')
}

async function enter(page) {
  await page.goto(at('/sign-in'))
  await page.getByLabel('E-mail').fill(d.email)
  await page.getByLabel('Password').fill(d.password)
  await page.keyboard.press('Enter')
}

async function leave(page) {
  await page.goto(at('/settings/profile'))
  await press(page, 'Sign out')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

test('a sign-in that is ended elsewhere closes by itself', async () => {
  const here = await tab(browser)
  await signIn(here, d)
  const there = await tab(browser, { viewport: { width: 390, height: 844 } })
  await signIn(there, d)
  await here.goto(at('/settings/profile'))
  await here.getByRole('button', { name: /^End the sign-in/ }).click()
  await there.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual(complaints(here), [])
})

test('a role that is taken away holds at once, on the screen that is open', async () => {
  await d.api('POST', '/members', { name: 'Can Öz', email: 'can@northwind.example', role: 'agent', password: 'four red kites at dawn' })
  const his = await tab(browser)
  await signIn(his, { ...d, email: 'can@northwind.example', password: 'four red kites at dawn' })
  const inbox = his.getByRole('navigation').getByRole('link', { name: /Needs you/ })
  await inbox.waitFor()
  const owner = await tab(browser)
  await signIn(owner, d)
  await owner.goto(at('/settings/members'))
  await owner.getByRole('button', { name: 'Change: Can Öz' }).click()
  await dialog(owner).getByLabel('Role').selectOption('billing')
  await press(dialog(owner), 'Save')
  await inbox.waitFor({ state: 'detached' })
  const refused = await his.evaluate(() => fetch('/api/v1/conversations').then((r) => r.status))
  assert.equal(refused, 403)
})

test('a key that may only read conversations opens nothing else, and nothing once it is revoked', async () => {
  const page = await tab(browser)
  await signIn(page, d)
  await page.goto(at('/settings/keys'))
  await press(page, 'Create key')
  await dialog(page).getByLabel('Name').fill('Order system')
  await dialog(page).getByRole('radio', { name: 'Only some' }).click()
  await dialog(page).getByLabel('Read conversations').check()
  assert.deepEqual(await axe(page), [])
  await press(dialog(page), 'Create key')
  const token = await dialog(page).getByLabel('Key', { exact: true }).inputValue()
  const asked = (path) => fetch(at(`/api/v1/${path}`), { headers: { Authorization: `Bearer ${token}` } }).then((r) => r.status)
  assert.deepEqual([await asked('conversations'), await asked('members'), await asked('audit')], [200, 403, 403])
  await press(dialog(page), 'Done')
  await press(page, 'Revoke: Order system')
  await press(dialog(page), 'Revoke')
  await dialog(page).waitFor({ state: 'detached' })
  assert.equal(await asked('conversations'), 401)
  assert.deepEqual(complaints(page), [])
})

// asvs: V7.4.4
test('an account at a provider signs in once its member linked it, and a stranger does not', async () => {
  const page = await tab(browser)
  await signIn(page, d)
  await page.goto(at('/settings/profile'))
  await press(page, 'Link: Google')
  await page.getByRole('button', { name: /^Ada/ }).click()
  await page.getByRole('button', { name: 'Unlink: Google' }).waitFor()
  await leave(page)
  await press(page, 'Continue with Google')
  await page.getByRole('button', { name: /^Nobody Known/ }).click()
  await page.getByText('No workspace knows this account').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await press(page, 'Continue with Google')
  await page.getByRole('button', { name: /^Ada/ }).click()
  await inside(page)
  assert.deepEqual(complaints(page), [])

  // Ten minutes are not waited for: the first try gets the answer that an old proof gets.
  await page.goto(at('/settings/profile'))
  const old = { status: 403, code: 'reauthentication_required', title: 'Show once more who you are' }
  await page.route('**/api/v1/outside-accounts/*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(old) }), { times: 1 })
  await press(page, 'Unlink: Google')
  await press(dialog(page), 'Unlink')
  const asks = page.getByRole('dialog', { name: 'Is it you?' })
  await asks.getByRole('button', { name: 'With Google' }).click()
  for (const [who, says] of [[/^Nobody Known/, 'This is not the account that is linked to yours'], [/^Ada/, 'It is you']]) {
    const opening = page.context().waitForEvent('page')
    await asks.getByRole('link', { name: 'Go to Google' }).click()
    const there = await opening
    await there.getByRole('button', { name: who }).click()
    await there.getByText(says).waitFor()
    assert.deepEqual(await axe(there), [])
    await there.close()
    if (says === 'It is you') break
    await page.screenshot({ path: `${out}/proof-google.png` })
    assert.deepEqual(await axe(page), [])
    await press(asks, 'Try again')
    await press(asks, 'With Google')
  }
  await asks.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Link: Google' }).waitFor() // what waited for the proof was done
})

test('an authenticator app guards the sign-in, and a recovery code opens it once', async () => {
  const page = await tab(browser)
  await signIn(page, d)
  await page.goto(at('/settings/profile'))
  await press(page, 'Add an app')
  const secret = await dialog(page).locator('code').innerText()
  assert.deepEqual(await axe(page), [])
  await page.screenshot({ path: `${out}/totp.png` })
  await dialog(page).getByLabel('Then type the code').fill(code(secret))
  await page.keyboard.press('Enter')
  await dialog(page).getByRole('heading', { name: 'Keep these codes' }).waitFor()
  const [first] = await dialog(page).getByRole('listitem').allInnerTexts()
  await press(page, 'I have kept them')
  await page.getByText('Authenticator app').first().waitFor()

  await leave(page)
  await enter(page)
  await page.getByRole('heading', { name: 'Second step' }).waitFor()
  const shut = await page.evaluate(() => fetch('/api/v1/conversations').then((r) => r.status))
  assert.equal(shut, 403, 'a password alone opened a door')
  assert.deepEqual(await axe(page), [])
  await page.screenshot({ path: `${out}/second-step.png` })
  await page.getByLabel('Code').fill(code(secret, 1)) // each code is good once
  await page.keyboard.press('Enter')
  await inside(page)

  await leave(page)
  for (const right of [true, false]) {
    await enter(page)
    await press(page, 'A recovery code')
    await page.getByLabel('Recovery code').fill(first)
    await page.keyboard.press('Enter')
    if (!right) break
    await inside(page)
    await leave(page)
  }
  await page.getByRole('alert').waitFor()
  assert.deepEqual(complaints(page), [])
})

test('a passkey signs in with nothing typed, and passes the second step by itself', async () => {
  const page = await tab(browser)
  const keeper = await page.context().newCDPSession(page)
  await keeper.send('WebAuthn.enable')
  await keeper.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await signIn(page, { ...d, email: 'can@northwind.example', password: 'four red kites at dawn' })
  await page.goto(at('/settings/profile'))
  await press(page, 'Add a passkey')
  await press(page, 'Make a passkey')
  await press(page, 'I have kept them')
  await page.getByText('This device', { exact: true }).waitFor()
  await page.screenshot({ path: `${out}/passkey.png` })
  await leave(page)
  await press(page, 'Sign in with a passkey')
  await inside(page)
  assert.deepEqual(complaints(page), [])
})
