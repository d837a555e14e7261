// Channels of a provider, on the real binary against the simulated one: a person
// signs in by its dialog, ticks an account, and from then on its customers are in
// the inbox like any other.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { axe, demo, launch, out, signIn, tab } from './world.mjs'

let d, browser
before(async () => {
  ;[d, browser] = await Promise.all([demo(), launch()])
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

const wide = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }
const dialog = (page) => page.getByRole('dialog')
const thread = (page) => page.getByRole('region', { name: 'Conversation' })
const phone = (page, channel) => page.locator(`.phone[data-channel=${channel}]`)
// What a browser notes down by itself when the server says no.
const complaints = (page) => page.complaints.filter((c) => !/Failed to load resource: the server responded with a status of 4/.test(c))

/** Opens the Channels screen and the manifest of a kind. */
async function manifest(page, kind) {
  await page.goto(`${d.dashboard}/channels`)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await dialog(page).getByRole('button', { name: new RegExp(kind) }).click()
  await dialog(page).getByText('What Parley asks Meta for').waitFor()
}

test('Instagram is connected by its dialog, talks, and is disconnected with its tokens', async () => {
  const staff = await tab(browser, wide)
  await signIn(staff, d)
  await manifest(staff, 'Instagram')
  const go = dialog(staff).getByRole('button', { name: 'Continue to Instagram' })
  assert.equal(await dialog(staff).getByRole('checkbox').isChecked(), false, 'nobody agrees by default')
  assert.equal(await go.isDisabled(), true, 'one leaves only after reading what is asked for')
  await dialog(staff).getByText('instagram_business_manage_messages').waitFor()
  assert.deepEqual(await axe(staff), [], 'the manifest')
  await staff.screenshot({ path: join(out, 'connect-manifest.png') })
  await dialog(staff).getByRole('checkbox').check()
  await go.click()

  const asked = []
  staff.on('request', (r) => r.url().endsWith('/channels/connect/finish') && asked.push(r.url()))
  await staff.getByRole('button', { name: /^Continue as/ }).first().click()
  await staff.getByText('Which accounts?').waitFor()
  assert.equal(staff.url(), `${d.dashboard}/channels/connected`, 'the code stays in the address')
  assert.equal(asked.length, 1, 'the code was spent more than once')
  const boxes = staff.getByRole('checkbox')
  assert.ok((await boxes.count()) > 0)
  for (const box of await boxes.all()) assert.equal(await box.isChecked(), false, 'nothing is connected that nobody ticked')
  assert.equal(await staff.getByRole('main').getByRole('button', { name: 'Connect' }).isDisabled(), true)
  assert.deepEqual(await axe(staff), [], 'the accounts')
  await staff.screenshot({ path: join(out, 'connect-accounts.png') })
  await boxes.first().check()
  await staff.getByRole('main').getByRole('button', { name: 'Connect' }).click()
  await staff.getByText('Connected', { exact: true }).waitFor()
  assert.deepEqual(await axe(staff), [], 'the result')
  await staff.screenshot({ path: join(out, 'connect-result.png') })
  await staff.getByRole('button', { name: 'Done' }).click()
  await staff.waitForURL(`${d.dashboard}/channels`)

  // A customer writes and the AI answers on the phone.
  const customer = await tab(browser, wide)
  await customer.goto(`${d.simulator}?customer=1`)
  const p = phone(customer, 'instagram')
  await p.getByText('connected', { exact: true }).waitFor()
  const write = async (text) => {
    await p.getByRole('textbox').fill(text)
    await p.getByRole('textbox').press('Enter')
  }
  await write('Can I return a coat that is too small?')
  await p.getByText('within 30 days').first().waitFor()

  // A member takes over and replies; the receipt comes back.
  await staff.goto(`${d.dashboard}/inbox/all`)
  await staff.getByRole('option').getByText('Can I return a coat that is too small?').first().click()
  await thread(staff).getByRole('button', { name: /^Take over/ }).click()
  await thread(staff).getByText(/took over/).first().waitFor()
  const reply = 'I have put a larger one aside for you.'
  await thread(staff).getByRole('textbox', { name: 'Reply to the contact' }).fill(reply)
  await staff.keyboard.press('Control+Enter')
  await p.getByText(reply).waitFor()
  await thread(staff).getByRole('log').getByText('Read', { exact: true }).nth(1).waitFor() // the AI's and theirs
  await staff.screenshot({ path: join(out, 'connect-inbox.png') })
  await customer.screenshot({ path: join(out, 'connect-phone.png') })

  // How it is, and out again.
  await staff.goto(`${d.dashboard}/channels`)
  await staff.getByRole('link', { name: /Instagram/ }).click()
  await staff.getByRole('button', { name: 'Check now' }).click()
  await staff.getByText('New messages are delivered to Parley').waitFor()
  await staff.getByRole('switch', { name: 'Pause the AI here' }).click()
  await staff.getByRole('switch', { name: 'Pause the AI here', checked: true }).waitFor()
  assert.deepEqual(await axe(staff), [], 'an account')
  await staff.screenshot({ path: join(out, 'account.png'), fullPage: true })
  await staff.getByRole('button', { name: 'Disconnect' }).click()
  await dialog(staff).getByText(/They stay in the inbox/).waitFor()
  assert.deepEqual(await axe(staff), [], 'the question')
  await staff.screenshot({ path: join(out, 'account-disconnect.png') })
  await dialog(staff).getByRole('button', { name: 'Disconnect' }).click()
  await dialog(staff).getByText(/tokens and secrets destroyed/).waitFor()
  await staff.screenshot({ path: join(out, 'account-gone.png') })
  await dialog(staff).getByRole('button', { name: 'Done' }).click()
  await staff.waitForURL(`${d.dashboard}/channels`)
  await staff.getByRole('link', { name: /Instagram/ }).waitFor({ state: 'detached' })
  await p.getByText('not connected', { exact: true }).waitFor()

  // What was deleted can be read and saved later, too.
  await staff.goto(`${d.dashboard}/settings/privacy`)
  await staff.getByRole('button', { name: 'Certificate of deletion' }).click()
  await dialog(staff).getByText(/tokens and secrets destroyed/).waitFor()
  const [saved] = await Promise.all([
    staff.waitForEvent('download'),
    dialog(staff).getByRole('button', { name: 'Save the signed certificate' }).click(),
  ])
  assert.match(saved.suggestedFilename(), /^parley-certificate-\d+\.json$/)
  assert.deepEqual(await axe(staff), [], 'a certificate')
  await staff.screenshot({ path: join(out, 'certificate.png') })
  assert.deepEqual(complaints(staff), [])
  await staff.context().close()
  await customer.context().close()
})

test('a sign-in that was cancelled says so and connects nothing', async () => {
  const page = await tab(browser, { ...wide, colorScheme: 'dark' })
  await signIn(page, d)
  await page.goto(`${d.dashboard}/channels`)
  // Without a mouse.
  await page.getByRole('button', { name: 'Connect', exact: true }).press('Enter')
  await dialog(page).getByRole('button', { name: /Messenger/ }).press('Enter')
  await page.waitForFunction(() => document.activeElement?.matches('select'))
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  assert.equal(await dialog(page).getByRole('checkbox').isChecked(), true)
  assert.deepEqual(await axe(page), [], 'the manifest, dark')
  await page.screenshot({ path: join(out, 'connect-manifest-dark.png') })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Cancel' }).first().click()
  await page.getByText('Nothing was connected').waitFor()
  assert.equal(page.url(), `${d.dashboard}/channels/connected`)
  assert.deepEqual(await axe(page), [], 'a cancelled sign-in')
  await page.screenshot({ path: join(out, 'connect-denied-dark.png') })
  await page.getByRole('button', { name: 'Start again' }).click()
  await dialog(page).getByRole('button', { name: /Instagram/ }).waitFor()
  await page.goto(`${d.dashboard}/channels/connected?code=made-up&state=made-up-word`)
  await page.getByText('The sign-in did not work').waitFor()
  await page.getByText(/This sign-in is over/).waitFor()
  assert.equal(page.url(), `${d.dashboard}/channels/connected`)
  assert.deepEqual(complaints(page), [])
  await page.context().close()
})

test('a Messenger page whose access ended asks for a person, who connects it again', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  const approve = async () => {
    await dialog(page).getByRole('checkbox').check()
    await dialog(page).getByRole('button', { name: 'Continue to Facebook' }).click()
    await page.getByRole('button', { name: /^Continue as/ }).first().click()
    await page.getByRole('checkbox').first().check()
    await page.getByRole('main').getByRole('button', { name: 'Connect' }).click()
    await page.getByText('Connected', { exact: true }).waitFor()
    await page.getByRole('main').getByRole('link').first().click()
  }
  await manifest(page, 'Messenger')
  await approve()
  await page.getByText('Active', { exact: true }).waitFor()
  const account = page.url()

  const order = (path, body) =>
    fetch(new URL(path, d.simulator), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  assert.equal((await order('/api/revoke', { sub: 460 })).ok, true)
  assert.equal((await order('/api/act', { customer: 2, channel: 'messenger', act: { kind: 'text', text: 'Can I return a coat that is too small?' } })).ok, true)
  // The answer cannot leave; the open page says so by itself.
  await page.getByText(/access has ended/).waitFor()
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('Not in order').first().waitFor({ state: 'attached' })
  assert.deepEqual(await axe(page), [], 'an account without access')
  await page.screenshot({ path: join(out, 'account-reconnect.png') })

  await page.getByRole('button', { name: 'Reconnect' }).click()
  await approve()
  await page.getByText('Active', { exact: true }).waitFor()
  assert.equal(page.url(), account, 'the account came back as another')
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('New messages are delivered to Parley').waitFor()
  assert.equal(await page.getByText('Not in order').count(), 0)
  assert.deepEqual(complaints(page), [])
  await page.context().close()
})

test('WhatsApp is connected by a pasted token, on a phone and in Turkish', async () => {
  const res = await fetch(new URL('/api/paste', d.simulator), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ channel: 'whatsapp' }) })
  const given = Object.fromEntries(await res.json())
  const me = { email: 'defne@northwind.example', password: 'four calm words in a row' }
  await d.api('POST', '/members', { name: 'Defne Aksoy', role: 'admin', locale: 'tr', ...me })
  const page = await tab(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'tr-TR', reducedMotion: 'reduce' })
  await signIn(page, { ...d, ...me })
  await page.goto(`${d.dashboard}/channels`)
  await page.getByRole('button', { name: 'Bağla', exact: true }).tap()
  await page.screenshot({ path: join(out, 'connect-kinds-phone.png') })
  assert.deepEqual(await axe(page), [], 'the kinds')
  await dialog(page).getByRole('button', { name: /WhatsApp/ }).tap()
  await dialog(page).getByLabel('Nasıl bağlanacak').selectOption('token')
  await dialog(page).getByRole('checkbox').check()
  await dialog(page).getByRole('button', { name: 'Anahtarı denetle' }).tap()
  await dialog(page).getByRole('alert').waitFor() // nothing was filled in
  await dialog(page).getByLabel('Sistem kullanıcısı anahtarı').fill(given.token)
  assert.equal(await dialog(page).getByLabel('Sistem kullanıcısı anahtarı').getAttribute('type'), 'password')
  await dialog(page).getByLabel('Telefon numarası kimliği').fill(given.numberID)
  await dialog(page).getByLabel('WhatsApp işletme hesabı kimliği').fill(given.wabaID)
  await page.screenshot({ path: join(out, 'connect-token-phone.png') })
  assert.deepEqual(await axe(page), [], 'the form of a token')
  await dialog(page).getByLabel(/gizli anahtarı/).fill(given.appSecret)
  await dialog(page).getByRole('button', { name: 'Anahtarı denetle' }).tap()
  await dialog(page).getByText('Hangi hesaplar?').waitFor()
  await dialog(page).getByRole('checkbox').first().check()
  await dialog(page).getByRole('button', { name: 'Bağla' }).tap()
  await dialog(page).getByText('Bağlandı', { exact: true }).waitFor()
  await page.screenshot({ path: join(out, 'connect-result-phone.png') })
  await dialog(page).getByRole('button', { name: 'Tamam' }).tap()
  await page.getByRole('link', { name: /WhatsApp/ }).tap()
  await page.getByRole('button', { name: 'Şimdi denetle' }).tap()
  await page.getByText('Numara hizmette').waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  assert.deepEqual(await axe(page), [], 'an account on a phone')
  await page.screenshot({ path: join(out, 'account-phone.png') })
  assert.deepEqual(complaints(page), [])
  await page.context().close()
})
