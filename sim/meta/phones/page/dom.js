// The few lines that stand in for a framework.
/** h makes an element: attributes that are functions are listeners, children are nodes or texts. */
export function h(name, attrs = {}, ...children) {
  const e = document.createElement(name)
  for (const [k, v] of Object.entries(attrs)) {
    if (v === undefined || v === null || v === false) continue
    if (typeof v === 'function') e.addEventListener(k.slice(2), v)
    else if (k in e && k !== 'list' && typeof v !== 'string') e[k] = v
    else e.setAttribute(k, v === true ? '' : v)
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false))
  return e
}

export function icon(name) {
  const s = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  s.setAttribute('aria-hidden', 'true')
  const u = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  u.setAttribute('href', `#i-${name}`)
  s.append(u)
  return s
}

/** order asks the control API for something; what it refuses is thrown as text. */
export async function order(name, body = {}) {
  const res = await fetch(`/api/${name}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  const out = await res.json()
  if (!res.ok) throw new Error(out.error)
  return out
}

const takesFocus = 'button, a[href], audio, video'

/** name is what of a key stays when its item changes. */
const name = (node) => node.dataset.key.split('|')[0]

/**
 * sync makes a parent's children equal to a list, keeping the nodes of items that did not change.
 * Who stood on an item that is drawn anew stands on it afterwards: a key that is pressed meanwhile is not lost.
 */
export function sync(parent, items, key, draw) {
  const held = [...parent.children].find((c) => c.contains(document.activeElement))
  const which = held ? [...held.querySelectorAll(takesFocus)].indexOf(document.activeElement) : -1
  const have = new Map([...parent.children].map((c) => [c.dataset.key, c]))
  let at = parent.firstElementChild
  for (const item of items) {
    const k = key(item)
    let node = have.get(k)
    if (node) have.delete(k)
    else {
      node = draw(item)
      node.dataset.key = k
    }
    if (node === at) at = at.nextElementSibling
    else parent.insertBefore(node, at)
  }
  for (const old of have.values()) old.remove()
  if (which < 0 || held.isConnected) return
  const anew = [...parent.children].find((c) => name(c) === name(held))
  anew?.querySelectorAll(takesFocus)[which]?.focus({ preventScroll: true })
}

/** arrows moves the focus among buttons with the arrow keys. */
export function arrows(box, selector = 'button') {
  box.addEventListener('keydown', (e) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key]
    if (!step) return
    const all = [...box.querySelectorAll(selector)]
    const i = all.indexOf(document.activeElement)
    if (i < 0) return
    e.preventDefault()
    all[(i + step + all.length) % all.length].focus()
  })
}
