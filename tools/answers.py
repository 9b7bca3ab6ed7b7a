"""What a model answered, as our own nouns; a receipt that does not hold is dropped here."""

from core.briefs import Brief, Plan
from core.drafts import Content, Receipt
from core.links import links_in
from core.markdown_text import plain
from models.tasks import DraftAnswer, Line
from tools.context import Context


def content_of(answer: DraftAnswer) -> Content:
    """Return what the model wrote, as content."""
    text = answer.text.strip()
    return Content(
        text=text,
        title=answer.title.strip(),
        subject=answer.subject.strip(),
        preheader=answer.preheader.strip(),
        summary=answer.summary.strip(),
        tags=answer.tags,
        links=tuple(links_in(text)),
    )


def receipts_of(context: Context, brief: Brief, plan: Plan, answer: DraftAnswer) -> tuple[Receipt, ...]:
    """Return the receipts whose quote stands word for word in the source that they name."""
    text = answer.text.strip()
    found = (_receipt(context, brief, plan, line, text) for line in answer.receipts)
    return tuple(receipt for receipt in found if receipt)


def _receipt(context: Context, brief: Brief, plan: Plan, line: Line, text: str) -> Receipt | None:
    quote = _flat(line.quote)
    start = text.find(line.line) if line.line else -1
    span = (start, start + len(line.line)) if start >= 0 else None
    if not quote:
        return None
    if line.work_id:
        return _from_work(context, brief, plan, line.work_id, quote, span)
    if quote in _flat(f"{brief.source_title} {brief.source_text}"):
        return Receipt(work_id=None, title=brief.source_title or "your source", quote=quote, span=span, origin="source")
    if quote in _flat(brief.ask):
        return Receipt(work_id=None, title="your brief", quote=quote, span=span, origin="brief")
    return None


def _from_work(
    context: Context, brief: Brief, plan: Plan, work_id: str, quote: str, span: tuple[int, int] | None
) -> Receipt | None:
    if work_id not in {work.work_id for work in plan.recalled}:
        return None
    work = context.memory.works.get(brief.workspace, work_id)
    if quote not in _flat(f"{work.title} {work.body}") and quote not in _flat(plain(work.body)):
        return None
    return Receipt(work_id=work_id, title=work.title, quote=quote, url=work.url, span=span, origin="work")


def _flat(text: str) -> str:
    return " ".join(text.split())
