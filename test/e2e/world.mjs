// What every browser journey stands on: the real binary, a real browser, a real
// shop page of another origin. Nothing is mocked.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const require = createRequire(join(root, 'web', 'package.json'))
const { chromium } = require('playwright-core')
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const out = join(here, 'out')
mkdirSync(out, { recursive: true })

export const binary = process.env.PARLEY_BIN ?? join(root, 'bin', 'parley')

/** A free port with a free one after it: the demo's shop takes the next. */
export async function freePort() {
  for (;;) {
    const port = await new Promise((done, fail) => {
      const s = createServer().listen(0, '127.0.0.1', () => {
        const { port } = s.address()
        s.close(() => done(port))
      })
      s.on('error', fail)
    })
    if (port < 65000) return port
  }
}

// What reads PDF is compiled once for all installs of the journeys: each has a
// folder of its own, and would else spend its first seconds on that.
const compiled = join(root, '.cache', 'e2e-pdf')
mkdirSync(compiled, { recursive: true })

/** What a page of ours was not allowed to load by its own policy, as its browser said it. */
const forbidden = []

/** What browsers reported of that to the install, asked as its operator. */
async function reported(d) {
  const them = { email: 'operator@northwind.example', password: 'nine quiet herons at noon' }
  const who = ['user', 'add', '--workspace', 'Northwind Goods', '--email', them.email, '--name', 'Operator', '--role', 'operator']
  const added = spawnSync(binary, [...who, '--password-stdin', '--data', d.dir], { input: `${them.password}\n`, encoding: 'utf8' })
  assert.equal(added.status, 0, added.stderr)
  const at = (path) => new URL(path, d.dashboard)
  const headers = { 'Content-Type': 'application/json', Origin: at('/').origin }
  const entered = await fetch(at('/api/v1/session'), { method: 'POST', headers, body: JSON.stringify(them) })
  assert.equal(entered.status, 200, await entered.text())
  const cookie = entered.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
  const list = await fetch(at('/api/v1/operator/policy-reports'), { headers: { Cookie: cookie } })
  assert.equal(list.status, 200)
  return (await list.json()).items
}

/** Starts `parley demo` on a folder; stop() waits until the process is gone, and fails where a policy was broken. */
export async function demo({ data, port, host = '127.0.0.1' } = {}) {
  const dir = data ?? mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  mkdirSync(join(dir, 'cache'), { recursive: true })
  if (!existsSync(join(dir, 'cache', 'pdf'))) symlinkSync(compiled, join(dir, 'cache', 'pdf'))
  const listen = port ?? (await freePort())
  const child = spawn(binary, ['demo', '--data', dir, '--listen', `${host}:${listen}`, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.on('data', (d) => (log = (log + d).slice(-20000)))
  const gone = new Promise((done) => child.on('exit', done))
  const ready = await new Promise((done, fail) => {
    let text = ''
    child.stdout.on('data', (d) => {
      text += d
      const line = text.split('\n').find((l) => l.includes('"shop"'))
      if (line) done(JSON.parse(line))
    })
    gone.then((code) => fail(new Error(`parley demo ended with ${code}: ${log.slice(-2000)}`)))
  })
  const api = async (method, path, body, headers = {}) => {
    const res = await fetch(new URL(`/api/v1${path}`, ready.dashboard), {
      method,
      headers: { Authorization: `Bearer ${ready.api_key}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    })
    const text = await res.text()
    if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${text.slice(0, 300)}`)
    return text ? JSON.parse(text) : null
  }
  return {
    ...ready,
    dir,
    port: listen,
    api,
    log: () => log,
    stop: async (signal = 'SIGTERM') => {
      const reports = signal === 'SIGTERM' ? await reported({ ...ready, dir }).catch((err) => [String(err)]) : []
      child.kill(signal)
      await gone
      assert.deepEqual([...reports, ...forbidden], [], 'a page broke its own policy')
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
  })

/** A page that remembers every console error and failed policy, and what was refused or never answered. */
export async function tab(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  page.complaints = []
  page.on('console', (m) => {
    if (m.type() !== 'error') return
    page.complaints.push(m.text())
    if (/Content Security Policy/.test(m.text())) forbidden.push(m.text())
  })
  page.on('pageerror', (e) => page.complaints.push(String(e)))
  page.unanswered = new Set()
  page.refused = []
  const asked = (r) => `${r.method()} ${new URL(r.url()).pathname}`
  page.on('request', (r) => page.unanswered.add(asked(r)))
  page.on('requestfailed', (r) => page.refused.push(`${asked(r)}: ${r.failure()?.errorText}`))
  page.on('response', (r) => {
    page.unanswered.delete(asked(r.request()))
    if (r.status() < 400) return
    const why = `${asked(r.request())}: ${r.status()}`
    r.text().then((text) => page.refused.push(`${why} ${text.slice(0, 200)}`), () => page.refused.push(why))
  })
  return page
}

/** Opens the chat on a shop page and returns its frame. */
export async function openChat(page, url) {
  await page.goto(url)
  await page.getByRole('button', { name: /chat|sohbet/i }).first().click()
  await page.locator('iframe').waitFor()
  const frame = await (await page.locator('iframe').elementHandle()).contentFrame()
  await frame.getByRole('textbox').or(frame.getByRole('button', { name: /without saving|kaydetmeden/i })).first().waitFor()
  return frame
}

export async function withoutSaving(frame) {
  const button = frame.getByRole('button', { name: /without saving|kaydetmeden/i })
  if (await button.count()) await button.first().click()
  await frame.getByRole('textbox').first().waitFor()
}

export async function ask(frame, text) {
  const box = frame.getByRole('textbox').first()
  await box.fill(text)
  await box.press('Enter')
}

/** Waits until the chat's log holds a text; fails with what it holds instead. */
export async function says(frame, text, timeout = 15000) {
  const log = frame.getByRole('log')
  try {
    await log.getByText(text).first().waitFor({ timeout })
  } catch {
    throw new Error(`the chat does not say ${text}; it says: ${(await log.innerText()).slice(-400)}; refused: ${frame.page().refused}; unanswered: ${[...frame.page().unanswered]}`)
  }
}

export async function signIn(page, d) {
  await page.goto(d.dashboard)
  await page.getByLabel(/e-?mail|e-posta/i).fill(d.email)
  await page.getByLabel(/^(password|parola|şifre)/i).fill(d.password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()
}

/** What axe finds on a page or frame, one line per rule. */
export async function axe(target) {
  // As the debugger, not as a script of the page, which its policy would rightly refuse.
  await target.evaluate(axeSource)
  // What fades in has the contrast that is meant only when it is there; what turns for ever is not waited for.
  await target.evaluate(async () => {
    const ends = document.getAnimations().filter((a) => Number.isFinite(a.effect?.getComputedTiming().endTime))
    await Promise.all(ends.map((a) => a.finished.catch(() => {})))
  })
  const found = await target.evaluate(async () => {
    const r = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ').slice(0, 200)}`)
  })
  return found
}

export const stored = (target) => target.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length)

export const dialog = (page) => page.getByRole('dialog')

/** Complaints of a page that a refused request does not explain. */
export const complaints = (page) => page.complaints.filter((c) => !/Failed to load resource: the server responded with a status of 4/.test(c))

/** Opens the dialog that adds knowledge. */
export async function addingKnowledge(page, d) {
  await page.goto(`${d.dashboard}/knowledge`)
  await page.getByRole('button', { name: 'Add knowledge' }).first().click()
  await dialog(page).getByText('Drop a file here, or choose one').waitFor()
}
