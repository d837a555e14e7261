// The side panel's first tab: time, mishaps and weather.
import { knobs } from './acts.js'
import { arrows, h, icon } from './dom.js'
import { t } from './text.js'

export class Tools {
  constructor(pane, ask, said) {
    this.ask = ask
    this.said = said
    this.segs = new Map()
    this.groups = new Map()
    this.build(pane)
  }

  build(pane) {
    const button = (word, sign, fn, extra = '') => h('button', { class: `btn ${extra}`, type: 'button', title: t(word), onclick: fn }, icon(sign), h('span', {}, t(word)))
    this.time = h('div', {}, h('h2', {}, t('t_time')), h('p', { class: 'lead' }, t('t_timeText')), h('div', { class: 'grid3' }, [['hour', 1], ['day', 25], ['week', 192]].map(([word, n]) => h('button', { class: 'btn', type: 'button', onclick: () => this.move(n) }, t(word)))))
    this.offline = h('input', { type: 'checkbox', onchange: () => this.ask('offline', { on: this.offline.checked }) })
    this.block = h('input', { type: 'checkbox', onchange: () => this.ask('block', { on: this.block.checked }) })
    this.remarks = h('ul', { class: 'remarks' })
    pane.append(
      this.time,
      h('h2', {}, t('t_quick')),
      h('div', { class: 'grid2' },
        button('revoke', 'x', () => this.ask('revoke', { sub: 460 }, (r) => t('d_revoked', r.tokens)), 'bad'),
        button('removeApp', 'undo', () => this.ask('revoke', { sub: 458 }, (r) => t('d_revoked', r.tokens)), 'bad'),
        button('unknownNow', 'help', () => this.unknown()),
        button('testEvent', 'tap', () => this.ask('test', { object: 'page' }, () => t('d_done'))),
        button('shake', 'reply', () => this.ask('connect', {}, () => t('d_shaken'))),
        button('calmAll', 'bolt', () => this.ask('calm', {}, () => t('d_done')))),
      h('h2', {}, t('t_customer')),
      h('label', { class: 'toggle' }, t('offlineToggle'), this.offline),
      h('label', { class: 'toggle' }, t('blockToggle'), this.block),
      h('h2', {}, t('t_paste')), h('p', { class: 'lead' }, t('pasteText')), this.paste(),
      h('h2', {}, t('t_owner')), h('p', { class: 'lead' }, t('ownerText')), this.owner(),
      h('h2', {}, t('t_knobs')), h('p', { class: 'lead' }, t('t_knobsText')),
      ...Object.entries(knobs).map(([group, names]) => this.group(group, names)),
      h('h2', {}, t('t_remarks')), this.remarks,
    )
  }

  unknown() {
    for (const channel of ['instagram', 'messenger', 'whatsapp']) this.ask('act', { channel, act: { kind: 'unknown' } })
  }

  move(hours) {
    return this.ask('move', { hours }, () => t('d_moved'))
  }

  paste() {
    const values = h('dl', { class: 'paste' })
    const draw = (pairs) =>
      values.replaceChildren(
        ...pairs.flatMap(([k, v]) => [
          h('dt', {}, t(k)),
          h('dd', {}, h('code', {}, v), h('button', { class: 'btn', type: 'button', 'aria-label': `${t('copy')}: ${t(k)}`, onclick: () => navigator.clipboard.writeText(v).then(() => this.said(t('d_copied'))) }, t('copy'))),
        ]),
      )
    const go = async (channel) => {
      const pairs = await this.ask('paste', { channel })
      if (pairs) draw(pairs)
    }
    return h('div', {}, h('div', { class: 'grid3' }, ['instagram', 'messenger', 'whatsapp'].map((c) => h('button', { class: 'btn', type: 'button', onclick: () => go(c) }, t(c)))), values)
  }

  owner() {
    const where = h('select', { 'aria-label': t('ownerChannel') }, ['instagram', 'messenger', 'whatsapp'].map((c) => h('option', { value: c }, t(c))))
    const text = h('textarea', { 'aria-label': t('ownerWrite'), placeholder: t('ownerWrite'), maxlength: '1000' })
    const go = () => text.value.trim() && this.ask('owner', { channel: where.value, text: text.value.trim() }).then(() => (text.value = ''))
    return h('div', { class: 'owner' }, text, h('div', { class: 'line' }, where, h('button', { class: 'btn', type: 'button', onclick: go }, icon('send'), t('ownerSend'))))
  }

  group(group, names) {
    const count = h('span', { class: 'count', hidden: true })
    this.groups.set(group, { count, names })
    return h('details', { class: 'group', open: group === 'g_deliveries' }, h('summary', {}, t(group), count), names.map((n) => this.knob(n)))
  }

  knob(name) {
    const [title, text] = t(name)
    const choices = [['off', 0], ['next', 1], ['always', -1]]
    const row = h('div', { class: 'knob' }, h('b', {}, title), h('p', {}, text))
    const seg = h('div', { class: 'seg', role: 'group', 'aria-label': title }, choices.map(([word, times]) => h('button', { type: 'button', 'aria-pressed': String(times === 0), onclick: () => this.ask('weather', { knob: name, times }) }, t(word))))
    arrows(seg)
    row.append(seg)
    this.segs.set(name, { row, seg })
    return row
  }

  show(state, customer) {
    this.time.hidden = !state.movable
    this.offline.checked = state.customers[customer].offline
    this.block.checked = state.customers[customer].blocked
    for (const [name, { row, seg }] of this.segs) {
      const times = state.forces[name]?.times ?? 0
      row.classList.toggle('on', times !== 0)
      ;[...seg.children].forEach((b, i) => b.setAttribute('aria-pressed', String(i === (times === 0 ? 0 : times > 0 ? 1 : 2))))
    }
    for (const { count, names } of this.groups.values()) {
      const on = names.filter((n) => state.forces[n]).length
      count.hidden = on === 0
      count.textContent = String(on)
    }
    const remarks = state.remarks.slice(-20).reverse()
    if (this.remarks.dataset.n === String(state.remarks.length)) return
    this.remarks.dataset.n = String(state.remarks.length)
    this.remarks.replaceChildren(...(remarks.length ? remarks.map((r) => h('li', {}, r.text)) : [h('li', { class: 'lead' }, t('noRemarks'))]))
  }
}
