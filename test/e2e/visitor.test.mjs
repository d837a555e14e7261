// The main job as a visitor lives it, on the shop's strict page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { ask, axe, demo, launch, openChat, out, says, stored, tab, withoutSaving } from './world.mjs'

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

// asvs: V14.3.3
test('a question is answered with its source, and nothing is stored before a choice', async () => {
  const page = await tab(browser)
  const frame = await openChat(page, d.shop)
  assert.equal((await stored(page)) + (await stored(frame)), 0, 'something is stored before a choice')
  assert.deepEqual(await axe(frame), [], 'consent card')
  await withoutSaving(frame)
  await ask(frame, 'Can I return a coat that is too small?')
  await says(frame, /30 days/i)
  assert.equal((await stored(page)) + (await stored(frame)), 0, 'something is stored after "without saving"')
  assert.deepEqual(await axe(frame), [], 'chat with an answer')
  await page.screenshot({ path: join(out, 'visitor-en.png') })
  assert.deepEqual(page.complaints, [], 'console or policy complaints')
  assert.deepEqual(await page.context().cookies(), [], 'a cookie was set')
})

test('the same in Turkish, on a phone, in the dark', async () => {
  const page = await tab(browser, { locale: 'tr-TR', viewport: { width: 390, height: 780 }, colorScheme: 'dark', hasTouch: true })
  const frame = await openChat(page, `${d.shop}/?lang=tr`)
  await withoutSaving(frame)
  await ask(frame, 'Çok küçük gelen paltoyu iade edebilir miyim?')
  await says(frame, /30 gün/i)
  assert.equal(await frame.evaluate(() => document.documentElement.lang), 'tr')
  assert.deepEqual(await axe(frame), [])
  await page.screenshot({ path: join(out, 'visitor-tr-phone-dark.png') })
  assert.deepEqual(page.complaints, [])
})

test('the privacy notice opens from the card in a tab of its own, in both languages', async () => {
  const page = await tab(browser)
  const frame = await openChat(page, d.shop)
  const link = frame.getByRole('link', { name: 'Privacy notice' })
  assert.equal(await link.getAttribute('rel'), 'noopener')
  const [notice] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  await notice.getByRole('heading', { level: 1, name: /privacy notice .* Northwind Goods/i }).waitFor()
  assert.equal(await notice.evaluate(() => window.opener), null)
  await notice.getByText(/erased 24 hours after its last message/).first().waitFor()
  assert.deepEqual(await axe(notice), [], 'notice')
  await notice.screenshot({ path: join(out, 'notice-en.png'), fullPage: true })
  await notice.setViewportSize({ width: 360, height: 740 })
  await notice.emulateMedia({ colorScheme: 'dark' })
  await notice.getByRole('link', { name: 'Türkçe' }).click()
  await notice.getByRole('heading', { level: 1, name: /gizlilik bildirimi/i }).waitFor()
  assert.equal(await notice.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'wider than a phone')
  assert.deepEqual(await axe(notice), [], 'notice on a phone')
  await notice.screenshot({ path: join(out, 'notice-tr-phone-dark.png'), fullPage: true })
  assert.deepEqual(await page.context().cookies(), [])
  assert.equal((await stored(notice)) + (await stored(page)), 0)
  assert.deepEqual(page.complaints, [])
})

test('keeping the conversation stores one entry, and a reload goes on', async () => {
  const page = await tab(browser)
  let frame = await openChat(page, d.shop)
  await frame.getByRole('button', { name: /keep my conversation/i }).click()
  await ask(frame, 'Can I pay in instalments?')
  await says(frame, /Klarna/)
  assert.equal(await page.evaluate(() => localStorage.length), 1)
  assert.deepEqual(await page.context().cookies(), [])
  await page.reload()
  frame = await openChat(page, d.shop)
  await says(frame, 'Can I pay in instalments?')
  await says(frame, /Klarna/)
})

test('by keyboard alone: open, ask, close, focus comes back', async () => {
  const page = await tab(browser)
  await page.goto(d.shop)
  const launcher = page.getByRole('button', { name: /chat/i }).first()
  await launcher.waitFor()
  await launcher.focus()
  await page.keyboard.press('Enter')
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  const choice = frame.getByRole('button', { name: /without saving/i })
  await choice.waitFor()
  await choice.focus()
  await page.keyboard.press('Enter')
  await frame.getByRole('textbox').first().waitFor()
  await page.keyboard.type('Do you ship to Germany?')
  await page.keyboard.press('Enter')
  await says(frame, /Germany/i)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.tagName === 'BUTTON')
})

test('a question nobody wrote an answer for calls a person and says so', async () => {
  const page = await tab(browser)
  const frame = await openChat(page, d.shop)
  await withoutSaving(frame)
  await ask(frame, 'Who won the football world cup in 1998?')
  await says(frame, /person|colleague|team/i)
})

test('what is only nearly sure is offered as buttons, and a pressed one answers', async () => {
  const page = await tab(browser)
  const frame = await openChat(page, d.shop)
  await withoutSaving(frame)
  await ask(frame, 'What are your opening hours?')
  await says(frame, /did you mean/i)
  await frame.getByRole('button', { name: 'Customer service hours' }).waitFor()
  await frame.getByRole('button', { name: 'Vienna store' }).click()
  await says(frame, /10:00 to 18:30/)
  await says(frame, /Our stores/)
  assert.deepEqual(await axe(frame), [])
})
