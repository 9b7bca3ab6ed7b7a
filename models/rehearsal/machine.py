"""What is said to a machine and not to readers: no draft says it (and none could obey it: a person decides)."""

import re

_DISREGARD = (
    r"(?:ignore[zr]?|disregard|forget|override|bypass|ignora[dr]?|ignoren?|olvid[ae]n?|omit[ae]n?|desconsider[ae]|esque(?:ça|ce)"
    r"|oublie[zr]?|ignorier(?:e|en|t)?|vergiss|vergesst|missachte|ignorate|dimentica(?:te)?|negeer|vergeet|ignorer|glem)"
)
_RULES = (
    r"(?:(?:instruc|instru[cz]|istruz)\w+|rules?|prompts?|polic(?:y|ies)|guidelines?|reglas?|normas?|directrices"
    r"|consignes?|règles?|anweisung\w*|regeln?|vorgaben|regras?|diretrizes|regole|instruksjon\w*|instruktion\w*|regels|opdracht\w*)"
)
_WHICH = (
    r"(?:all|any|every|the|your|my|our|previous|prior|earlier|above|tod[ao]s?|tus|sus|las|los|anterior\w*|toutes?|tous|les|vos|tes"
    r"|précédent\w*|alle[ns]?|die|deine|ihre|vorherig\w*|bisherig\w*|suas|as|os|le|tutte|tutti|precedent\w*|alla|je|uw|vorige|tidligere)"
)
_SAID = re.compile(
    rf"(?:^|[,;:–—(]\s*|\b(?:please|por favor|s['’]il (?:vous|te) plaît|bitte|per favore|and|now)\s+)"
    rf"{_DISREGARD}\s+(?:\w+\s+)?{_WHICH}\b[^.!?]{{0,60}}?\b{_RULES}\b"
    r"|^you (?:are|have been) (?:now )?approved\b"
    r"|^you are now (?:an?|the|in|free)\b[^.!?]*\b(?:ai|assistant|model|mode|chatbot|agent|admin\w*|restrictions?)\b"
    r"|\b(?:as an ai|dear (?:ai|llm|chatbot)|note to (?:the )?(?:ai|llm|model|assistant|agent))\b"
    r"|\b(?:reveal|print|repeat|show|output|leak)\b[^.!?]{0,30}\b(?:system prompt|your instructions|api keys?)\b"
    r"|^(?:system|assistant|user)\s*:\s"
    r"|^(?:publish|post|send|approve) (?:this|it|everything|all)\b.*\b(?:now|everywhere|at once|immediately|without)\b"
    r"|^(?:publica|publique|aprueba|aprova|approuve[zr]?|publie[zr]?|veröffentliche|genehmige|pubblica|approva)\b[^.!?]*"
    r"\b(?:ahora|inmediatamente|sin (?:aprobación|preguntar)|maintenant|immédiatement|sans (?:approbation|demander)"
    r"|sofort|ohne|subito|senza|agora|imediatamente|sem)\b",
    re.I,
)


def said_to_a_machine(text: str) -> bool:
    """Say whether a sentence orders a machine about ("Ignore all previous instructions"), in eight languages."""
    return _SAID.search(text) is not None
