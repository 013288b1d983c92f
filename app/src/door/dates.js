// Shows the dates that the form would give while one types. Without this there is a button for it.
const form = document.querySelector('form[data-dates]')
let asked = 0
let waits
const ask = async () => {
  const mine = ++asked
  const fields = new FormData(form)
  for (const long of ['title', 'markdown', 'file', 'alt', 'place', 'link']) fields.delete(long)
  const answer = await fetch(`${form.dataset.dates}?${new URLSearchParams(fields)}`).catch(() => null)
  const text = answer?.ok ? await answer.text() : ''
  const dates = new DOMParser().parseFromString(text, 'text/html').getElementById('dates')
  if (mine === asked && dates) document.getElementById('dates').replaceWith(dates)
}
const soon = () => {
  clearTimeout(waits)
  waits = setTimeout(ask, 250)
}
form.addEventListener('input', event => event.target.name === 'without' || soon())
document.querySelector('.dates-ask').remove()
if (form.elements.date.value) ask()
