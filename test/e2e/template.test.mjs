// An approved template outside the reply window, on the real binary against the
// simulated WhatsApp: the window closes, the member is offered a template, records
// the permission, fills it in, and the customer reads it.
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

/** Connects the simulated number by the dialog of its provider. */
async function connectWhatsApp(page) {
  await page.goto(`${d.dashboard}/channels`)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await dialog(page).getByRole('button', { name: /WhatsApp/ }).click()
  await dialog(page).getByRole('checkbox').check()
  await dialog(page).getByRole('button', { name: /^Continue to/ }).click()
  await page.getByRole('button', { name: /^Continue as/ }).first().click()
  await page.getByText('Which accounts?').waitFor()
  await page.getByRole('checkbox').first().check()
  await page.getByRole('main').getByRole('button', { name: 'Connect' }).click()
  await page.getByText('Connected', { exact: true }).waitFor()
}

test('outside the window a template reaches the person, by keyboard, with their permission on record', async () => {
  const staff = await tab(browser, wide)
  await signIn(staff, d)
  await connectWhatsApp(staff)
  const customer = await tab(browser, wide)
  await customer.goto(`${d.simulator}?customer=1`)
  const p = customer.locator('.phone[data-channel=whatsapp]')
  await p.getByText('connected', { exact: true }).waitFor()
  await p.getByRole('textbox').fill('Is my order ready?')
  await p.getByRole('textbox').press('Enter')
  await staff.goto(`${d.dashboard}/inbox/all`)
  await staff.getByRole('option').getByText('Is my order ready?').first().click()
  await thread(staff).getByRole('button', { name: 'Send a template' }).waitFor()
  await staff.screenshot({ path: join(out, 'template-free.png') })
  const here = staff.url() // before the day is over and the page leads to the sign-in
  await customer.getByRole('button', { name: '+25 hours' }).first().click()
  await customer.getByText('More than 24 hours without a word').first().waitFor()
  await signIn(staff, d) // a day without a sign of life ends a session
  await staff.goto(here)
  await thread(staff).getByText(/You can send an approved template/).waitFor()
  await staff.screenshot({ path: join(out, 'template-closed.png') })
  await thread(staff).getByRole('button', { name: 'Send a template' }).focus()
  await staff.keyboard.press('Enter')
  await dialog(staff).getByText('Order ready').first().waitFor()
  assert.deepEqual(await axe(staff), [], 'the list')
  await staff.screenshot({ path: join(out, 'template-list.png') })
  await staff.keyboard.type('order')
  await staff.keyboard.press('Enter')
  await dialog(staff).getByLabel('How and where was it given?').waitFor()
  assert.deepEqual(await axe(staff), [], 'without a permission')
  await staff.screenshot({ path: join(out, 'template-permission.png') })
  await dialog(staff).getByLabel('How and where was it given?').fill('Ticked the box at the till.')
  await dialog(staff).getByRole('checkbox').check()
  await dialog(staff).getByRole('button', { name: 'Put on record' }).click()
  await dialog(staff).getByLabel('Value 1').fill('Ayşe')
  await dialog(staff).getByLabel('Value 2').fill('771')
  assert.deepEqual(await axe(staff), [], 'filled in')
  await staff.screenshot({ path: join(out, 'template-filled.png') })
  await staff.keyboard.press('Enter')
  await dialog(staff).waitFor({ state: 'detached' })
  await p.getByText(/771/).first().waitFor()
  await thread(staff).getByText(/771/).first().waitFor()
  await staff.getByText('Permission to write').waitFor()
  await staff.getByText('Ticked the box at the till.').waitFor()
  await staff.screenshot({ path: join(out, 'template-sent.png') })
  // And on a phone, in the dark, in Turkish.
  const small = await tab(browser, { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce', colorScheme: 'dark', locale: 'tr-TR' })
  await signIn(small, d)
  await small.goto(here)
  await small.getByRole('button', { name: /Şablon gönder|Send a template/ }).click()
  await small.getByRole('dialog').getByText('Order ready').first().waitFor()
  await small.screenshot({ path: join(out, 'template-list-phone.png') })
  await small.getByRole('dialog').getByText('Order ready').first().click()
  await small.getByRole('dialog').getByRole('textbox').first().waitFor()
  assert.deepEqual(await axe(small), [], 'on a phone, dark')
  await small.screenshot({ path: join(out, 'template-fill-phone.png') })
})
