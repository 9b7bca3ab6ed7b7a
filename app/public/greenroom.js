// What Chainlit's page lacks: it follows the system's colours until a person chooses, its icon buttons have names,
// its header says whose desk this is, its cards know a key that is meant from one that is typed, and what was typed
// early outlives the first message: Chainlit makes a new box then.
(() => {
  'use strict'
  if (!localStorage.getItem('vite-ui-theme')) localStorage.setItem('vite-ui-theme', 'system')
  const NAMES = { 'new-chat-button': 'New conversation', 'theme-toggle': 'Light or dark', 'chat-submit': 'Send', 'stop-button': 'Stop', 'upload-button': 'Attach a file', 'chat-input': 'Message to Greenroom' }
  const workspace = document.querySelector('meta[name="greenroom-workspace"]')?.content ?? ''
  const name = () => {
    for (const [id, label] of Object.entries(NAMES)) {
      const element = document.getElementById(id)
      if (element && !element.hasAttribute('aria-label')) element.setAttribute('aria-label', label)
    }
    for (const icon of document.querySelectorAll('button:not([aria-label]) > svg.lucide-arrow-down')) {
      icon.parentElement.setAttribute('aria-label', 'Down to the newest') // it comes and goes with scrolling, without an id
    }
    for (const around of document.querySelectorAll('#header button:has(> a):not([role])')) {
      around.setAttribute('role', 'group') // a link inside a button: one of them is enough for the keyboard, and to be read out
      around.setAttribute('aria-label', around.querySelector('img')?.alt || around.textContent)
      around.setAttribute('tabindex', '-1')
    }
    document.getElementById('upload-button')?.removeAttribute('role') // it says of itself that it is decoration
    const header = document.getElementById('header')
    if (header && header.dataset.workspace !== workspace) header.dataset.workspace = workspace
    const waiting = document.querySelectorAll('.gr-card[data-state="waiting"]').length
    const title = waiting ? `Greenroom: ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for you` : 'Greenroom'
    if (document.title !== title) document.title = title
  }
  let box = null
  let sent = false
  const noteSent = () => {
    const button = document.getElementById('chat-submit')
    sent = Boolean(button && !button.disabled) // while the page isn't connected, nothing is sent and the words stay
  }
  document.addEventListener('keydown', event => {
    if (event.target === box && event.key === 'Enter' && !event.shiftKey && !event.isComposing) noteSent()
  }, true)
  document.addEventListener('click', event => { if (event.target.closest?.('#chat-submit')) noteSent() }, true)
  document.addEventListener('input', event => { if (event.target === box) sent = false }, true)
  const keepWords = () => {
    const now = document.getElementById('chat-input')
    if (!now || now === box) return
    const words = box && !box.isConnected && !sent ? box.value : ''
    box = now
    sent = false
    if (!words || now.value) return
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(now, words) // past React's own setter
    now.dispatchEvent(new Event('input', { bubbles: true }))
  }
  new MutationObserver(() => { name(); keepWords() }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-state'] })
})()

// A single letter decides only when somebody means it: they came to the card by keyboard, and the letter stands alone.
// Text that is typed into a card by mistake has another letter close before or after each of its own.
window.greenroomInput = (() => {
  'use strict'
  const STEP = { j: 1, k: -1 }
  const input = { byKeyboard: false, last: -Infinity, quiet: Infinity, cancel: null, beforeMs: 700, afterMs: 350 }
  const prints = (e) => e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey
  const stop = () => { input.cancel?.(); input.cancel = null }
  addEventListener('pointerdown', () => { input.byKeyboard = false; stop() }, true)
  addEventListener('keydown', (e) => {
    if (e.key === 'Tab' && !e.ctrlKey && !e.metaKey && !e.altKey) input.byKeyboard = true
    if (e.repeat || !(prints(e) || e.key === 'Escape')) return
    stop()
    if (prints(e)) { input.quiet = e.timeStamp - input.last; input.last = e.timeStamp }
  }, true)
  input.step = (from, key) => { // to the next card or the one before; says whether the key asks for that
    if (!STEP[key]) return false
    const all = [...document.querySelectorAll('.gr-card')]
    const next = all[all.indexOf(from) + STEP[key]]
    next?.focus({ preventScroll: true })
    next?.scrollIntoView({ block: 'start' })
    return true
  }
  return input
})()
