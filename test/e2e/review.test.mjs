// What an owner does when knowledge is not in order: files that cannot be read,
// a web page that contradicts another source, an answer that is wrong.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { addingKnowledge, axe, complaints, demo, dialog, launch, out, signIn, tab } from './world.mjs'

// The demo's own shop says 5 percent on one of its pages.
const noteText = 'Club members collect 9 percent of every purchase as points.'

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

const wide = { viewport: { width: 1440, height: 900 } }

/** A zip of one file that says how large it is. */
function zip(name, content, says = content.length) {
  const packed = deflateRawSync(content)
  const head = (central) => {
    const h = Buffer.alloc(central ? 46 : 30)
    h.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0)
    const at = central ? 6 : 4
    h.writeUInt16LE(20, at)
    h.writeUInt16LE(8, at + 4)
    h.writeUInt32LE(crc32(content), at + 10)
    h.writeUInt32LE(packed.length, at + 14)
    h.writeUInt32LE(says, at + 18)
    h.writeUInt16LE(name.length, at + 22)
    return h
  }
  const local = Buffer.concat([head(false), Buffer.from(name), packed])
  const central = Buffer.concat([head(true), Buffer.from(name)])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

/** A PDF of one page that shows a picture and no letter, as a scanner makes it. */
function scan() {
  const stream = (dict, body) => `<<${dict} /Length ${body.length}>>\nstream\n${body}\nendstream`
  const objects = [
    '<</Type /Catalog /Pages 2 0 R>>',
    '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    '<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources <</XObject <</P 5 0 R>>>>>>',
    stream('', 'q 200 0 0 200 0 0 cm /P Do Q'),
    stream('/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8', 'x'),
  ]
  let text = '%PDF-1.4\n'
  const at = objects.map((o, i) => {
    const from = text.length
    text += `${i + 1} 0 obj\n${o}\nendobj\n`
    return from
  })
  const xref = text.length
  text += `xref\n0 ${at.length + 1}\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`
  return Buffer.from(`${text}trailer <</Size ${at.length + 1} /Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`, 'latin1')
}

const ole = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(1024), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(1024)])
const refusals = [
  ['scanned.pdf', scan(), /pictures without letters.*text recognised \(OCR\)/],
  ['secret.docx', ole, /password only\. Save it without one/],
  ['nothing.txt', Buffer.from(' \n'), /It is empty\. Add it again with some text|no words in it/],
  ['holiday.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /This kind of file cannot be read\. PDF, Word/],
  ['bomb.docx', zip('word/document.xml', Buffer.alloc(1000), 0x7fffffff), /grows beyond all measure.*smaller pictures/],
]

test('what cannot be read says why and what to do; a contradiction is shown, dismissed and taken back; a wrong answer is corrected', async () => {
  const page = await tab(browser, wide)
  await signIn(page, d)
  await d.api('POST', '/knowledge/sources', { kind: 'text', name: 'Note at the counter', format: 'markdown', text: `# Club points\n\n${noteText}\n` })
  await addingKnowledge(page, d)
  await dialog(page).getByRole('button', { name: 'Web page' }).click()
  await dialog(page).getByLabel('Address of the page').fill(new URL('/club?lang=en', d.shop).href)
  await dialog(page).getByLabel('Name').fill('Page of the club')
  await dialog(page).getByRole('button', { name: 'Add knowledge' }).click()
  await dialog(page).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: /Page of the club.*Ready/ }).waitFor()

  for (const [name, buffer, why] of refusals) {
    await addingKnowledge(page, d)
    await dialog(page).locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await dialog(page).getByRole('button', { name: 'Add knowledge' }).click()
    // Some are refused at the door, some when they are opened.
    await page.getByText(why).first().waitFor()
    await page.screenshot({ path: join(out, `refused-${name.replace('.', '-')}.png`) })
  }

  await page.goto(`${d.dashboard}/knowledge/findings`)
  const found = page.getByRole('list', { name: 'Contradictions' }).getByRole('listitem').filter({ hasText: noteText }).filter({ hasText: 'Page of the club' })
  await found.waitFor({ timeout: 45_000 })
  assert.deepEqual(await found.locator('mark').allInnerTexts().then((all) => all.sort()), ['5', '9'])
  assert.deepEqual(await axe(page), [], 'the check-up')
  await page.screenshot({ path: join(out, 'knowledge-check-up.png') })
  await found.getByRole('button', { name: 'Both are right' }).click()
  await found.waitFor({ state: 'detached' })
  await page.getByRole('radio', { name: 'Dismissed' }).click()
  await found.getByText(/^Dismissed by /).waitFor()
  await found.getByRole('button', { name: 'Open again' }).click()
  await found.waitFor({ state: 'detached' })

  await page.getByRole('radio', { name: 'To look at' }).click()
  await found.getByRole('button', { name: 'Hide: Club points' }).click()
  await found.waitFor({ state: 'detached', timeout: 45_000 })

  const asked = page.getByRole('complementary', { name: 'Test a question' })
  await asked.getByPlaceholder('Ask as a customer').fill('How many percent of a purchase do club members collect as points?')
  await page.keyboard.press('Enter')
  await asked.getByRole('button', { name: 'Correct this answer' }).click()
  await dialog(page).getByLabel('What it should say').fill('Club members collect 5 percent of every purchase as points, at the counter of shop 41 too.')
  assert.deepEqual(await axe(page), [], 'a correction')
  await dialog(page).getByRole('button', { name: 'Save and ask again' }).click()
  await dialog(page).getByText('what the AI answers now').waitFor()
  await dialog(page).getByText('at the counter of shop 41 too').first().waitFor()
  await page.screenshot({ path: join(out, 'knowledge-corrected.png') })
  await dialog(page).getByRole('button', { name: 'Done' }).click()
  await asked.getByText('at the counter of shop 41 too').first().waitFor()
  assert.deepEqual(complaints(page), [])
})
