// Members come in by mail: an invitation and a forgotten password, on the real
// binary with a mail server that hands its mails to the test.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { axe, complaints, demo, launch, out, signIn, tab } from './world.mjs'

let server, mails, wake, d, browser
const joined = [] // pages in which Can is signed in

/** A mail server on loopback: takes everything, keeps the texts. */
async function mailServer() {
  mails = []
  wake = () => {}
  server = createServer((c) => {
    let to = ''
    let body = null
    let rest = ''
    c.on('error', () => {})
    c.write('220 test\r\n')
    c.on('data', (chunk) => {
      rest += chunk
      for (let end; (end = rest.indexOf('\r\n')) >= 0; ) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (body !== null) {
          if (line !== '.') {
            body += `${line}\n`
            continue
          }
          mails.push({ to, text: body.replaceAll('=\n', '').replaceAll('=3D', '=') })
          body = null
          c.write('250 taken\r\n')
          wake()
        } else if (/^RCPT/i.test(line)) {
          to = /<(.*)>/.exec(line)[1]
          c.write('250 ok\r\n')
        } else if (/^DATA/i.test(line)) {
          body = ''
          c.write('354 go on\r\n')
        } else if (/^QUIT/i.test(line)) c.end('221 bye\r\n')
        else c.write('250 ok\r\n')
      }
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return `smtp://127.0.0.1:${server.address().port}?from=support@northwind.example`
}

/** The link of the newest mail to somebody, once there are n. */
async function link(to, n = 1) {
  for (;;) {
    const his = mails.filter((m) => m.to === to)
    if (his.length >= n) return /http:\S+#[\w-]+/.exec(his[n - 1].text)?.[0]
    await new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no mail ${n} to ${to}`)), 20000)
      wake = () => (clearTimeout(late), done())
    })
  }
}

before(async () => {
  process.env.PARLEY_SMTP_URL = await mailServer()
  d = await demo()
  delete process.env.PARLEY_SMTP_URL
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
  server?.close()
})

test('a colleague is invited by mail, joins behind the link, and is in', async () => {
  const owner = await tab(browser)
  await signIn(owner, d)
  await owner.goto(new URL('/settings/members', d.dashboard).href)
  await owner.getByRole('button', { name: 'Add member' }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Can Öz')
  await dialog.getByLabel('E-mail').fill('can@northwind.example')
  await dialog.getByRole('radio', { name: 'By mail' }).waitFor()
  assert.deepEqual(await axe(owner), [])
  await owner.screenshot({ path: `${out}/invite.png` })
  await dialog.getByRole('button', { name: 'Add member' }).click()
  await owner.getByText('Invited', { exact: true }).waitFor()
  await owner.screenshot({ path: `${out}/invited.png` })

  const at = await link('can@northwind.example')
  const page = await tab(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await page.goto(at)
  await page.getByRole('heading', { name: /Join Northwind/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.screenshot({ path: `${out}/join-phone-dark.png` })
  for (const box of await page.getByRole('checkbox').all()) {
    assert.equal(await box.isChecked(), false)
    await box.check()
  }
  await page.getByLabel('New password').fill('short')
  await page.keyboard.press('Enter')
  await page.getByText(/too short/).waitFor()
  await page.getByLabel('New password').fill('four red kites at dawn')
  await page.keyboard.press('Enter')
  await page.waitForURL((u) => !/invitation/.test(u.pathname))
  await page.getByRole('navigation').first().waitFor()
  await page.goto('about:blank')
  await page.goto(at)
  await page.getByText('This link does not open any more').waitFor()
  joined.push(page)
  await owner.reload()
  await owner.getByText('can@northwind.example').waitFor()
  assert.equal(await owner.getByText('Invited', { exact: true }).count(), 0)
  assert.deepEqual(owner.complaints.filter((c) => !/401/.test(c)), [])
})

test('a forgotten password is replaced behind a mailed link, in Turkish, by keyboard', async () => {
  const page = await tab(browser, { locale: 'tr-TR' })
  await page.goto(new URL('/sign-in', d.dashboard).href)
  await page.getByRole('link', { name: 'Parolanızı mı unuttunuz?' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Yeni bir parola seçin' }).waitFor()
  await page.getByLabel('E-posta').fill('nobody@northwind.example')
  await page.keyboard.press('Enter')
  await page.getByText('E-posta kutunuza bakın').waitFor()
  await page.goto(new URL('/forgot', d.dashboard).href)
  await page.getByLabel('E-posta').fill(d.email)
  assert.deepEqual(await axe(page), [])
  await page.screenshot({ path: `${out}/forgot-tr.png` })
  await page.keyboard.press('Enter')
  await page.getByText('E-posta kutunuza bakın').waitFor()
  await page.screenshot({ path: `${out}/forgot-sent-tr.png` })
  const at = await link(d.email)
  await page.goto(at)
  await page.getByLabel('Yeni parola').fill('five blue kites at dawn')
  await page.screenshot({ path: `${out}/reset-tr.png` })
  await page.keyboard.press('Enter')
  await page.getByText('Parola değiştirildi').waitFor()
  await page.getByRole('link', { name: 'Oturum açmaya dön' }).click()
  await page.getByLabel('E-posta').fill(d.email)
  await page.getByLabel('Parola').fill('five blue kites at dawn')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()
  assert.deepEqual(page.complaints.filter((c) => !/401/.test(c)), [])
  assert.equal(mails.filter((m) => m.to === 'nobody@northwind.example').length, 0)
})

test('a mailed link signs in once, by a press and not by being opened', async () => {
  const page = await tab(browser)
  await page.goto(new URL('/sign-in', d.dashboard).href)
  await page.getByRole('link', { name: 'Mail me a link that signs me in' }).click()
  await page.getByLabel('E-mail').fill('can@northwind.example') // joined above
  await page.keyboard.press('Enter')
  await page.getByText('Look into your mailbox').waitFor()
  const at = await link('can@northwind.example', 2)
  for (const used of [false, true]) {
    await page.goto('about:blank')
    await page.goto(at)
    if (used) break
    await page.getByRole('heading', { name: /^Sign in to Northwind/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation').first().waitFor()
  }
  await page.getByText('This link does not open any more').waitFor()
  assert.deepEqual(complaints(page), [])
  joined.push(page)
})

// What one is, allows and was mailed stands in the profile.
test('a member changes their name, allows news and takes it back by the same switch, and reads what was mailed', async () => {
  const seen = []
  for (const [name, options] of [
    ['wide', { viewport: { width: 1440, height: 900 } }],
    ['phone-tr-dark', { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark', locale: 'tr-TR' }],
  ]) {
    const page = await tab(browser, options)
    const say = (en, tr) => (name === 'wide' ? en : tr)
    await signIn(page, { ...d, password: 'five blue kites at dawn' })
    await page.goto(new URL('/settings/profile', d.dashboard).href)
    await page.getByRole('button', { name: say('Change name', 'Adı değiştir') }).click()
    const box = page.getByRole('dialog').getByLabel(say('Name', 'Ad'), { exact: true })
    await box.fill(`Selin Koç ${name}`)
    assert.deepEqual(await axe(page), [], `own name ${name}`)
    await page.keyboard.press('Enter')
    await page.getByText(`Selin Koç ${name}`).locator('visible=true').first().waitFor()
    const news = page.getByRole('switch', { name: say('News about Parley', 'Parley haberleri') })
    assert.equal(await news.getAttribute('aria-checked'), 'false', 'nothing is allowed from the start')
    await news.click()
    await page.getByText(say(/^Allowed since/, /beri izinli/)).waitFor()
    await page.getByText(say('Your password for Northwind Goods was changed', /Northwind Goods.*parola/)).first().waitFor()
    seen.push((await d.api('GET', '/audit?limit=1')).items[0].action)
    await page.screenshot({ path: `${out}/profile-${name}.png`, fullPage: true })
    await news.scrollIntoViewIfNeeded()
    await page.screenshot({ path: `${out}/profile-news-${name}.png` })
    assert.deepEqual(await axe(page), [], `profile ${name}`)
    await news.click()
    await page.getByText(say(/^Allowed from/, /arasında izinliydi/)).first().waitFor()
    await page.waitForFunction((el) => el.getAttribute('aria-checked') === 'false', await news.elementHandle())
    assert.deepEqual(complaints(page), [])
    await page.context().close()
  }
  assert.deepEqual(seen, ['consent.give', 'consent.give'])
})

test('all other sign-ins end at once, and each page that was open shows the way in', async () => {
  const page = await tab(browser)
  await signIn(page, { ...d, email: 'can@northwind.example', password: 'four red kites at dawn' })
  assert.equal(joined.length, 2)
  for (const other of joined) {
    await other.goto(d.dashboard)
    await other.getByText('Ayşe Demir').locator('visible=true').first().waitFor()
  }
  await page.goto(new URL('/settings/profile', d.dashboard).href)
  await page.getByRole('button', { name: 'End all others' }).click()
  await Promise.all(joined.map((other) => other.getByRole('heading', { name: 'Sign in' }).waitFor()))
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('button', { name: /^End the sign-in/ }).count(), 0)
  assert.deepEqual(complaints(page), [])
})

test('an owner gives the workspace away, both see it at once, and leaves for good', async () => {
  const owner = await tab(browser)
  await signIn(owner, { ...d, password: 'five blue kites at dawn' })
  const can = await tab(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await signIn(can, { ...d, email: 'can@northwind.example', password: 'four red kites at dawn' }) // joined above
  await can.goto(new URL('/settings/profile', d.dashboard).href)
  await can.getByText('can@northwind.example · Agent').waitFor()
  await owner.goto(new URL('/settings/members', d.dashboard).href)
  await owner.getByRole('button', { name: 'Change: Can Öz' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Make owner' }).click()
  const sure = owner.getByRole('dialog', { name: 'Make Can Öz the owner?' })
  await sure.waitFor()
  assert.deepEqual(await axe(owner), [])
  await owner.screenshot({ path: `${out}/give-ownership.png` })
  await sure.getByRole('button', { name: 'Make owner' }).click()
  await can.getByText('can@northwind.example · Owner').waitFor() // on the screen that is open
  await link('can@northwind.example', 3) // told by mail
  await owner.goto(new URL('/settings/profile', d.dashboard).href)
  await owner.getByText(`${d.email} · Admin`).waitFor()
  const refused = await owner.evaluate(() => fetch('/api/v1/members/1/factors', { method: 'DELETE', headers: { 'Content-Type': 'application/json' } }).then((r) => r.status))
  assert.equal(refused, 403, 'who gave it away is an admin from then on')

  await owner.getByRole('button', { name: 'Leave the workspace' }).or(owner.getByRole('button', { name: 'Leave', exact: true })).first().click()
  const leaving = owner.getByRole('dialog')
  await leaving.getByRole('textbox').fill('Northwind')
  await leaving.getByRole('button', { name: 'Leave', exact: true }).click()
  await leaving.getByRole('alert').or(leaving.locator('[aria-invalid=true]')).first().waitFor() // not its name
  assert.deepEqual(await axe(owner), [])
  await leaving.getByRole('textbox').fill('Northwind Goods')
  await leaving.getByRole('button', { name: 'Leave', exact: true }).click()
  await owner.getByRole('heading', { name: 'Sign in' }).waitFor()
  await owner.getByLabel('E-mail').fill(d.email)
  await owner.getByLabel('Password').fill('five blue kites at dawn')
  await owner.keyboard.press('Enter')
  await owner.getByText('E-mail or password is not right.').waitFor()
  await can.goto(new URL('/settings/members', d.dashboard).href)
  await can.getByText('can@northwind.example').waitFor()
  assert.equal(await can.getByText(d.email).count(), 0)
  assert.deepEqual(complaints(owner), [])
})
