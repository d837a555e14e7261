// The page with three phones, on the real binary: what a person without a Meta
// app tries first. Accounts are connected with pasted tokens here; the sign-in by
// dialog is a journey of the Channels screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { axe, demo, launch, out, signIn, tab } from './world.mjs'

/** Holds a page to its policy and to axe. The check's own script breaks the policy, so it comes last. */
async function clean(page) {
  assert.deepEqual(page.complaints, [])
  assert.deepEqual(await axe(page), [])
  page.complaints.length = 0
}

let d, browser
before(async () => {
  ;[d, browser] = await Promise.all([demo(), launch()])
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
})

/** What the simulator gives to paste, by the names Parley asks for. */
async function connect(kind, names) {
  const res = await fetch(new URL('/api/paste', d.simulator), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ channel: kind }) })
  const values = Object.fromEntries(await res.json())
  const fields = Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [theirs, values[ours]]))
  const offer = await d.api('POST', '/channels/connect/paste', { kind, way: 'token', acknowledged: true, fields })
  await d.api('POST', '/channels/connect/confirm', { offer_id: offer.id, accounts: offer.accounts.map((a) => ({ kind: a.kind, outside_id: a.outside_id })) })
}

const phone = (page, channel) => page.locator(`.phone[data-channel=${channel}]`)

test('a person writes on three phones and reads the answers', async () => {
  const page = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await page.goto(`${d.simulator}?customer=1`)
  await phone(page, 'messenger').getByText('not connected', { exact: true }).waitFor()
  await connect('instagram', { instagram_token: 'token', app_secret: 'appSecret' })
  await connect('messenger', { page_id: 'pageID', page_token: 'token', app_secret: 'appSecret' })
  await connect('whatsapp', { system_user_token: 'token', phone_number_id: 'numberID', waba_id: 'wabaID', app_secret: 'appSecret' })
  for (const channel of ['instagram', 'messenger', 'whatsapp']) {
    const p = phone(page, channel)
    await p.getByText('connected', { exact: true }).waitFor()
    await p.getByRole('textbox').fill('Can I return a coat that is too small?')
    await p.getByRole('textbox').press('Enter')
  }
  for (const channel of ['instagram', 'messenger', 'whatsapp']) await phone(page, channel).getByText('within 30 days').first().waitFor()
  await page.screenshot({ path: join(out, 'simulator.png') })
  await clean(page)
  await page.context().close()
})

// covers H-57, H-58: files both ways, through the phones.
test('a picture and a voice message arrive, and a picture goes back', async () => {
  const page = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await page.goto(`${d.simulator}?customer=1`)
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mP4zwAE/wEHAAH/PX2MSQAAAABJRU5ErkJggg==', 'base64')
  for (const channel of ['instagram', 'messenger', 'whatsapp']) {
    const p = phone(page, channel)
    await p.getByRole('button', { name: 'Send something else' }).click()
    await p.getByRole('button', { name: 'Sample picture' }).click()
    await p.locator('img').first().waitFor()
    await p.getByRole('button', { name: 'Send a voice message' }).click()
    await p.locator('audio').first().waitFor()
    const talk = (await d.api('GET', '/conversations?view=all&limit=100')).items.find((c) => c.channel.kind === channel)
    let files
    for (const end = Date.now() + 15000; ; await page.waitForTimeout(100)) {
      const said = (await d.api('GET', `/conversations/${talk.id}/messages?limit=50`)).items
      files = said.flatMap((m) => m.attachments)
      if (files.length >= 2 && files.every((f) => f.state !== 'waiting')) break
      assert.ok(Date.now() < end, `${channel}: ${JSON.stringify(files)}`)
    }
    assert.deepEqual(files.map((f) => `${f.kind} ${f.state}`).sort(), ['audio ready', 'image ready'], channel)
    const form = new FormData()
    form.append('conversation_id', talk.id)
    form.append('file', new Blob([picture], { type: 'image/png' }), 'coat.png')
    const up = await fetch(new URL('/api/v1/media', d.dashboard), { method: 'POST', headers: { Authorization: `Bearer ${d.api_key}` }, body: form })
    assert.equal(up.status, 201, await up.clone().text())
    const before = await p.locator('img').count()
    await d.api('POST', `/conversations/${talk.id}/messages`, { body: 'This one?', attachments: [(await up.json()).id] })
    await p.getByText('This one?').first().waitFor()
    await p.locator('img').nth(before).waitFor()
  }
  await page.screenshot({ path: join(out, 'simulator-files.png') })
  await clean(page)
  await page.context().close()
})

test('the phones are used without a mouse, and the wire log opens', async () => {
  const page = await tab(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await page.goto(`${d.simulator}?customer=2&lang=tr`)
  const p = phone(page, 'instagram')
  await p.getByRole('button', { name: 'Başka bir şey gönder' }).press('Enter')
  await p.getByRole('button', { name: 'Hikâyede bahset' }).press('Enter')
  await p.getByRole('button', { name: /Mağazadan hikâyede bahsedildi/ }).press('Enter')
  await page.getByRole('menuitem', { name: /Geri al/ }).press('Enter')
  // What is drawn anew under somebody's focus, as when a message turns out to be read, keeps it.
  const stood = await page.evaluate(async () => {
    const { sync } = await import('/page/dom.js')
    const list = document.body.appendChild(document.createElement('div'))
    const show = (state) =>
      sync(list, ['a', 'b'], (x) => `${x}|${state}`, (x) => {
        const row = document.createElement('div')
        row.append(document.createElement('button'), document.createElement('button'))
        row.lastChild.textContent = `${x} ${state}`
        return row
      })
    show('sent')
    list.lastChild.lastChild.focus()
    show('read')
    const at = document.activeElement.textContent
    list.remove()
    return at
  })
  assert.equal(stood, 'b read')
  await p.getByText('Mesaj geri alındı').waitFor()
  await page.getByRole('button', { name: 'Hava ve hat' }).press('Enter')
  await clean(page)
  await page.getByRole('tab', { name: 'Hava' }).press('ArrowRight')
  await page.getByRole('tab', { name: 'Hat kaydı' }).press('Enter')
  await page.locator('.wire button').first().press('Enter')
  await page.locator('.wire pre').first().waitFor()
  await page.screenshot({ path: join(out, 'simulator-wire-dark.png') })
  await clean(page)
  await page.keyboard.press('Escape')
  await page.locator('#side').waitFor({ state: 'hidden' })
  await page.context().close()
})

test('on a phone one phone is shown at a time', async () => {
  const page = await tab(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  await page.goto(`${d.simulator}?customer=0`)
  await page.getByRole('tab', { name: 'WhatsApp' }).tap()
  await phone(page, 'whatsapp').getByRole('textbox').waitFor()
  assert.equal(await phone(page, 'instagram').isVisible(), false)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  await clean(page)
  await page.screenshot({ path: join(out, 'simulator-phone.png') })
  await page.context().close()
})

test('the inbox shows an order and a picture large, refuses a file the channel does not take, and says when the window has closed', async () => {
  const act = async (kind, text) => {
    const res = await fetch(new URL('/api/act', d.simulator), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ customer: 0, channel: 'whatsapp', act: { kind, text } }) })
    assert.equal(res.status, 200)
  }
  await act('order', 'Please wrap it')
  await act('image', 'This one, in blue')
  const staff = await tab(browser, { viewport: { width: 1440, height: 900 } })
  await signIn(staff, d)
  const inbox = async () => {
    await staff.goto(`${d.dashboard}/inbox/all`)
    await staff.getByRole('option').filter({ hasText: /This one, in blue|Please wrap it/ }).first().click()
  }
  await inbox()
  const log = staff.getByRole('log')
  await log.getByRole('row', { name: /Total/ }).waitFor() // summed by the server
  const picture = log.getByRole('article').filter({ hasText: 'This one, in blue' }).getByRole('button', { name: /^Open/ })
  await picture.click()
  const large = staff.getByRole('dialog').getByRole('img')
  await large.waitFor()
  assert.ok((await large.evaluate((i) => i.decode().then(() => i.naturalWidth))) > 0, 'the picture is no picture')
  await staff.keyboard.press('Escape')
  await picture.and(staff.locator(':focus')).waitFor()
  await staff.locator('input[type=file]').setInputFiles([{ name: 'photo.heic', mimeType: 'image/heic', buffer: Buffer.from('x') }])
  await staff.getByText('This channel does not take this format.').waitFor()
  assert.deepEqual(await axe(staff), [], 'a refused file')
  await staff.screenshot({ path: join(out, 'inbox-files.png') })
  assert.deepEqual(staff.complaints.filter((c) => !/status of 401/.test(c)), [])

  // A day later: said before anything is tried. The sign-in has ended, too.
  const moved = await fetch(new URL('/api/move', d.simulator), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"hours":25}' })
  assert.equal(moved.status, 200)
  await signIn(staff, d)
  await inbox()
  await staff.getByText(/24 hours after the person’s last message ended/).waitFor()
  assert.equal(await staff.getByRole('textbox', { name: 'Reply to the contact' }).count(), 0)
  assert.deepEqual(await axe(staff), [], 'a closed window')
  await staff.context().close()
})
