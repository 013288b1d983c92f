// Shows the dates that the form would give while one types. Without this there is a button for it.
const form = document.querySelector('form[data-dates]')
const dates = document.getElementById('dates')
const matter = new Set('slug date time minutes time_zone often every unit day nth nth_day until count rule without'.split(' '))
let asked = 0
let waits
const ask = async () => {
  const mine = ++asked
  // What the dates are made of, and none of what is written beside it: an address is no place for that.
  const told = [...new FormData(form)].filter(([name]) => matter.has(name))
  const answer = await fetch(`${form.dataset.dates}?${new URLSearchParams(told)}`).catch(() => null)
  const text = answer?.ok ? await answer.text() : ''
  const found = new DOMParser().parseFromString(text, 'text/html').getElementById('dates')
  if (mine !== asked || !found) return
  // What was ticked meanwhile stays ticked, and whoever is on a box stays there.
  const ticked = new Set(new FormData(form).getAll('without'))
  const at = dates.contains(document.activeElement) && document.activeElement.value
  dates.replaceChildren(...found.childNodes)
  for (const box of dates.querySelectorAll('[name=without]')) {
    box.checked = ticked.has(box.value)
    if (box.value === at) box.focus()
  }
}
form.addEventListener('input', event => {
  if (event.target.name === 'without') return
  clearTimeout(waits)
  waits = setTimeout(ask, 250)
})
// What another rhythm is made of lies below, and opens with the choice.
form.addEventListener('change', event => {
  if (event.target.name === 'often' && event.target.value === 'own') form.querySelector('.only-own').closest('details').open = true
})
document.querySelector('.dates-ask').remove()
if (form.elements.date.value) ask()
