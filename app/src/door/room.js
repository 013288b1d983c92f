// Keeps the page of a room live: who is here, the wall, the talk and the clock. Without it there are forms, and the schedule.
const page = document.getElementById('page')
const { slug, gathering, date } = page.dataset
const path = location.pathname
const byId = id => document.getElementById(id)
const own = () => new URLSearchParams({ slug, session: date })

// The server's clock, as well as it can be known: by the quickest of a few answers. It is counted from by what no one sets.
let ahead = Number(byId('clock').dataset.now) - performance.now()
const now = () => performance.now() + ahead
const compare = async () => {
  let quickest = Infinity
  for (let tries = 0; tries < 4; tries++) {
    const sent = performance.now()
    const answer = await fetch(`${path}/room/time`).catch(() => null)
    const came = performance.now()
    if (!answer?.ok) return
    const [there, phase] = (await answer.text()).split(' ')
    if (phase !== page.dataset.phase) return location.reload()
    if (came - sent < quickest) [quickest, ahead] = [came - sent, Number(there) - (sent + came) / 2]
  }
}

// A part of the page, as it is now. Lines that are the same stay what they are, and whoever is on something stays there.
const takeOver = (there, fresh) => {
  const folds = fresh.querySelectorAll('details')
  there.querySelectorAll('details').forEach((fold, at) => folds[at]?.toggleAttribute('open', fold.open))
  if (there.isEqualNode(fresh)) return
  const on = there.contains(document.activeElement) && document.activeElement
  // Whoever is writing below keeps their line where it is on the screen.
  const writing = !on && document.activeElement === words && words
  const stood = writing && writing.getBoundingClientRect().top
  const [lines, newer] = [there, fresh].map(part => part.querySelector('[data-lines]'))
  if (lines && newer) {
    const known = new Map([...lines.children].map(line => [line.id, line]))
    lines.replaceChildren(...[...newer.children].map(line => (known.get(line.id)?.isEqualNode(line) ? known.get(line.id) : line)))
    newer.replaceWith(lines)
  }
  there.replaceWith(fresh)
  if (writing) scrollBy({ top: writing.getBoundingClientRect().top - stood, behavior: 'instant' })
  if (!on) return
  const named = on.id ? `#${on.id}` : on.dataset.act && `form:not([hidden]) [data-act="${on.dataset.act}"]`
  const same = named ? fresh.querySelector(named) : [...fresh.querySelectorAll('a')].find(link => link.href === on.href)
  const again = on === there ? fresh : fresh.contains(on) ? on : same
  const instead = again || fresh.querySelector('form:not([hidden]) button') || fresh.querySelector('a') || byId('say')
  instead.focus({ preventScroll: true })
}
const asked = {}
let spokeMyself = false
const refresh = async (part, query = '') => {
  const mine = (asked[part] = (asked[part] ?? 0) + 1)
  const answer = await fetch(`${path}/room/${part}${query}`).catch(() => null)
  if (answer?.status === 404) return location.reload()
  const text = answer?.ok ? await answer.text() : ''
  const came = new DOMParser().parseFromString(text, 'text/html')
  if (mine !== asked[part] || !came.getElementById(part)) return
  if (part === 'clock' && Number(came.getElementById(part).dataset.sets) < sets) return refreshSoon('clock', 500)
  const joined = byId('join')
  // What is new on a wall that else hangs as it did.
  if (query && came.getElementById('wall').dataset.after) return byId('wall').querySelector('.wall').append(...came.querySelectorAll('.wall > li'))
  const said = part === 'talk' && new Set([...byId('talk').querySelectorAll('[data-lines] > li')].map(line => line.id))
  // With the head come what I said and who comes, which change with it.
  for (const fresh of [...came.body.children]) byId(fresh.id) && takeOver(byId(fresh.id), fresh)
  if (part === 'clock') read(), show()
  if (part === 'head') awaitLink()
  // What others say is said to those who listen as well.
  const fresh = said && [...byId('talk').querySelectorAll('[data-lines] > li')].filter(line => !said.has(line.id)).at(-1)
  if (fresh && !spokeMyself) tell('announce', `${fresh.querySelector('.talk-by a').textContent}: ${fresh.querySelector('.talk-said').textContent.trim().slice(0, 200)}`)
  if (part === 'talk') spokeMyself = false
  if (!joined && byId('join')) tell('announce', 'The link to the call is here.')
}
const soon = {}
const refreshSoon = (part, within, query = () => '') => {
  soon[part] ??= setTimeout(() => {
    delete soon[part]
    refresh(part, query())
  }, Math.random() * within)
}
const newOnWall = () => {
  const shown = byId('wall').querySelectorAll('.wall > li')
  return shown.length ? `?after=${shown[shown.length - 1].id.replace('picture-', '')}&of=${shown.length}` : ''
}

// The link to a call is shown from an instant on.
let opening
const awaitLink = () => {
  clearTimeout(opening)
  const opens = Number(byId('head').dataset.opens ?? 0)
  if (opens) opening = setTimeout(() => refreshSoon('head', 1500), Math.max(0, opens - now()) + 100)
}

// The clock: what `RoomClock::at` says, second by second.
let turns, clock, shown
let sets = -1
const read = () => {
  const told = byId('clock').dataset
  ;[turns, clock, sets] = [JSON.parse(told.turns), JSON.parse(told.clock), Number(told.sets)]
  bell.hidden = turns.length === 0
}
const stand = at => {
  if (!clock.running) return clock.paused ? { on: clock.paused.turn, left: clock.paused.left, paused: true } : { done: clock === 'done' }
  let { turn, ends_at } = clock.running
  while (ends_at <= at) {
    turn += 1
    if (turn >= turns.length) return { done: true }
    ends_at += turns[turn].lasts
  }
  return { on: turn, left: ends_at - at, ends_at }
}
const minutes = left => {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
const until = left => {
  const [hours, rest] = [Math.floor(left / 3600000), left % 3600000]
  return hours ? `${hours} h ${Math.ceil(rest / 60000)} min` : minutes(left)
}
const inWords = left => (Math.round(left / 60000) === 1 ? '1 minute' : `${Math.round(left / 60000)} minutes`)
const tell = (id, text) => {
  if (byId(id).textContent !== text) byId(id).textContent = text
}
const show = () => {
  const { on, left, ends_at, paused, done } = stand(now())
  const box = byId('clock')
  const turn = turns[on]
  const state = turn ? (paused ? 'paused' : 'running') : done ? 'done' : 'waiting'
  const key = `${state} ${on}`
  const prompt = turn?.rest && turn.prompt ? `Next: ${turn.prompt}` : turn?.prompt
  const changed = shown !== key
  const pressed = document.activeElement?.closest('[data-when]')
  for (const form of box.querySelectorAll('[data-when]')) {
    form.hidden = !form.dataset.when.split(' ').includes(state)
    form.elements.seen.value = sets
  }
  // Whoever pressed what is not there any more goes on with what is.
  if (pressed?.hidden) box.querySelector('[data-when]:not([hidden]) button')?.focus({ preventScroll: true })
  if (turn) {
    tell('turn', turn.name)
    tell('prompt', prompt)
    tell('left', paused ? `${minutes(left)}, paused` : minutes(left))
    byId('bar').firstElementChild.style.inlineSize = `${Math.min(100, (100 * left) / turn.lasts)}%`
  } else if (done) {
    tell('turn', box.dataset.kind === 'silence' ? 'The silence is over' : 'The rounds are over')
    tell('prompt', box.dataset.kind === 'silence' ? 'Stay a while.' : 'Stay a while. Show what you made.')
    tell('left', '')
  } else {
    const wait = Number(box.dataset.starts) - now()
    tell('turn', wait > 0 ? 'Begins in' : turns.length ? 'Soon' : 'The table is open')
    tell('prompt', box.dataset.before)
    tell('left', wait > 0 ? until(wait) : '')
  }
  byId('bar').hidden = !turn
  if (changed) {
    box.dataset.state = state
    byId('turns')?.querySelectorAll('li').forEach((line, at) => {
      line.toggleAttribute('data-over', done || at < on)
      at === on ? line.setAttribute('aria-current', 'step') : line.removeAttribute('aria-current')
      if (shown !== undefined) line.querySelector('.turn-from').textContent = ''
    })
    if (shown !== undefined) {
      const words = turn ? [turn.name, prompt, paused ? 'paused' : inWords(left)] : done ? [byId('turn').textContent] : []
      tell('announce', words.filter(Boolean).join(', '))
      if (!paused && (turn || done)) ringNow()
    }
    shown = key
  }
  ringThen(state === 'running' ? ends_at : 0)
}

// The bell is made here, and rings only for those who want it. Its end of a turn is set on the clock of the sound itself, since a page
// that is behind another one is let do something once a minute only.
const bell = byId('bell')
let audio, planned
const sound = at => {
  const tones = [[523.25, 0.2], [1318.5, 0.06], [2093, 0.03]].map(([pitch, loud]) => {
    const [tone, level] = [audio.createOscillator(), audio.createGain()]
    tone.frequency.value = pitch
    level.gain.setValueAtTime(loud, at)
    level.gain.exponentialRampToValueAtTime(0.0001, at + 3)
    tone.connect(level).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 3)
    return tone
  })
  return () => tones.forEach(tone => tone.stop())
}
const wanted = () => audio && bell.getAttribute('aria-pressed') === 'true'
const rung = () => (page.dataset.rang = Number(page.dataset.rang ?? 0) + 1)
const ringNow = () => {
  if (!wanted()) return
  // What was set for this moment is ringing already.
  const rings = planned && planned.at <= audio.currentTime + 0.3
  if (!rings) sound(audio.currentTime)
  rung()
}
const ringThen = ends_at => {
  const moment = wanted() ? ends_at : 0
  if ((planned?.moment ?? 0) === moment) return
  if (planned && planned.at > audio.currentTime + 0.3) planned.stop()
  const at = moment && audio.currentTime + Math.max(0, moment - now()) / 1000
  planned = moment ? { moment, at, stop: sound(at) } : undefined
}
bell.addEventListener('click', () => {
  audio ??= new AudioContext()
  audio.resume()
  const on = bell.getAttribute('aria-pressed') !== 'true'
  bell.setAttribute('aria-pressed', on)
  if (on) sound(audio.currentTime), rung()
  show()
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
  const answers = form.matches('.rsvp')
  const part = answers ? 'head' : form.dataset.then
  if (!part) return
  event.preventDefault()
  if (form.getAttribute('aria-busy') === 'true') return
  const fields = new FormData(form, event.submitter)
  const sent = [...form.querySelectorAll('textarea, [type=file], [type=text]')].map(field => [field, field.value])
  form.setAttribute('aria-busy', 'true')
  const answer = await send(form.action, form.enctype === 'multipart/form-data' ? fields : new URLSearchParams(fields))
  form.removeAttribute('aria-busy')
  if (answer?.ok) {
    trouble(form)
    if (answers) {
      // What I said stands above the form by now, which is there to be changed again.
      await refresh(part)
      form.closest('details').open = false
      return byId('said').focus()
    }
    spokeMyself = part === 'talk'
    // What was written meanwhile stays.
    for (const [field, value] of sent) if (field.value === value) field.value = ''
    return refresh(part)
  }
  const told = await answer?.json().catch(() => null)
  trouble(form, told?.sentence ?? 'We could not be reached. What you wrote is still here: try again when you are connected.')
  if (part === 'clock' && answer) refresh('clock')
})
const words = byId('say')
words.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) words.form.requestSubmit()
})
// What is being written outlives the page, which may be loaded anew.
const draft = `said ${path}`
words.value ||= sessionStorage.getItem(draft) ?? ''
addEventListener('pagehide', () => sessionStorage.setItem(draft, words.value))

// Pictures can be dropped on the wall itself.
const files = byId('file')
const wallOf = event => event.target.closest?.('#wall, .hang-up') && event.dataTransfer?.types.includes('Files')
page.addEventListener('dragover', event => wallOf(event) && event.preventDefault())
page.addEventListener('drop', event => {
  if (!wallOf(event)) return
  event.preventDefault()
  files.files = event.dataTransfer.files
  files.form.requestSubmit()
})

// Who is here says so now and then.
const here = async () => {
  const answer = await send('/api/rooms/here', own())
  if (answer?.status === 422) location.reload()
}
addEventListener('pagehide', () => navigator.sendBeacon('/api/rooms/gone', own()))

// What the place says. A stream that was refused does not come back by itself, as when a proxy answers for a server that begins anew.
let live
let heard = page.dataset.after
const follow = () => {
  live = new EventSource(`/live?after=${heard}`)
  live.addEventListener('hint', event => {
    heard = event.lastEventId || heard
    const { room, 'gathering-changed': changed } = JSON.parse(event.data)
    if (changed?.gathering === gathering) {
      compare()
      refreshSoon('clock', 1500)
      refreshSoon('head', 1500)
    }
    if (room?.gathering !== gathering || room.date !== date) return
    if (room.part === 'wall') refreshSoon('wall', 150, newOnWall)
    else if (room.part === 'talk') refreshSoon('talk', 50)
    else if (room.part === 'here') refreshSoon('here', 1500), refreshSoon('mine', 1500)
    else if (room.part.clock.sets > sets) {
      const before = clock
      ;({ clock, sets } = room.part.clock)
      show()
      // What is set up may be another thing by now than when this page was written.
      if (before === 'waiting' || clock === 'waiting') refreshSoon('clock', 1500)
    }
  })
  live.addEventListener('stale', () => location.reload())
  live.addEventListener('error', () => {
    if (live.readyState !== EventSource.CLOSED) return
    setTimeout(() => {
      follow()
      back()
    }, 1000 + Math.random() * 3000)
  })
}
// Whoever was away sees at once how things stand.
const back = () => {
  compare()
  here()
  for (const part of ['head', 'clock', 'here', 'wall', 'talk']) refresh(part)
}
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && back())
addEventListener('online', back)
addEventListener('pageshow', event => event.persisted && back())

read()
awaitLink()
follow()
// Seconds change at the same moment for everybody: when they do on the server.
const tick = () => {
  show()
  const left = stand(now()).left ?? Number(byId('clock').dataset.starts) - now()
  setTimeout(tick, (((left % 1000) + 1000) % 1000) + 10)
}
tick()
setInterval(here, 25_000)
setInterval(() => document.visibilityState === 'visible' && refresh('here'), 60_000)
setInterval(compare, 300_000)
compare().then(here)
