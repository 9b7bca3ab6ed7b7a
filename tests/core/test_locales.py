"""Which locales are taken, and what is said of one that is none."""

import pytest

from core.errors import BadInput
from core.locales import checked

TAKEN = "en es pt-BR zh-Hant-TW sr-Latn iw he nb no es-419 de-1996 tlh zh-yue EN en-us"


@pytest.mark.parametrize("locale", TAKEN.split())
def test_a_locale_is_taken_as_it_is_written(locale: str) -> None:
    assert checked(locale) == locale


@pytest.mark.parametrize(
    ("given", "what", "near"),
    [
        ("zz-NOPE", "no language is 'zz'", "zu"),
        ("es-NOPE", "no script is 'NOPE'", "es-"),
        ("pt-BX", "no region is 'BX'", "pt-BR"),
        ("es_MX", "is no locale", "es-MX"),
        ("spanish", "is no locale", "es"),
        ("Norweigan", "is no locale", "no"),
        ("und", "no language is 'und'", ""),
        ("", "is no locale", ""),
    ],
)
def test_one_that_is_none_is_refused_with_what_is_like_it(given: str, what: str, near: str) -> None:
    with pytest.raises(BadInput, match="is no locale") as caught:
        checked(given)
    assert what in caught.value.message
    assert near in caught.value.hint
