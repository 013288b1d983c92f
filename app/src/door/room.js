// Keeps the page of a room live: who is here, the wall, the talk and the clock. Without it there are forms, and the schedule.
const page = document.getElementById('page')
const { slug, gathering, date, after } = page.dataset
const path = location.pathname
const byId = id => document.getElementById(id)

// The server's clock, as well as it can be known: by the quickest of a few answers.
let ahead = Number(byId('clock').dataset.now) - Date.now()
const now = () => Date.now() + ahead
const compare = async () => {
  let quickest = Infinity
  for (let tries = 0; tries < 4; tries++) {
    const sent = Date.now()
    const answer = await fetch(`${path}/room/time`).catch(() => null)
    const came = Date.now()
    if (!answer?.ok) return
    const [there, phase] = (await answer.text()).split(' ')
    if (phase !== page.dataset.phase) return location.reload()
    if (came - sent < quickest) [quickest, ahead] = [came - sent, Number(there) - (sent + came) / 2]
  }
}

// A part of the page, as it is now. Lines that are the same stay what they are, and whoever is on something stays there.
const takeOver = (there, fresh) => {
  if (there.isEqualNode(fresh)) return
  const on = there.contains(document.activeElement) && document.activeElement
  const [lines, newer] = [there, fresh].map(part => part.querySelector('[data-lines]'))
  if (lines && newer) {
    const known = new Map([...lines.children].map(line => [line.id, line]))
    lines.replaceChildren(...[...newer.children].map(line => (known.get(line.id)?.isEqualNode(line) ? known.get(line.id) : line)))
    newer.replaceWith(lines)
  }
  there.replaceWith(fresh)
  if (on) (fresh.contains(on) ? on : fresh.querySelector(`[data-act="${on.dataset.act}"]`) ?? page).focus()
}
const asked = {}
const refresh = async part => {
  const mine = (asked[part] = (asked[part] ?? 0) + 1)
  const answer = await fetch(`${path}/room/${part}`).catch(() => null)
  if (answer?.status === 404) return location.reload()
  const text = answer?.ok ? await answer.text() : ''
  const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById(part)
  if (mine !== asked[part] || !fresh) return
  takeOver(byId(part), fresh)
  if (part === 'clock') read()
}
const soon = {}
const refreshSoon = (part, within) => {
  soon[part] ??= setTimeout(() => {
    delete soon[part]
    refresh(part)
  }, Math.random() * within)
}

// The clock: what `RoomClock::at` says, second by second.
let turns, clock, sets, shown
const read = () => {
  const told = byId('clock').dataset
  ;[turns, clock, sets] = [JSON.parse(told.turns), JSON.parse(told.clock), Number(told.sets)]
}
const stand = at => {
  if (!clock.running) return clock.paused ? { on: clock.paused.turn, left: clock.paused.left, paused: true } : { done: clock === 'done' }
  let { turn, ends_at } = clock.running
  while (ends_at <= at) {
    turn += 1
    if (turn >= turns.length) return { done: true }
    ends_at += turns[turn].lasts
  }
  return { on: turn, left: ends_at - at }
}
const minutes = left => {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
const until = left => {
  const [hours, rest] = [Math.floor(left / 3600000), left % 3600000]
  return hours ? `${hours} h ${Math.ceil(rest / 60000)} min` : minutes(left)
}
const say = (id, text) => {
  if (byId(id).textContent !== text) byId(id).textContent = text
}
const show = () => {
  const { on, left, paused, done } = stand(now())
  const box = byId('clock')
  const turn = turns[on]
  const state = turn ? (paused ? 'paused' : 'running') : done ? 'done' : 'waiting'
  const key = `${state} ${on}`
  if (shown !== key) {
    box.dataset.state = state
    for (const form of box.querySelectorAll('[data-when]')) {
      const had = form.contains(document.activeElement)
      form.hidden = !form.dataset.when.split(' ').includes(state)
      if (had && form.hidden) box.querySelector('[data-when]:not([hidden]) button')?.focus()
      form.elements.seen.value = sets
    }
    byId('turns')?.querySelectorAll('li').forEach((line, at) => {
      line.toggleAttribute('data-over', done || at < on)
      at === on ? line.setAttribute('aria-current', 'step') : line.removeAttribute('aria-current')
      line.querySelector('.turn-from').textContent = ''
    })
    if (turn) {
      say('turn', turn.name)
      say('prompt', turn.rest && turn.prompt ? `Next: ${turn.prompt}` : turn.prompt)
    } else if (done) {
      say('turn', box.dataset.kind === 'silence' ? 'The silence is over' : 'The rounds are over')
      say('prompt', 'Stay a while. Show what you made.')
    } else say('prompt', box.dataset.before)
    if (shown !== undefined) {
      const words = turn ? [turn.name, turn.prompt, paused ? 'paused' : `${Math.round(left / 60000)} minutes`] : done ? [byId('turn').textContent] : []
      say('announce', words.filter(Boolean).join(', '))
      if (!paused && (turn || done)) ring()
    }
    shown = key
  }
  if (turn) say('left', paused ? `${minutes(left)}, paused` : minutes(left))
  else if (!done) {
    const wait = Number(box.dataset.starts) - now()
    say('turn', wait > 0 ? 'Begins in' : turns.length ? 'Soon' : 'The table is open')
    say('left', wait > 0 ? until(wait) : '')
  } else say('left', '')
  byId('bar').hidden = !turn
  if (turn) byId('bar').firstElementChild.style.inlineSize = `${Math.min(100, (100 * left) / turn.lasts)}%`
}

// The bell is made here, and rings only for those who want it.
let audio
const bell = byId('bell')
const ring = () => {
  if (bell.getAttribute('aria-pressed') !== 'true') return
  const at = audio.currentTime
  for (const [pitch, loud] of [[523.25, 0.2], [1318.5, 0.06], [2093, 0.03]]) {
    const [tone, level] = [audio.createOscillator(), audio.createGain()]
    tone.frequency.value = pitch
    level.gain.setValueAtTime(loud, at)
    level.gain.exponentialRampToValueAtTime(0.0001, at + 3)
    tone.connect(level).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 3)
  }
  page.dataset.rang = Number(page.dataset.rang ?? 0) + 1
}
bell.addEventListener('click', () => {
  audio ??= new AudioContext()
  audio.resume()
  const on = bell.getAttribute('aria-pressed') !== 'true'
  bell.setAttribute('aria-pressed', on)
  if (on) ring()
})

// Forms are sent in the background, and stay as they are where they were refused.
const send = (address, body) => fetch(address, { method: 'POST', headers: { Accept: 'application/json' }, body }).catch(() => null)
const trouble = (form, sentence) => {
  form.querySelector(':scope > .note')?.remove()
  if (!sentence) return
  const note = Object.assign(document.createElement('p'), { className: 'note refusal', textContent: sentence })
  note.setAttribute('role', 'alert')
  form.prepend(note)
}
page.addEventListener('submit', async event => {
  const form = event.target
  const part = form.dataset.then
  if (!part) return
  event.preventDefault()
  if (form.ariaBusy === 'true') return
  const fields = new FormData(form, event.submitter)
  form.ariaBusy = 'true'
  const answer = await send(form.action, form.enctype === 'multipart/form-data' ? fields : new URLSearchParams(fields))
  form.ariaBusy = 'false'
  if (answer?.ok) {
    trouble(form)
    for (const field of form.querySelectorAll('textarea, [type=file], [type=text]')) field.value = ''
    if (part === 'mine') return location.reload()
    return refresh(part)
  }
  const told = await answer?.json().catch(() => null)
  trouble(form, told?.sentence ?? 'We could not be reached. What you wrote is still here: try again when you are connected.')
  if (part === 'clock' && answer) refresh('clock')
})
byId('say').addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) byId('say').form.requestSubmit()
})

// Who is here says so now and then.
const here = async () => {
  const answer = await send('/api/rooms/here', new URLSearchParams({ slug, session: date }))
  if (answer?.status === 422) location.reload()
}
addEventListener('pagehide', () => navigator.sendBeacon('/api/rooms/gone', new URLSearchParams({ slug, session: date })))

const live = new EventSource(`/live?after=${after}`)
live.addEventListener('hint', ({ data }) => {
  const { room, 'gathering-changed': changed } = JSON.parse(data)
  if (changed?.gathering === gathering) compare()
  if (room?.gathering !== gathering || room.date !== date) return
  if (room.part === 'wall') refreshSoon('wall', 150)
  else if (room.part === 'talk') refreshSoon('talk', 50)
  else if (room.part === 'here') refreshSoon('here', 1500)
  else if (room.part.clock.sets > sets) {
    const before = clock
    ;({ clock, sets } = room.part.clock)
    shown = shown ?? ''
    for (const form of byId('clock').querySelectorAll('[data-when]')) form.elements.seen.value = sets
    show()
    // What is set up may be another thing by now than when this page was written.
    if (before === 'waiting' || clock === 'waiting') refreshSoon('clock', 1500)
  }
})
live.addEventListener('stale', () => location.reload())
// Whoever was away sees at once how things stand.
const back = () => {
  compare()
  for (const part of ['clock', 'here', 'wall', 'talk']) refresh(part)
}
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && back())
addEventListener('online', back)
addEventListener('pageshow', event => event.persisted && back())

read()
bell.hidden = turns.length === 0
// Seconds change at the same moment for everybody: when they do on the server.
const tick = () => {
  show()
  const left = stand(now()).left ?? Number(byId('clock').dataset.starts) - now()
  setTimeout(tick, (((left % 1000) + 1000) % 1000) + 10)
}
tick()
setInterval(here, 25000)
compare().then(here)
