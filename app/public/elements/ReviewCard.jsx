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

function Long({ lang, dir, className, text, lines }) {
  const box = useRef(null)
  const [cut, setCut] = useState(false)
  const [open, setOpen] = useState(false)
  useEffect(() => { if (box.current && !open) setCut(box.current.scrollHeight > box.current.clientHeight + 4) }, [text, open])
  return (
    <>
      <div ref={box} lang={lang} dir={dir} className={className} style={open ? null : { maxHeight: `${lines * 1.55}em`, overflow: 'hidden' }} data-cut={cut && !open}>
        <Linked text={text} />
      </div>
      {(cut || open) && <button type="button" className="gr-more" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Show less' : 'Show all of it'}</button>}
    </>
  )
}

function Preview({ card }) {
  const { preview: p, account, author } = card
  const words = { lang: card.locale, dir: card.dir }
  if (p.kind === 'post') {
    return (
      <div className="gr-paper gr-post">
        <div className="gr-who"><i aria-hidden="true">{author.slice(0, 1)}</i><span><b>{author}</b><small>{account}</small></span></div>
        <Long {...words} className="gr-text" text={p.text} lines={16} />
      </div>
    )
  }
  return (
    <div className="gr-paper">
      {p.fields.map(([name, value]) => <p key={name} className="gr-field"><span>{name}</span><b {...words}>{value}</b></p>)}
      {p.title && <h4 {...words}>{p.title}</h4>}
      {p.summary && <p className="gr-summary" {...words}>{p.summary}</p>}
      <Long {...words} className="gr-text gr-serif" text={p.text} lines={13} />
      {p.page && <a className="gr-page" href={p.page} target="_blank" rel="noreferrer">See the page as readers will<span className="gr-hidden"> (opens a new tab)</span></a>}
    </div>
  )
}

const Meters = ({ meters }) => (
  <ul className="gr-meters">
    {meters.map((m) => (
      <li key={m.unit} data-over={m.over}><b>{m.used}</b> {m.limit && `of ${m.limit} `}{m.unit}{m.over && <span> (too long)</span>}</li>
    ))}
    <li>exactly what will be sent</li>
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
    <section>
      <h4>Checks</h4>
      {card.findings.length ? (
        <ul>{card.findings.map((f, i) => <li key={i} data-severity={f.severity}><b>{f.word}</b> {f.message}</li>)}</ul>
      ) : <p>Nothing to mend.</p>}
    </section>
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
  { verb: 'reject', label: 'Reject', hotkey: 'r', form: { label: 'Why? The next draft learns from it. You can leave it empty.', save: 'Reject', rows: 2 } },
  { verb: 'hold', label: 'Hold', hotkey: 'h' },
]

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

const STEP = { j: 1, k: -1 }

function step(from, by) {
  const all = [...document.querySelectorAll('.gr-card')]
  const next = all[all.indexOf(from) + by]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'start' })
}

function ReviewCard({ card, callAction }) {
  const box = useRef(null)
  const title = useId()
  const d = useDecisions(card, callAction)
  const keys = (e) => {
    if (e.repeat || e.ctrlKey || e.metaKey || e.altKey || /^(TEXTAREA|INPUT|SELECT)$/.test(e.target.tagName)) return
    const key = e.key.toLowerCase()
    const verb = card.open && !d.form && VERBS.find((v) => v.hotkey === key && (v.form || !d.busy))
    const act = verb ? () => d.start(verb) : key === 'u' && card.undo && !d.busy ? d.undo : STEP[key] && (() => step(box.current, STEP[key]))
    if (!act) return
    e.preventDefault()
    act()
  }
  const cancel = () => { d.cancel(); box.current?.focus() }
  return (
    <article ref={box} className="gr-card" tabIndex={0} aria-labelledby={title} aria-busy={Boolean(d.busy)} data-proposal={card.id} data-state={card.state.name} data-colour={card.state.colour} data-channel={card.channel} onKeyDown={keys}>
      <header className="gr-head">
        <span className="gr-tint"><Mark shape={card.state.shape} size={20} /></span>
        <h3 id={title}>{card.title}<span className="gr-hidden">, {card.state.word}</span></h3>
        <span className="gr-badge" aria-hidden="true"><Mark shape={card.state.shape} size={11} />{card.state.word}</span>
        <p className="gr-sub">{card.sub}</p>
      </header>
      <div className="gr-cols">
        <div className="gr-stage">
          <Preview card={card} />
          <Meters meters={card.meters} />
          {card.changed && <Changed changed={card.changed} />}
          {card.open && <p className="gr-time">{card.when}</p>}
          {card.open && !d.form && <Verbs busy={d.busy} onVerb={d.start} />}
          {card.open && d.form && <Form form={d.form.form} value={d.value} busy={d.busy} loading={d.form.loading} onChange={d.setValue} onSave={d.save} onCancel={cancel} />}
          {card.outcome && <Outcome card={card} busy={d.busy} onUndo={d.undo} />}
          <p className="gr-said" role="status">{d.busy && d.busy !== 'settling' ? DOING[d.busy] : d.said}</p>
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
