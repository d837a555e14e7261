// The side panel's second tab: every byte between Parley and the simulator.
import { h, icon, sync } from './dom.js'
import { clock, t } from './text.js'

export class Wire {
  constructor(pane) {
    this.pane = pane
    this.list = h('div', { class: 'wirelist' })
    this.none = h('p', { class: 'none' }, t('none'))
    pane.append(this.none, this.list)
  }

  show(lines) {
    this.none.hidden = lines.length > 0
    if (this.pane.hidden) return
    sync(this.list, lines.toReversed(), (l) => `${l.out ? 'out' : 'in'}${l.no}`, (l) => this.line(l))
  }

  line(l) {
    const detail = [l.out ? t('toParley') : t('fromParley'), l.detail, l.attempt > 1 && t('attempt', l.attempt), clock(l.at)].filter(Boolean).join(' · ')
    const bad = l.status < 200 || l.status >= 300
    const box = h('div', { class: `wire${l.out ? '' : ' in'}` })
    const head = h(
      'button',
      { type: 'button', 'aria-expanded': 'false', onclick: () => this.toggle(box, head, l) },
      h('span', { class: 'way' }, icon(l.out ? 'out' : 'in')),
      h('b', {}, l.title),
      h('small', {}, detail),
      h('span', { class: `code${bad ? ' bad' : ''}` }, l.status ? String(l.status) : t('noAnswer')),
    )
    box.append(head)
    return box
  }

  async toggle(box, head, l) {
    const open = box.querySelector('dl')
    head.setAttribute('aria-expanded', String(!open))
    if (open) return open.remove()
    const res = await fetch(`/api/wire/${l.out ? 'out' : 'in'}/${l.no}`)
    if (!res.ok) return
    const w = await res.json()
    const rows = [
      ['', w.url],
      [t('headers'), heads(w.head)],
      [t('body'), pretty(w.body)],
      [t('answer'), w.error || pretty(w.answer)],
    ]
    box.append(h('dl', {}, rows.flatMap(([k, v]) => [k && h('dt', {}, k), h('dd', {}, h('pre', { tabindex: '0' }, v || t('empty')))])))
  }
}

const heads = (head) =>
  Object.entries(head ?? {})
    .map(([k, v]) => `${k}: ${v.join(', ')}`)
    .join('\n')

// Bodies are shown as they went over the wire where they are short or no JSON.
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1)
  } catch {
    return text
  }
}
