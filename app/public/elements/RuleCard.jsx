// One rule that a person's edits taught, as they say whether it holds. Every word in it comes from app/rule_cards.py;
// what people wrote is only ever rendered as text. An element's file can import no other file of ours, so the four
// marks stand here again; how a single key is told from typing is shared (greenroom.js).
import { useEffect, useId, useRef, useState } from 'react'

const SHAPES = {
  triangle: <path d="M9 1.5 16.8 16H1.2Z" fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />,
  'disc-tick': <><circle cx="9" cy="9" r="8" fill="currentColor" /><path d="m5 9.2 3 3 5-6" className="gr-cut" /></>,
  octagon: <><path d="M6 1h6l5 5v6l-5 5H6l-5-5V6Z" fill="currentColor" /><path d="m6 6 6 6m0-6-6 6" className="gr-cut" /></>,
  'dashed-circle': <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 3" />,
}

const Mark = ({ shape }) => <svg className="gr-mark" viewBox="0 0 18 18" width="13" height="13" aria-hidden="true">{SHAPES[shape]}</svg>

const WORDS = [
  { word: 'accept', label: 'Keep to it', hotkey: 'a', soon: 'Keeping to it …' },
  { word: 'reject', label: 'Drop it', hotkey: 'r', soon: 'Dropping it …' },
]
const UNDO = { word: 'undo', hotkey: 'u', soon: 'Taking it back …' }

const Part = ({ part: [op, text] }) => (op === 'del' ? <del>{text}</del> : op === 'ins' ? <ins>{text}</ins> : <span>{text}</span>)

const Edits = ({ card }) => (
  <ul className="gr-edits" aria-label="The edits it was learned from">
    {card.edits.map((e, i) => (
      <li key={i}>
        <small>{e.when}</small>
        <p className="gr-changed" dir="auto">{e.note ? <q>{e.note}</q> : e.withheld || e.parts.map((part, j) => <Part key={j} part={part} />)}</p>
      </li>
    ))}
    {card.more && <li><small>{card.more}</small></li>}
  </ul>
)

function useWord(card, callAction) {
  const [busy, setBusy] = useState('')
  const [said, setSaid] = useState('')
  const guard = useRef(false)
  const say = async (w) => {
    if (guard.current) return
    guard.current = true
    setBusy(w.soon)
    setSaid('')
    try {
      const answer = (await callAction({ name: 'rule', payload: { id: card.id, stamp: card.stamp, word: w.word } }))?.response
      setSaid(answer ? answer.said : 'That did not work. Nothing was changed; try again.')
    } catch {
      setSaid('The server did not answer. Nothing was changed here; reload to see where things stand.')
    }
    guard.current = false
    setBusy('')
  }
  return { busy, said, say }
}

function useKeys(card, w) {
  const meant = useRef(false)
  const [soon, setSoon] = useState('')
  const input = window.greenroomInput
  const later = (word) => {
    setSoon(word.soon)
    const timer = setTimeout(() => { input.cancel = null; setSoon(''); w.say(word) }, input.afterMs)
    input.cancel = () => { clearTimeout(timer); setSoon('') }
  }
  const onKeyDown = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const key = e.key.toLowerCase()
    const alone = meant.current && !e.repeat && input.quiet >= input.beforeMs
    if (e.target.tagName === 'BUTTON' && key === ' ') { if (!alone) e.preventDefault(); return }
    if (meant.current && input.step(e.currentTarget, key)) { e.preventDefault(); return }
    const can = card.open ? WORDS : card.undo ? [UNDO] : []
    const word = alone && !w.busy && can.find((each) => each.hotkey === key)
    if (word) { e.preventDefault(); later(word) }
  }
  return { soon, handlers: { onFocus: () => { meant.current = input.byKeyboard }, onPointerDown: () => { meant.current = false }, onKeyDown } }
}

function RuleCard({ card, callAction }) {
  const title = useId()
  const badge = useId()
  const w = useWord(card, callAction)
  const { soon, handlers } = useKeys(card, w)
  const note = useRef(null)
  const saying = soon || w.busy || w.said
  useEffect(() => { if (saying) note.current?.scrollIntoView({ block: 'nearest' }) }, [saying])
  return (
    <article className="gr-card gr-rule" tabIndex={0} aria-labelledby={`${title} ${badge}`} aria-busy={Boolean(w.busy)} data-rule={card.id} data-state={card.state.name} data-colour={card.state.colour} {...handlers}>
      <header className="gr-head">
        <h3 id={title}>{card.title}</h3>
        <span id={badge} className="gr-badge"><Mark shape={card.state.shape} />{card.state.word}</span>
        <p className="gr-sub">{card.sub}</p>
      </header>
      <div className="gr-stage">
        <Edits card={card} />
        {card.open && <p className="gr-time">{card.what}</p>}
        {card.open && (
          <div className="gr-verbs" role="group" aria-label="Your word on it">
            {WORDS.map((each) => (
              <button key={each.word} type="button" className={each.word === 'accept' ? 'gr-go' : ''} data-word={each.word} aria-keyshortcuts={each.hotkey} disabled={Boolean(w.busy)} onClick={() => w.say(each)}>
                {each.label}<kbd aria-hidden="true">{each.hotkey}</kbd>
              </button>
            ))}
          </div>
        )}
        {(card.outcome || card.undo) && (
          <p className="gr-outcome" role="status">
            {card.outcome}
            {card.undo && <> <button type="button" className="gr-undo" data-word="undo" aria-keyshortcuts="u" disabled={Boolean(w.busy)} onClick={() => w.say(UNDO)}>Undo</button></>}
          </p>
        )}
        <p ref={note} className="gr-said" role="status">{saying}</p>
      </div>
    </article>
  )
}

window.greenroomRule = window.greenroomRule || RuleCard
const Kept = window.greenroomRule

export default <Kept card={props} callAction={callAction} />
