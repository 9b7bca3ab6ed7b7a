// One proposal, as a person decides it. Every word and number in it comes from app/cards.py; text of works and drafts
// is only ever rendered as text. The runner evaluates this file again whenever props change, so the component itself
// is kept on `window`: a half-typed note survives an update of its card.
import { useEffect, useId, useRef, useState } from 'react'

const SHAPES = {
  'dashed-circle': <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 3" />,
  triangle: <path d="M9 1.5 16.8 16H1.2Z" fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />,
  'disc-tick': <><circle cx="9" cy="9" r="8" fill="currentColor" /><path d="m5 9.2 3 3 5-6" className="gr-cut" /></>,
  octagon: <><path d="M6 1h6l5 5v6l-5 5H6l-5-5V6Z" fill="currentColor" /><path d="m6 6 6 6m0-6-6 6" className="gr-cut" /></>,
  'square-bars': <><rect x="1" y="1" width="16" height="16" rx="3" fill="none" stroke="currentColor" strokeWidth="2" /><path d="M7 6v6m4-6v6" stroke="currentColor" strokeWidth="2" /></>,
  clock: <><circle cx="9" cy="9" r="7.5" fill="none" stroke="currentColor" strokeWidth="2" /><path d="M9 4.8V9l3 2" fill="none" stroke="currentColor" strokeWidth="2" /></>,
  play: <path d="M4 2 16 9 4 16Z" fill="currentColor" />,
}

const Mark = ({ shape, size = 18 }) => <svg className="gr-mark" viewBox="0 0 18 18" width={size} height={size} aria-hidden="true">{SHAPES[shape]}</svg>

const PART = /(https?:\/\/\S+|(?:^|(?<=\s))[#@][\p{L}\p{N}_.@-]+)/gu

const Linked = ({ text }) => text.split(PART).map((part, i) => (i % 2 ? <span key={i} className="gr-link">{part}</span> : part))

function Long({ lang, dir, className, text, html, lines }) {
  const box = useRef(null)
  const [cut, setCut] = useState(false)
  const [open, setOpen] = useState(false)
  useEffect(() => { if (box.current && !open) setCut(box.current.scrollHeight > box.current.clientHeight + 4) }, [text, html, open])
  return (
    <>
      <div ref={box} lang={lang} dir={dir} className={className} style={open ? null : { maxHeight: `${lines * 1.55}em`, overflow: 'hidden' }} data-cut={cut && !open}>
        {html ? <div className="gr-rendered" dangerouslySetInnerHTML={{ __html: html }} /> : <Linked text={text} />}
      </div>
      {(cut || open) && <button type="button" className="gr-more" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Show less' : 'Show all of it'}</button>}
    </>
  )
}

// a letter or a page as its readers see it (the server renders it, without any raw HTML), or as it was written
function Written({ words, text, html }) {
  const [source, setSource] = useState(false)
  return (
    <>
      <Long key={source} {...words} className={source ? 'gr-text gr-source' : 'gr-text gr-serif'} text={text} html={source ? null : html} lines={13} />
      {html && <button type="button" className="gr-more" aria-pressed={source} onClick={() => setSource(!source)}>{source ? 'Show it as readers see it' : 'Show the source'}</button>}
    </>
  )
}

const Pictures = ({ pictures, words }) => pictures.map((p, i) => (
  <figure key={i} className="gr-picture"><img src={p.src} alt={p.alt} /><figcaption><span {...words}>{p.words}</span><small>{p.facts}</small></figcaption></figure>
))

function Preview({ card }) {
  const { preview: p, account, author } = card
  const words = { lang: card.locale, dir: card.dir }
  if (p.kind === 'post') {
    return (
      <div className="gr-paper gr-post">
        <div className="gr-who"><i aria-hidden="true">{author.slice(0, 1)}</i><span><b>{author}</b><small>{account}</small></span></div>
        <Long {...words} className="gr-text" text={p.text} lines={16} />
        <Pictures pictures={p.pictures} words={words} />
      </div>
    )
  }
  return (
    <div className="gr-paper">
      {p.fields.map(([name, value]) => <p key={name} className="gr-field"><span>{name}</span><b {...words}>{value}</b></p>)}
      {p.title && <h4 {...words}>{p.title}</h4>}
      {p.summary && <p className="gr-summary" {...words}>{p.summary}</p>}
      <Written words={words} text={p.text} html={p.html} />
      <Pictures pictures={p.pictures} words={words} />
      {p.page && <a className="gr-page" href={p.page} target="_blank" rel="noreferrer">See the page as readers will<span className="gr-hidden"> (opens a new tab)</span></a>}
    </div>
  )
}

const Meters = ({ meters, exact }) => (
  <ul className="gr-meters">
    {meters.map((m) => (
      <li key={m.unit} data-over={m.over}><b>{m.used}</b> {m.limit && `of ${m.limit} `}{m.unit}{m.over && <span> (too long)</span>}</li>
    ))}
    <li>{exact}</li>
  </ul>
)

function Voice({ voice }) {
  if (!voice) return null
  const { score, low, high } = voice
  return (
    <section>
      <h4>Sounds like you</h4>
      {score !== null && (
        <div className="gr-voice">
          <strong>{score}</strong>
          <div className="gr-bar" aria-hidden="true"><i style={{ insetInlineStart: `${low}%`, width: `${Math.max(high - low, 1)}%` }} /><u style={{ insetInlineStart: `${score}%` }} /></div>
        </div>
      )}
      <p className="gr-small">{voice.words}</p>
      {voice.reason && <p>{voice.reason}</p>}
    </section>
  )
}

const Why = ({ card }) => (
  <aside className="gr-why" aria-label={`Why ${card.title} reads like this`}>
    <Voice voice={card.voice} />
    <section>
      <h4>Leans on your work</h4>
      {card.receipts.length ? (
        <ul>{card.receipts.map((r, i) => <li key={i}><q dir="auto">{r.quote}</q><small>{r.source}</small></li>)}</ul>
      ) : <p className="gr-small">No line of it was found in your past work.</p>}
      {card.more_receipts && <p className="gr-small">{card.more_receipts}</p>}
    </section>
    {card.segments && (
      <section>
        <h4>Translation</h4>
        <p><a href={card.segments.href} target="_blank" rel="noreferrer">{card.segments.words}<span className="gr-hidden"> (opens a new tab)</span></a></p>
      </section>
    )}
    <section>
      <h4>Checks</h4>
      {card.findings.length ? (
        <ul>{card.findings.map((f, i) => <li key={i} data-severity={f.severity}><b>{f.word}</b> {f.message}</li>)}</ul>
      ) : <p>Nothing to mend.</p>}
    </section>
    {card.revised && (
      <section>
        <h4>Revised before you saw it</h4>
        <p className="gr-small">{card.revised.words}</p>
        {card.revised.others.map((other) => (
          <details key={other.draft}><summary>The version that was not kept</summary><p className="gr-small" dir="auto">{other.text}</p></details>
        ))}
      </section>
    )}
  </aside>
)

const Changed = ({ changed }) => (
  <p className="gr-changed">
    <span>{changed.words} </span>
    {changed.parts.map(([op, text], i) => (op === 'del' ? <del key={i}>{text}</del> : op === 'ins' ? <ins key={i}>{text}</ins> : <span key={i}>{text}</span>))}
  </p>
)

const VERBS = [
  { verb: 'approve', label: 'Approve', hotkey: 'a' },
  { verb: 'edit', label: 'Edit', hotkey: 'e', form: { label: 'Your version', save: 'Save as a new version', rows: 9 } },
  { verb: 'changes', label: 'Ask for changes', hotkey: 'c', form: { label: 'What should change?', save: 'Ask for it', rows: 2, needed: true } },
  { verb: 'reject', label: 'Reject', hotkey: 'r', form: { label: 'Why? It is kept with your decision. You can leave it empty.', save: 'Reject', rows: 2 } },
  { verb: 'hold', label: 'Hold', hotkey: 'h' },
]

const SOON = { a: 'Approving …', e: 'Opening …', c: 'Opening …', r: 'Opening …', h: 'Holding …', u: 'Taking it back …' }
const DOING = { approve: 'Approving.', edit: 'Working on it.', changes: 'Working on the changes.', reject: 'Rejecting.', hold: 'Holding.', undo: 'Taking it back.' }

function Form({ form, value, busy, loading, onChange, onSave, onCancel }) {
  const id = useId()
  const box = useRef(null)
  useEffect(() => { box.current?.focus() }, [])
  const ready = !busy && !loading && (!form.needed || value.trim())
  const keys = (e) => {
    if (e.key === 'Escape') onCancel()
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && ready) onSave()
  }
  return (
    <div className="gr-form">
      <label htmlFor={id}>{form.label}</label>
      <textarea id={id} ref={box} rows={form.rows} value={value} readOnly={loading} dir="auto" onChange={(e) => onChange(e.target.value)} onKeyDown={keys} />
      <div className="gr-verbs">
        <button type="button" className="gr-go" disabled={!ready} onClick={onSave}>{form.save}<kbd>ctrl ↵</kbd></button>
        <button type="button" className="gr-plain" onClick={onCancel}>Leave it as it is<kbd>esc</kbd></button>
      </div>
    </div>
  )
}

const Verbs = ({ busy, onVerb }) => (
  <div className="gr-verbs" role="group" aria-label="Decide">
    {VERBS.map((v) => (
      <button key={v.verb} type="button" className={v.verb === 'approve' ? 'gr-go' : ''} data-verb={v.verb} aria-keyshortcuts={v.hotkey} disabled={Boolean(busy)} onClick={() => onVerb(v)}>
        {v.label}<kbd aria-hidden="true">{v.hotkey}</kbd>
      </button>
    ))}
  </div>
)

const Outcome = ({ card, busy, onUndo }) => (
  <p className="gr-outcome" role="status">
    {card.outcome}
    {card.url && <> <a href={card.url} target="_blank" rel="noreferrer">Read it<span className="gr-hidden"> (opens a new tab)</span></a></>}
    {card.undo && <> <button type="button" className="gr-undo" disabled={Boolean(busy)} onClick={onUndo}>Undo</button></>}
  </p>
)

function Copy({ text, title }) {
  const box = useRef(null)
  const [said, setSaid] = useState('')
  const [byHand, setByHand] = useState(false)
  useEffect(() => { if (byHand) { box.current.focus(); box.current.select() } }, [byHand])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied.')
    } catch { // a browser that keeps its clipboard to itself: the person copies what is selected
      setByHand(true)
      setSaid('It is selected: copy it with your keyboard.')
      box.current?.select()
    }
  }
  return (
    <div className="gr-copy">
      <div className="gr-verbs"><button type="button" className="gr-go" onClick={copy}>Copy text</button><span role="status">{said}</span></div>
      {byHand && <textarea ref={box} readOnly rows={6} dir="auto" value={text} aria-label={`The text for ${title}`} />}
    </div>
  )
}

function useDecisions(card, callAction) {
  const [busy, setBusy] = useState('')
  const [said, setSaid] = useState('')
  const [form, setForm] = useState(null)
  const [value, setValue] = useState('')
  const [settling, setSettling] = useState(false)
  const guard = useRef(false)
  const shown = useRef(card.sha)
  useEffect(() => {
    // other words have come under the pointer: nobody should decide them by a click that was meant for the old ones
    if (shown.current === card.sha) return undefined
    shown.current = card.sha
    setSettling(true)
    const timer = setTimeout(() => setSettling(false), 800)
    return () => clearTimeout(timer)
  }, [card.sha])
  const call = async (name, payload) => {
    try {
      const answer = (await callAction({ name, payload }))?.response
      setSaid(answer ? answer.said : 'That did not work. Nothing was changed; try again.')
      return answer
    } catch {
      setSaid('The server did not answer. Nothing was changed here; reload to see where things stand.')
      return null
    }
  }
  const ask = async (name, payload, doing) => {
    if (guard.current) return null
    guard.current = true
    setBusy(doing)
    setSaid('')
    const answer = await call(name, payload)
    guard.current = false
    setBusy('')
    return answer
  }
  const decide = (what, verb, extra = {}) => ask('decide', { ...what, verb, ...extra }, verb)
  const start = async (v) => {
    const what = { id: card.id, sha: card.sha } // a form keeps what it was opened on, whatever comes meanwhile
    if (!v.form) return decide(what, v.verb)
    // the field opens at once, or the next letters somebody types would be taken for verbs
    setValue('')
    setForm({ ...v, what, loading: v.verb === 'edit' })
    if (v.verb !== 'edit') return null
    const answer = await call('document', { id: card.id })
    if (answer?.document === undefined) setForm(null)
    else { setValue(answer.document); setForm({ ...v, what, loading: false }) }
    return null
  }
  const save = async () => {
    const answer = await decide(form.what, form.verb, form.verb === 'edit' ? { body: value } : { note: value })
    if (answer?.done) setForm(null)
  }
  const undo = () => ask('undo', { id: card.id, decision: card.undo }, 'undo')
  return { busy: busy || (settling && 'settling'), said, form, value, setValue, start, save, undo, cancel: () => setForm(null) }
}

// how a single key that is meant is told from typing stands in greenroom.js: the cards of rules share it
const INPUT = window.greenroomInput

function useKeys(box, card, d) {
  const meant = useRef(false)
  const [soon, setSoon] = useState('')
  const onFocus = () => { meant.current = INPUT.byKeyboard }
  const onPointerDown = () => { meant.current = false }
  const later = (key, act) => {
    setSoon(SOON[key])
    const timer = setTimeout(() => { INPUT.cancel = null; setSoon(''); act() }, INPUT.afterMs)
    INPUT.cancel = () => { clearTimeout(timer); setSoon('') }
  }
  const action = (key) => {
    const verb = card.open && !d.form && !d.busy && VERBS.find((v) => v.hotkey === key)
    if (verb) return () => d.start(verb)
    return key === 'u' && card.undo && !d.busy ? d.undo : null
  }
  const onKeyDown = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(TEXTAREA|INPUT|SELECT)$/.test(e.target.tagName)) return
    const key = e.key.toLowerCase()
    const alone = meant.current && !e.repeat && INPUT.quiet >= INPUT.beforeMs
    if (e.target.tagName === 'BUTTON' && key === ' ') { if (!alone) e.preventDefault(); return }
    if (meant.current && INPUT.step(box.current, key)) { e.preventDefault(); return }
    const act = alone && action(key)
    if (act) { e.preventDefault(); later(key, act) }
  }
  return { soon, handlers: { onFocus, onPointerDown, onKeyDown } }
}

function ReviewCard({ card, callAction }) {
  const box = useRef(null)
  const title = useId()
  const d = useDecisions(card, callAction)
  const { soon, handlers } = useKeys(box, card, d)
  const badge = useId()
  const note = useRef(null)
  const saying = soon || (d.busy && d.busy !== 'settling' ? DOING[d.busy] : d.said)
  useEffect(() => { if (saying) note.current?.scrollIntoView({ block: 'nearest' }) }, [saying])
  const cancel = () => { d.cancel(); box.current?.focus() }
  return (
    <article ref={box} className="gr-card" tabIndex={0} aria-labelledby={`${title} ${badge}`} aria-busy={Boolean(d.busy)} data-proposal={card.id} data-state={card.state.name} data-colour={card.state.colour} data-channel={card.channel} {...handlers}>
      <header className="gr-head">
        <h3 id={title}>{card.title}</h3>
        <span id={badge} className="gr-badge"><Mark shape={card.state.shape} size={13} />{card.state.word}</span>
        <p className="gr-sub">{card.sub}</p>
      </header>
      <div className="gr-cols">
        <div className="gr-stage">
          <Preview card={card} />
          {card.meters.length > 0 && <Meters meters={card.meters} exact={card.exact} />}
          {card.changed && <Changed changed={card.changed} />}
          {card.open && <p className="gr-time">{card.when}</p>}
          {card.open && !d.form && <Verbs busy={d.busy} onVerb={d.start} />}
          {card.open && d.form && <Form form={d.form.form} value={d.value} busy={d.busy} loading={d.form.loading} onChange={d.setValue} onSave={d.save} onCancel={cancel} />}
          {card.outcome && <Outcome card={card} busy={d.busy} onUndo={d.undo} />}
          {card.copy && <Copy text={card.copy} title={card.title} />}
          <p ref={note} className="gr-said" role="status">{saying}</p>
        </div>
        <Why card={card} />
      </div>
      <footer className="gr-foot">
        <span>{card.provenance}</span>
        <span>{card.sha_label} <code title={card.sha}>{card.short_sha}</code></span>
      </footer>
    </article>
  )
}

window.greenroomCard = window.greenroomCard || ReviewCard
const Kept = window.greenroomCard

export default <Kept card={props} callAction={callAction} />
