// What an operator sees of backups: that nothing is saved without a recovery key and how to
// begin, and, once there is one, what lies there and until when.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { axe, binary, complaints, demo, launch, out, signIn, tab } from './world.mjs'

const them = { email: 'run@northwind.example', password: 'six slow otters at dusk' }
const away = mkdtempSync(join(tmpdir(), 'parley-recovery-'))
let d, browser

/** A command of the program on the install's data folder. */
function parley(args, input = '') {
  const done = spawnSync(binary, [...args, '--data', d.dir], { input, encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
}

before(async () => {
  d = await demo()
  browser = await launch()
  parley(['user', 'add', '--workspace', 'Northwind Goods', '--email', them.email, '--name', 'Rana', '--role', 'operator', '--password-stdin'], `${them.password}\n`)
})
after(async () => {
  await browser?.close()
  await d?.stop()
  d?.remove()
  rmSync(away, { recursive: true, force: true })
})

/** Signs the operator in and opens the list. */
async function look(options) {
  const page = await tab(browser, options)
  await signIn(page, { ...d, ...them })
  await page.getByRole('tab', { name: 'Backups' }).click()
  return page
}

test('without a recovery key it says that nothing is saved, and with one what lies there', async () => {
  const first = await look({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await first.getByText('This install is not backed up', { exact: false }).waitFor()
  await first.getByText('parley backup key FILE').waitFor()
  assert.deepEqual(await axe(first), [], 'without a recovery key')
  await first.screenshot({ path: join(out, 'backups-off.png') })
  assert.deepEqual(complaints(first), [])

  parley(['backup', 'key', join(away, 'recovery.key')])
  await first.context().close()
  await d.stop('SIGINT') // what was reported is asked for at the last stop
  d = await demo({ data: d.dir, port: d.port })
  parley(['backup'])
  const page = await look({ viewport: { width: 1440, height: 900 } })
  const list = page.getByRole('list', { name: 'Backups' })
  for (const kind of ['Data', 'Keys']) await list.getByText(new RegExp(`^${kind} ·`)).first().waitFor()
  await list.getByText(/ · kept until /).first().waitFor()
  assert.equal(await page.getByText('This install is not backed up', { exact: false }).count(), 0)
  assert.equal(await page.getByText('No whole backup', { exact: false }).count(), 0)
  assert.deepEqual(await axe(page), [], 'what lies there')
  await page.screenshot({ path: join(out, 'backups.png') })
  assert.deepEqual(complaints(page), [])
})
