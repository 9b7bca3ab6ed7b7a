// Which conversation this page goes on with. Chainlit begins a new one at every load, so a cookie of seconds tells the
// server the one that was chosen (?talk=ID) or that this tab was in; the server says whether it may, and which it is.
(() => {
  'use strict'
  const KEY = 'greenroom_talk'
  const COOKIE = 'Path=/chat; SameSite=Strict'
  const FORM = /^[0-9a-f-]{36}$/
  const address = new URL(location.href)
  const chosen = address.searchParams.get('talk')
  const same = sessionStorage.getItem(KEY) ?? ''
  let wish = FORM.test(same) ? `same.${same}` : ''
  if (chosen !== null) {
    wish = `open.${FORM.test(chosen) ? chosen : 'unknown'}` // what is no id is answered as what nobody knows
    address.searchParams.delete('talk')
    history.replaceState(history.state, '', address) // a reload goes on with this tab's own, whatever that is by then
  }
  document.cookie = wish ? `${KEY}=${wish}; Max-Age=60; ${COOKIE}` : `${KEY}=; Max-Age=0; ${COOKIE}`
  addEventListener('click', event => { // before the server has named the new one, a reload must not bring the old one back
    if (event.target.closest?.('#new-chat-button')) sessionStorage.removeItem(KEY)
  }, true)
  addEventListener('message', event => {
    const talk = event.data?.[KEY]
    if (event.source !== window || event.origin !== location.origin || !FORM.test(talk ?? '')) return
    sessionStorage.setItem(KEY, talk)
    document.cookie = `${KEY}=; Max-Age=0; ${COOKIE}`
  })
})()
