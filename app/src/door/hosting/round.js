// Goes round by keyboard, with the next cards ready before they are wanted, and keeps the card that is open. Without it there are links and forms.
const byId = id => document.getElementById(id)
const address = name => `/hosting/round/${name}`
const place = document.title.split(' · ').at(-1)
const card = () => byId('card')
const here = () => card().dataset.name
let stand = JSON.parse(byId('round').dataset.stand)

const tell = text => {
  document.querySelector('#page > .note[role="status"]')?.remove()
  byId('announce').textContent = text
}
const send = (to, body) => fetch(to, { method: 'POST', headers: { Accept: 'application/json' }, body }).catch(() => null)
const lost = 'We could not be reached. What you wrote is still here: try again when you are connected.'
const over = 'This round has ended. What you wrote is still here, and can still be sent.'
const sentence = async answer => (answer ? (await answer.json().catch(() => null))?.sentence : null) ?? lost

// Cards that are ready, by name. One that was shown is out of date and asked for anew.
const ready = new Map()
const load = name => {
  if (!ready.has(name)) {
    const asked = fetch(`${address(name)}/card`).catch(() => null)
    ready.set(name, asked.then(async answer => (answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('card') : null)))
  }
  return ready.get(name)
}
const placeOf = name => stand.deck.findIndex(([known]) => known === name)
// What was seen here a moment ago, and may not be known to the server yet.
const done = new Set()
const next = name => {
  const at = placeOf(name)
  return [...stand.deck.slice(at + 1), ...stand.deck.slice(0, Math.max(at, 0))].find(([other, open]) => open && !done.has(other))?.[0]
}
const back = name => stand.deck[placeOf(name) - 1]?.[0]
const loadAhead = () => {
  const near = new Set([back(here())])
  for (let name = next(here()); name && name !== here() && near.size < 5 && !near.has(name); name = next(name)) near.add(name)
  for (const known of ready.keys()) if (!near.has(known)) ready.delete(known)
  for (const name of near) if (name) load(name)
}

const lead = () => {
  const name = next(here())
  byId('next').hidden = !name
  byId('stands').hidden = Boolean(name)
  if (name) byId('next').href = address(name)
}
// What was typed and not sent, by the name on the card: it is there again whenever that card is.
const drafts = new Map()
const fields = within => [...within.querySelectorAll('textarea, input:not([type="hidden"])')]
const isTyped = field => field.value !== field.defaultValue
const put = fresh => {
  const kept = drafts.get(here()) ?? new Map()
  for (const field of fields(card())) isTyped(field) ? kept.set(field.id, field.value) : kept.delete(field.id)
  drafts.set(here(), kept)
  card().replaceWith(fresh)
  for (const [id, value] of drafts.get(here()) ?? []) {
    const field = byId(id)
    if (!field) continue
    field.value = value
    field.closest('details').open = true
  }
  document.title = `${fresh.dataset.title} · ${place}`
  lead()
}
const trouble = (there, says) => {
  there.querySelector(':scope > .note.refusal')?.remove()
  const note = Object.assign(document.createElement('p'), { className: 'note refusal', textContent: says })
  note.setAttribute('role', 'alert')
  there.prepend(note)
}
// Whoever is writing is not sent away from it.
const leave = () => {
  if (!fields(card()).some(isTyped)) return location.assign('/hosting/round')
  card().dataset.state = 'gone'
  history.replaceState(null, '', address(here()))
  trouble(card(), over)
}
// What others do meanwhile: who has this card by now, and how far the round is.
const take = async (name, onwards) => {
  const answer = await send('/api/hosting/round/take', new URLSearchParams({ name }))
  if (answer?.status === 404 || answer?.status === 401) return fields(card()).some(isTyped) || location.reload()
  if (!answer?.ok || here() !== name) return
  const now = await answer.json()
  if (now.state === 'gone') return leave()
  stand = now
  // Whoever goes on is not shown what another host took a moment ago.
  if (onwards && stand.state === 'held' && next(name)) return go(next(name))
  byId('progress').textContent = stand.progress
  byId('bar').value = stand.seen
  lead()
  if (stand.state !== card().dataset.state && !card().contains(document.activeElement?.closest('input, textarea'))) await refresh()
  loadAhead()
}
let wanted = here()
const show = async (name, after, onwards) => {
  wanted = name
  const fresh = await load(name)
  ready.delete(name)
  if (wanted !== name) return
  if (!fresh) return leave()
  put(fresh)
  document.querySelector('#page > .note[role="status"]')?.remove()
  scrollTo(0, 0)
  card().focus({ preventScroll: true })
  await after
  if (here() === name) await take(name, onwards)
}
const go = (name, after, onwards = true) => {
  if (!name) return
  history.pushState(null, '', address(name))
  return show(name, after, onwards)
}
const refresh = async () => {
  const name = here()
  ready.delete(name)
  const fresh = await load(name)
  ready.delete(name)
  if (!fresh || here() !== name) return
  // Whoever writes in another field by now goes on there.
  const writing = card().contains(document.activeElement) && fields(card()).find(field => field === document.activeElement)
  put(fresh)
  const into = (writing && byId(writing.id)) || card()
  into.closest('details')?.setAttribute('open', '')
  into.focus({ preventScroll: true })
  if (into !== card()) into.setSelectionRange(writing.selectionStart, writing.selectionEnd)
}
addEventListener('popstate', () => {
  const name = decodeURIComponent(location.pathname.split('/').at(-1))
  placeOf(name) < 0 ? location.reload() : show(name)
})

// The next card does not wait for the answer; where there is none, the answer says where one goes on.
const seen = async form => {
  const name = here()
  const asked = send(form.action, new URLSearchParams(new FormData(form)))
  const after = asked.then(async answer => {
    if (answer?.ok) {
      stand = await answer.json()
      return stand.over ? location.assign(stand.over) : true
    }
    done.delete(name)
    trouble(card(), await sentence(answer))
  })
  done.add(name)
  const to = next(name)
  if (to) return go(to, after)
  if (await after) location.assign('/hosting/round')
}
let busy = false
addEventListener('submit', async event => {
  const form = event.target
  if (!form.closest('#card')) return
  event.preventDefault()
  if (form.id === 'seen') return seen(form)
  if (busy) return
  busy = true
  const name = here()
  const [field] = fields(form)
  const live = () => (form.isConnected ? form : byId(field?.id)?.form)
  try {
    const sent = new URLSearchParams(new FormData(form))
    const answer = await send(form.action, sent)
    if (answer?.ok) {
      ready.delete(name)
      // What was typed since then is not sent.
      const now = (here() === name && live()) || form
      if (field && `${new URLSearchParams(new FormData(now))}` === `${sent}`) {
        now.reset()
        drafts.get(name)?.delete(field.id)
        if (now.contains(document.activeElement)) card().focus({ preventScroll: true })
      }
      if (here() === name) await refresh()
      tell(form.dataset.done)
    } else {
      const says = await sentence(answer)
      if (here() !== name) await go(name, undefined, false)
      trouble(live() ?? card(), says)
    }
  } finally {
    busy = false
  }
})
addEventListener('click', event => {
  const way = event.target.closest?.('#next, #back')
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  way.id === 'next' ? go(next(here())) : go(back(here()), undefined, false)
})

// Whoever opens what they write in is in it.
const write = fold => {
  if (!fold) return
  fold.open = true
  const field = fold.querySelector('textarea, input:not([type="hidden"])')
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
}
const keys = {
  j: () => go(next(here())),
  k: () => go(back(here()), undefined, false),
  r: () => write(card().querySelector('.reply')),
  s: () => write(byId('write-sentence')),
  n: () => write(byId('write-note')),
  g: () => write(byId('write-greeting')),
  i: () => byId('introduce')?.click(),
  x: () => byId('seen')?.requestSubmit(),
  Enter: () => byId('seen')?.requestSubmit(),
  '?': () => byId('keys').showModal(),
}
addEventListener('keydown', event => {
  const { target, key } = event
  const field = target.closest?.('input, textarea, select, [contenteditable]')
  if (field) {
    if (key === 'Escape') card().focus({ preventScroll: true })
    if (key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat) field.form?.requestSubmit()
    return
  }
  const pressed = key === 'Enter' && target.closest?.('a, button, summary')
  // A key that is held down is pressed once: nobody sees ten cards with it.
  if (pressed || event.repeat || event.ctrlKey || event.metaKey || event.altKey || byId('keys').open || !keys[key]) return
  event.preventDefault()
  keys[key]()
})
byId('show-keys').hidden = false
byId('show-keys').addEventListener('click', keys['?'])
byId('page').dataset.keys = ''

// A card is kept while it is open and looked at; whoever leaves gives it up, and whoever crashes has it two minutes at most.
setInterval(() => document.visibilityState === 'visible' && card().dataset.state === 'open' && take(here()), 45000)
// Whoever introduces somebody from it comes back, and has it meanwhile.
let introduces = false
addEventListener('click', event => (introduces = Boolean(event.target.closest?.('#introduce'))))
addEventListener('pagehide', () => introduces || navigator.sendBeacon('/api/hosting/round/leave', new URLSearchParams()))
// Whoever comes back by the browser's own memory gave the card up when they left.
addEventListener('pageshow', event => event.persisted && take(here()))
take(here())
