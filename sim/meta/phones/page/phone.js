// One phone: what the customer sees on one channel, and what they do on it.
import { sheet, takesBack, tap } from './acts.js'
import { arrows, h, icon, sync } from './dom.js'
import { clock, day, known, t, when } from './text.js'

const initials = (name) =>
  name
    .split(' ')
    .map((w) => w[0])
    .slice(0, 2)
    .join('')

export class Phone {
  constructor(channel, does, reads) {
    this.channel = channel
    this.does = does
    this.reads = reads
    this.reading = true
    this.aimed = null // {message, kind: reply | edit}
    this.build()
  }

  build() {
    this.face = h('div', { class: 'face', 'aria-hidden': 'true' })
    this.name = h('b')
    this.line = h('span')
    this.time = h('span')
    this.link = h('span', { class: 'link' })
    this.cap = h('h2', { class: 'cap' }, t(this.channel), this.link)
    this.eye = h('button', { class: 'icon', type: 'button', 'aria-pressed': 'true', 'aria-label': t('reads'), title: t('reads'), onclick: () => this.look() }, icon('eye'))
    this.notice = h('div', { class: 'notice' })
    this.log = h('div', { class: 'log', role: 'log', tabindex: '0', 'aria-label': `${t(this.channel)}` })
    this.aim = h('div', { class: 'aim', hidden: true })
    this.box = h('textarea', { rows: '1', 'aria-label': `${t('write')}, ${t(this.channel)}`, placeholder: t('write'), maxlength: '4000', onkeydown: (e) => this.key(e), oninput: () => this.grow() })
    this.plus = h('button', { class: 'round', type: 'button', 'aria-label': t('more'), title: t('more'), 'aria-expanded': 'false', onclick: () => this.open(!this.sheet) }, icon('plus'))
    this.go = h('button', { class: 'round', type: 'button', onclick: () => this.press() })
    this.write = h('div', { class: 'write' }, this.plus, this.box, this.go)
    this.screen = h(
      'div',
      { class: 'screen' },
      h('div', { class: 'status', 'aria-hidden': 'true' }, this.time, h('i', { class: 'pill' }), battery()),
      h('div', { class: 'head' }, this.face, h('div', { class: 'who' }, this.name, this.line), this.eye),
      this.notice,
      this.log,
      this.aim,
      this.write,
      h('i', { class: 'home', 'aria-hidden': 'true' }),
    )
    this.root = h('section', { class: 'phone', 'data-channel': this.channel, 'aria-label': t(this.channel) }, this.cap, this.screen)
    this.root.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || !this.sheet) return
      this.open(false)
      this.plus.focus()
    })
    this.grow()
  }

  /** show draws a state; what did not change keeps its nodes. */
  show(state, customer) {
    const chat = state.chats[this.channel]
    this.chat = chat
    this.now = state.now
    this.time.textContent = clock(state.now)
    const name = { instagram: state.business.handle, messenger: state.business.name, whatsapp: state.business.name }[this.channel]
    this.face.textContent = initials(state.business.name)
    this.name.textContent = name
    this.line.textContent = chat.typing ? t('typing') : this.channel === 'whatsapp' ? state.business.number : t('online')
    this.link.textContent = t(chat.connected ? 'connected' : 'apart')
    this.link.classList.toggle('on', chat.connected)
    this.warn(chat, state.customers[customer])
    const stick = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60
    const before = this.log.childElementCount
    sync(this.log, this.rows(chat, state, customer), (r) => r.key, (r) => r.draw())
    if (stick || this.fresh !== customer || this.log.childElementCount > before + 3) this.log.scrollTop = this.log.scrollHeight
    this.fresh = customer
    this.markRead(chat)
  }

  markRead(chat) {
    const last = chat.messages.findLast((m) => m.from !== 'customer')
    const open = last && last.status !== 'read' && last.status !== 'failed'
    if (!this.reading || !open || this.readTo === last.id) return
    this.readTo = last.id
    this.reads(this.channel)
  }

  look() {
    this.reading = !this.reading
    this.readTo = null
    this.eye.setAttribute('aria-pressed', String(this.reading))
    if (this.reading) this.markRead(this.chat)
  }

  warn(chat, person) {
    let text = ''
    let bad = false
    const closed = chat.messages.length > 0 && new Date(chat.free_to) < new Date(this.now) && new Date(chat.free_to).getFullYear() > 1
    if (!chat.connected) text = t('notConnected')
    else if (person.blocked) [text, bad] = [t('blocked'), true]
    else if (person.offline) text = t('offline')
    else if (closed && this.channel !== 'whatsapp' && new Date(chat.human_to) > new Date(this.now)) text = t('closedHuman', when(chat.human_to))
    else if (closed) text = t('closed')
    this.notice.classList.toggle('bad', bad)
    if (this.notice.textContent !== text) this.notice.textContent = text
  }

  rows(chat, state, customer) {
    if (chat.messages.length === 0) return [{ key: `hello${customer}`, draw: () => this.hello(state, customer) }]
    const rows = []
    let last = null
    const mine = chat.messages.findLast((m) => m.from === 'customer')
    for (const m of chat.messages) {
      const label = day(m.at, state.now)
      if (!last || day(last.at, state.now) !== label) rows.push({ key: `day${m.id}${label}`, draw: () => h('div', { class: 'day' }, label) })
      const seen = m === mine && new Date(chat.seen) >= new Date(m.at) ? t('seen') : m === mine ? t('sent') : ''
      const gap = !last || last.from !== m.from
      const quoted = m.reply_to ? chat.messages.find((x) => x.id === m.reply_to) : null
      rows.push({ key: `${m.id}|${JSON.stringify([m.text, m.status, m.deleted, m.reactions, m.edited])}|${seen}|${gap}`, draw: () => this.message(m, { seen, gap, quoted }) })
      last = m
    }
    if (chat.typing) rows.push({ key: 'typing', draw: () => h('div', { class: 'bubble dots', role: 'img', 'aria-label': t('typing') }, h('i'), h('i'), h('i')) })
    return rows
  }

  hello(state, customer) {
    const chips = ['ask1', 'ask2', 'ask3'].map((k) => h('button', { type: 'button', onclick: () => this.send({ kind: 'text', text: t(k) }) }, t(k)))
    return h(
      'div',
      { class: 'hello' },
      h('div', { class: 'face', 'aria-hidden': 'true' }, initials(state.customers[customer].name)),
      h('h2', {}, t('hello', state.customers[customer].name)),
      h('p', {}, t('helloText')),
      h('div', { class: 'taps' }, chips),
    )
  }

  message(m, { seen, gap, quoted }) {
    const mine = m.from === 'customer'
    const bubble = h('button', { type: 'button', class: 'bubblewrap', 'aria-haspopup': 'menu', 'aria-label': t('options', this.said(m)), onclick: (e) => this.menu(e.currentTarget, m) }, this.body(m, quoted))
    const shown = m.files?.some((f) => playable(f)) && !m.deleted ? h('div', {}, this.body(m, quoted)) : m.deleted ? this.body(m) : bubble
    const reactions = Object.values(m.reactions ?? {})
    if (reactions.length) shown.append(h('span', { class: 'react' }, reactions.map((r) => (r === 'love' ? '❤️' : r)).join(' ')))
    const foot = []
    if (m.from === 'owner') foot.push(h('span', { class: 'tag' }, t('owner')))
    if (m.from === 'other') foot.push(h('span', { class: 'tag' }, t('other_app')))
    if (m.tag) foot.push(h('span', { class: 'tag' }, t('human')))
    if (m.template) foot.push(h('span', { class: 'tag' }, t('template')))
    if (m.edited) foot.push(t('edited'))
    if (mine && seen) foot.push(`${seen} · ${clock(m.at)}`)
    if (!mine && m.status && !m.deleted) foot.push(`${clock(m.at)} · ${known(m.status) ? t(m.status) : m.status}${m.code ? ` (${m.code})` : ''}`)
    const taps = (m.buttons ?? []).map((b) => {
      const act = tap(this.channel, b, m)
      return act && !mine ? h('button', { type: 'button', onclick: () => this.send(act) }, b.title) : null
    })
    return h('div', { class: `msg${mine ? ' mine' : ''}${gap ? ' gap' : ''}${reactions.length ? ' reacted' : ''}` }, shown, taps.some(Boolean) && h('div', { class: 'taps' }, taps), foot.length > 0 && h('div', { class: 'foot' }, foot))
  }

  said(m) {
    const name = m.files?.find((f) => f.name)?.name
    return [m.text || (known(`a_${m.kind}`) ? t(`a_${m.kind}`) : m.kind), name].filter(Boolean).join(' ')
  }

  body(m, quoted) {
    if (m.deleted) return h('div', { class: 'bubble gone' }, t('unsent'))
    const files = (m.files ?? []).map((f) => attachment(f, this.said({ ...m, text: '', files: [f] })))
    const label = known(`a_${m.kind}`) && !['image', 'images', 'video', 'sticker', 'sticker_old', 'audio', 'voice', 'file', 'document', 'template'].includes(m.kind) ? t(`a_${m.kind}`) : ''
    const odd = ['unknown', 'unsupported', 'ephemeral', 'number_changed'].includes(m.kind)
    const quote = quoted && h('span', { class: 'quote' }, this.said(quoted))
    const text = [label, m.text].filter(Boolean).join('\n')
    if (files.length) return h('div', { class: 'bubble file' }, quote, files, text && h('p', {}, text))
    return h('div', { class: `bubble${odd ? ' odd' : ''}`, dir: 'auto' }, quote, text || this.said(m))
  }

  /** menu offers what can be done with a message. */
  menu(at, m) {
    document.querySelector('.menu')?.remove()
    const close = (back) => {
      if (!box.isConnected) return
      if (back) at.focus() // losing the focus removes the menu
      if (box.isConnected) box.remove()
    }
    const act = (a) => () => {
      close(true)
      this.send(a)
    }
    const items = [h('button', { class: 'item', role: 'menuitem', type: 'button', onclick: () => (close(), this.aimAt(m, 'reply')) }, icon('reply'), t('reply'))]
    if (m.from === 'customer') {
      if (m.text) items.push(h('button', { class: 'item', role: 'menuitem', type: 'button', onclick: () => (close(), this.aimAt(m, 'edit')) }, icon('pen'), t('edit')))
      items.push(h('button', { class: 'item', role: 'menuitem', type: 'button', onclick: act({ kind: takesBack[this.channel], target: m.id }) }, icon('undo'), t('unsend')))
    }
    const mine = m.reactions?.customer
    const faces = ['❤️', '👍', '😂', '😮'].map((e) =>
      h('button', { type: 'button', role: 'menuitem', 'aria-label': mine === e ? t('unreact') : t('react', e), onclick: act(mine === e ? { kind: 'unreact', target: m.id } : { kind: 'react', target: m.id, emoji: e }) }, e),
    )
    const box = h('div', { class: 'menu', role: 'menu' }, h('div', { class: 'row', role: 'none' }, faces), items)
    this.root.append(box)
    const r = at.getBoundingClientRect()
    box.style.left = `${Math.min(Math.max(8, m.from === 'customer' ? r.right - box.offsetWidth : r.left), innerWidth - box.offsetWidth - 8)}px`
    box.style.top = `${r.bottom + box.offsetHeight + 8 > innerHeight ? Math.max(8, r.top - box.offsetHeight - 4) : r.bottom + 4}px`
    arrows(box)
    box.addEventListener('keydown', (e) => e.key === 'Escape' && (e.stopPropagation(), close(true)))
    box.addEventListener('focusout', (e) => !box.contains(e.relatedTarget) && queueMicrotask(() => box.remove()))
    box.querySelector('button').focus()
  }

  aimAt(m, kind) {
    this.aimed = { m, kind }
    this.aim.hidden = false
    this.aim.replaceChildren(
      h('span', {}, kind === 'edit' ? t('editing') : t('replyTo', this.said(m))),
      h('button', { class: 'btn icon bare', type: 'button', 'aria-label': t('cancel'), onclick: () => this.unaim() }, icon('x')),
    )
    if (kind === 'edit') this.box.value = m.text
    this.grow()
    this.box.focus()
  }

  unaim() {
    this.aimed = null
    this.aim.hidden = true
    this.box.focus()
  }

  /** open shows what else can be sent. */
  open(on) {
    this.sheet?.remove()
    this.sheet = null
    this.plus.setAttribute('aria-expanded', String(on))
    if (!on) return
    this.sheet = h(
      'div',
      { class: 'sheet', role: 'group', 'aria-label': t('more') },
      sheet[this.channel].map(([word, sign, act, odd]) => h('button', { type: 'button', class: odd, onclick: () => this.choose(act) }, h('span', { class: 'dot' }, icon(sign)), t(word))),
    )
    arrows(this.sheet)
    this.screen.append(this.sheet)
    this.sheet.querySelector('button').focus()
  }

  async choose(act) {
    this.open(false)
    this.box.focus()
    if (act.say) return this.send({ kind: act.kind, text: t(act.say) })
    if (!act.pick) return this.send(act)
    const input = h('input', { type: 'file', accept: act.pick })
    input.onchange = async () => {
      const f = input.files[0]
      if (f) this.send({ kind: act.kind, files: [{ mime: f.type, name: f.name, data: await base64(f) }] })
    }
    input.click()
  }

  key(e) {
    if (e.key === 'Escape' && this.aimed) this.unaim()
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return
    e.preventDefault()
    this.press()
  }

  press() {
    const text = this.box.value.trim()
    if (!text) return this.send({ kind: 'voice_sample' })
    const aimed = this.aimed
    this.box.value = ''
    this.grow()
    if (aimed) this.unaim()
    this.send(aimed ? { kind: aimed.kind, target: aimed.m.id, text } : { kind: 'text', text })
  }

  send(act) {
    this.log.scrollTop = this.log.scrollHeight
    return this.does(this.channel, act)
  }

  grow() {
    this.box.style.height = '38px'
    this.box.style.height = `${Math.min(110, Math.max(38, this.box.scrollHeight + 2))}px`
    const full = this.box.value.trim() !== ''
    if (this.full === full) return
    this.full = full
    this.go.classList.toggle('go', full)
    this.go.setAttribute('aria-label', full ? t('send') : t('voice'))
    this.go.title = full ? t('send') : t('voice')
    this.go.replaceChildren(icon(full ? 'send' : 'mic'))
  }
}

const playable = (f) => f.mime.startsWith('audio/') || f.mime.startsWith('video/')

function attachment(f, label) {
  const src = `/api/media/${encodeURIComponent(f.id)}`
  if (f.mime === 'image/webp' && f.size < 200) return h('div', { class: 'doc' }, icon('sticker'), label) // the simulator's own, too small to see
  if (f.mime.startsWith('image/')) return h('img', { src, alt: label })
  if (f.mime.startsWith('audio/')) return h('audio', { src, controls: true, preload: 'metadata', 'aria-label': label })
  if (f.mime.startsWith('video/')) return h('div', { class: 'doc' }, icon('film'), label)
  return h('div', { class: 'doc' }, icon('file'), label)
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let s = ''
  for (let i = 0; i < bytes.length; i += 0x8000) s += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(s)
}

function battery() {
  const s = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  s.setAttribute('viewBox', '0 0 44 12')
  const p = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  p.setAttribute('d', 'M0 8h3v4H0zM5 5h3v7H5zM10 2h3v10h-3zM20 2.500A2.500 2.500 0 0122.500 0h15A2.500 2.500 0 0140 2.500v7a2.500 2.500 0 01-2.500 2.500h-15A2.500 2.500 0 0120 9.500zM41 4h1.500a1 1 0 011 1v2a1 1 0 01-1 1H41z')
  s.append(p)
  return s
}
