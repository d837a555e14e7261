// Members come in by mail: an invitation and a forgotten password, on the real
// binary with a mail server that hands its mails to the test.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { axe, demo, launch, out, signIn, tab } from './world.mjs'

let server, mails, wake, d, browser

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
