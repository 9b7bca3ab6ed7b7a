// What Chainlit's page lacks: it follows the system's colours until a person chooses, its icon buttons have names,
// its header says whose desk this is.
(() => {
  'use strict'
  if (!localStorage.getItem('vite-ui-theme')) localStorage.setItem('vite-ui-theme', 'system')
  const NAMES = { 'new-chat-button': 'New conversation', 'theme-toggle': 'Light or dark', 'chat-submit': 'Send', 'stop-button': 'Stop', 'chat-input': 'Message to Greenroom' }
  const workspace = document.querySelector('meta[name="greenroom-workspace"]')?.content ?? ''
  const name = () => {
    for (const [id, label] of Object.entries(NAMES)) {
      const element = document.getElementById(id)
      if (element && !element.hasAttribute('aria-label')) element.setAttribute('aria-label', label)
    }
    for (const icon of document.querySelectorAll('button:not([aria-label]) > svg.lucide-arrow-down')) {
      icon.parentElement.setAttribute('aria-label', 'Down to the newest') // it comes and goes with scrolling, without an id
    }
    const header = document.getElementById('header')
    if (header && header.dataset.workspace !== workspace) header.dataset.workspace = workspace
    const waiting = document.querySelectorAll('.gr-card[data-state="waiting"]').length
    const title = waiting ? `Greenroom: ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for you` : 'Greenroom'
    if (document.title !== title) document.title = title
  }
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-state'] })
})()
