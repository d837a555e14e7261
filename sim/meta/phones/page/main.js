// Puts the page together and keeps it up to date with the simulator.
import { arrows, h, order } from './dom.js'
import { Phone } from './phone.js'
import { lang, t, when } from './text.js'
import { Tools } from './tools.js'
import { Wire } from './wire.js'

const $ = (id) => document.getElementById(id)
const params = new URLSearchParams(location.search)
let customer = Number(params.get('customer')) || 0
let state = null
let source = null

document.documentElement.lang = lang
for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t)
for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label))
document.title = `Parley: ${t('title')}`

function remember(key, value) {
  params.set(key, value)
  history.replaceState(null, '', `?${params}`)
}

let hide = 0
function toast(text) {
  $('toast').textContent = text
  $('toast').classList.add('on')
  clearTimeout(hide)
  hide = setTimeout(() => $('toast').classList.remove('on'), 3200)
}

async function ask(name, body = {}, said) {
  try {
    const out = await order(name, { customer, ...body })
    if (said) toast(said(out))
    return out
  } catch (e) {
    toast(t('d_failed', e.message))
  }
}

const phones = ['instagram', 'messenger', 'whatsapp'].map(
  (c) =>
    new Phone(
      c,
      (channel, act) => ask('act', { channel, act }),
      (channel) => ask('read', { channel }),
    ),
)
$('phones').append(...phones.map((p) => p.root))
const tools = new Tools($('pane-weather'), ask, toast)
const wire = new Wire($('pane-wire'))

function show() {
  const at = new Date(state.now)
  $('now').textContent = when(at)
  $('now').dateTime = at.toISOString()
  document.querySelector('.clock').classList.toggle('moved', state.shift_hours > 0)
  if ($('customer').options.length === 0) {
    $('customer').append(...state.customers.map((p, i) => h('option', { value: String(i), selected: i === customer }, p.phone ? p.name : `${p.name} (${t('noPhone')})`)))
    if (state.parley) {
      $('parley').href = state.parley
      $('parley').hidden = false
      $('parley').setAttribute('aria-label', t('openParley'))
    }
    if (state.movable) {
      $('move').append(h('button', { type: 'button', onclick: () => tools.move(1) }, t('hour')), h('button', { type: 'button', onclick: () => tools.move(25) }, t('day')))
    }
  }
  for (const p of phones) p.show(state, customer)
  tools.show(state, customer)
  wire.show(state.wire)
}

function listen() {
  source?.close()
  source = new EventSource(`/api/events?customer=${customer}`)
  source.addEventListener('state', (e) => {
    state = JSON.parse(e.data)
    show()
  })
}

$('customer').setAttribute('aria-label', t('writingAs'))
$('customer').addEventListener('change', () => {
  customer = Number($('customer').value)
  remember('customer', String(customer))
  listen()
})

// One phone at a time where the window is narrow.
const tabs = phones.map((p, i) => h('button', { type: 'button', role: 'tab', 'aria-selected': 'false', tabindex: '-1', onclick: () => front(i) }, t(p.channel)))
$('tabs').append(...tabs)
arrows($('tabs'))
function front(n) {
  phones.forEach((p, i) => {
    p.root.classList.toggle('front', i === n)
    tabs[i].setAttribute('aria-selected', String(i === n))
    tabs[i].tabIndex = i === n ? 0 : -1
  })
}
front(0)

const side = $('side')
function open(on) {
  side.hidden = !on
  document.querySelector('.stage').classList.toggle('open', on)
  $('tools').setAttribute('aria-expanded', String(on))
}
$('tools').setAttribute('aria-label', t('tools'))
$('tools').addEventListener('click', () => {
  open(side.hidden)
  if (!side.hidden) $('tab-weather').focus()
})
$('shut').setAttribute('aria-label', t('close'))
$('shut').addEventListener('click', () => (open(false), $('tools').focus()))
side.addEventListener('keydown', (e) => e.key === 'Escape' && (open(false), $('tools').focus()))
const panes = ['weather', 'wire']
function pane(name) {
  for (const p of panes) {
    $(`pane-${p}`).hidden = p !== name
    $(`tab-${p}`).setAttribute('aria-selected', String(p === name))
    $(`tab-${p}`).tabIndex = p === name ? 0 : -1
  }
  if (state) wire.show(state.wire)
}
for (const p of panes) $(`tab-${p}`).addEventListener('click', () => pane(p))
arrows(document.querySelector('.sidehead'), '[role=tab]')
open(matchMedia('(min-width: 1500px)').matches)
if (params.get('pane')) {
  open(true)
  pane(params.get('pane') === 'wire' ? 'wire' : 'weather')
}

function paint(theme) {
  document.documentElement.dataset.theme = theme
  $('theme').setAttribute('aria-label', t(theme === 'dark' ? 'light' : 'dark'))
  $('theme').title = t(theme === 'dark' ? 'light' : 'dark')
}
paint(params.get('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'))
$('theme').addEventListener('click', () => {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
  paint(next)
  remember('theme', next)
})
const next = lang === 'tr' ? 'en' : 'tr'
$('lang').textContent = next.toUpperCase()
$('lang').setAttribute('aria-label', `${next.toUpperCase()}: ${t('other')}`)
$('lang').lang = next
$('lang').addEventListener('click', () => {
  remember('lang', next)
  location.reload()
})

listen()
