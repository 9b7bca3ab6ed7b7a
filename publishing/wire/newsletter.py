"""A newsletter's payload: subject, preheader, the text, and both parts of the mail as they go.

Both end with the way out of the list. Where that leads differs for each recipient, so a placeholder stands there; the
sender replaces exactly that. A postal address or another last line is the policy's `signature` for `newsletter`.
"""

import re
from typing import Any

from core.drafts import Content
from core.locales import direction
from publishing.site.templating import render
from publishing.site.words import list_words
from publishing.wire.context import ComposeContext
from publishing.wire.lines import LONGEST_SUMMARY, one_line, shortened, title_of, without_own_title
from publishing.wire.markdown import to_html, to_plain

PLACEHOLDER = "{{unsubscribe_url}}"
"""Stands in what is approved; in each mail it is that recipient's own link, and nothing else differs."""

SERIF = "font-family:'Source Serif 4',Georgia,'Times New Roman',serif"
STYLES = {
    "p": "margin:0 0 18px",
    "h2": "margin:34px 0 12px;font-size:23px;line-height:1.25;font-weight:600",
    "h3": "margin:28px 0 10px;font-size:20px;line-height:1.3;font-weight:600",
    "ul": "margin:0 0 18px;padding:0 0 0 22px",
    "ol": "margin:0 0 18px;padding:0 0 0 22px",
    "li": "margin:0 0 7px",
    "blockquote": "margin:24px 0;padding:0 0 0 18px;border-left:3px solid #0f6b4f;font-style:italic",
    "a": "color:#0f6b4f",
    "hr": "border:0;border-top:1px solid #ddd6c8;margin:30px 0",
    "table": "border-collapse:collapse;margin:0 0 22px;font-size:16px",
    "th": "text-align:start;padding:6px 16px 6px 0;border-bottom:1px solid #ddd6c8",
    "td": "text-align:start;padding:6px 16px 6px 0;border-bottom:1px solid #ddd6c8",
    "pre": "overflow:auto;font-size:14px;padding:14px;border:1px solid #ddd6c8;border-radius:8px",
}
"""Mail programs drop style sheets; what must hold is written on the tag. The dark palette is an extra on top."""

_OPENING = re.compile(rf"<({'|'.join(STYLES)})(?=[\s/>])")


def compose(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return subject, preheader, text, html and plain. Header fields are one line each: none can be smuggled in."""
    title = title_of(content)
    body = without_own_title(content.text, title)
    subject = one_line(content.subject) or title
    preheader = one_line(content.preheader) or shortened(to_plain(body), LONGEST_SUMMARY)
    html = mail(context, subject=subject, preheader=preheader, heading=one_line(content.title), body=to_html(body))
    plain = with_way_out(content.text, context)
    return {"text": content.text, "subject": subject, "preheader": preheader, "html": html, "plain": plain}


def with_way_out(text: str, context: ComposeContext) -> str:
    """Return the mail's plain part: the text, why it comes, and how to leave."""
    words = list_words(context.locale, name=one_line(context.workspace.name))
    return f"{text.rstrip()}\n\n-- \n{words['why']}\n{words['leave']}: {PLACEHOLDER}\n"


def mail(context: ComposeContext, *, subject: str, preheader: str, heading: str, body: str) -> str:
    """Return the complete HTML mail."""
    from markupsafe import Markup

    return render(
        "mail.html.j2",
        language=context.locale,
        direction=direction(context.locale),
        subject=subject,
        preheader=preheader,
        heading=heading,
        sender=context.workspace.name,
        serif=Markup(SERIF),
        body=Markup(with_styles(body)),
        words=list_words(context.locale, name=context.workspace.name),
        leave_url=PLACEHOLDER,
    )


def with_styles(html: str) -> str:
    """Return our own renderer's HTML with each tag's style on it; text can't match, since its `<` is escaped."""
    return _OPENING.sub(lambda tag: f'<{tag[1]} style="{STYLES[tag[1]]}"', html)
