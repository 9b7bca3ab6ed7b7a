"""Change requests in words: those that name a habit are as good as an edit that shows it."""

import regex

from core import names
from core.edits.guard import is_fact
from core.edits.lessons import Lesson, Seen
from core.edits.rules import Rule

_WORD = r"[“\"'‘]([^“”\"'‘’]+)[”\"'’]"
_NOTES: tuple[tuple[str, str, str], ...] = (
    # pattern over one part of a note, the trait, its word
    (r"\b(?:no|without|drop|remove|cut|lose|fewer|skip)\b.*\bhash ?tags?\b", "hashtags", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|fewer|skip)\b.*\bemojis?\b", "emoji", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|fewer|skip)\b.*\bexclamation", "exclamations", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|fewer|less)\b.*\b(?:hedg\w+|softeners?)\b", "hedges", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|skip)\b.*\b(?:calls? to action|cta)\b", "calls", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|skip)\b.*\bquestions? at the end\b", "last_question", ""),
    (r"\b(?:end|close|finish)\b.*\b(?:on|with)\b.*\bquestion\b", "asks_at_end", ""),
    (r"\b(?:no|without|drop|remove|cut|lose|skip)\b.*\bbold\b", "bold", ""),
    (r"\b(?:no|without|drop|remove|cut|avoid|skip)\b.*\bcontractions\b", "no_contractions", ""),
    (r"^(?:please )?(?:use |with )?(?:more )?contractions$", "contractions", ""),
    (r"\bbritish (?:english|spelling)\b", "british", ""),
    (r"\b(?:american|us) (?:english|spelling)\b", "american", ""),
    (r"\b(?:no|without|drop|remove)\b.*\boxford comma", "no_oxford_comma", ""),
    (r"\boxford comma", "oxford_comma", ""),
    (r"\bshorter (?:opening|intro\w*|first paragraph|start)\b", "short_opening", ""),
    (r"\bshorter paragraphs?\b", "paragraphs", "2"),
    (r"\b(?:shorter|briefer|tighter|too long|more concise)\b", "shorter", ""),
    (r"\bsentence case\b", "sentence_case", ""),
    (r"\btitle case\b", "title_case", ""),
    (r"\blinks? (?:at|to) the end\b", "links_last", ""),
    (r"\b(?:i|“i”|\"i\") (?:rather than|instead of|not) [“\"]?we\b", "as_i", ""),
    (r"\bplain(?:er)? (?:words|language)\b", "plain_words", ""),
)
_SWAP = regex.compile(
    rf"(?:replace|change|swap)\s+{_WORD}\s+(?:with|by|to|for)\s+{_WORD}"
    rf"|(?:say|use|write)\s+{_WORD}\s+(?:instead of|rather than|not)\s+{_WORD}",
    regex.IGNORECASE,
)
_PARTS = regex.compile(r"[;,.\n]|\band\b", regex.IGNORECASE)


def of_note(note: str) -> Lesson:
    """Return the rules that a change request names in so many words ("no hashtags, shorter")."""
    found: dict[str, Rule] = {}
    for match in _SWAP.finditer(note):
        old, new = (match[1], match[2]) if match[1] else (match[4], match[3])
        rule = Rule(trait="words", old=old.strip().casefold(), new=new.strip())
        if not is_fact(f"{old} {new}") and not names.find(f"so {old} so {new}") and new.strip().islower():
            found[rule.key] = rule
    for part in _PARTS.split(_SWAP.sub("", note)):
        for pattern, trait, word in _NOTES:
            if regex.search(pattern, part.strip(), regex.IGNORECASE):
                rule = Rule(trait=trait, new=word)
                found[rule.key] = rule
                break
    return tuple(Seen(rule=rule, voice="for") for rule in found.values())
