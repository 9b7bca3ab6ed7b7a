"""The policy: every field is documented with the default that it has, and what can't be read is named."""

import json
import re
from pathlib import Path

import pytest
import yaml

from core.errors import BadInput
from core.policy import Outbox, Policy, described, read_policy

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (needed|see below|`[^`]*`) \| (.+) \|$", re.MULTILINE)


def test_every_field_is_documented_with_its_default_and_meaning() -> None:
    documented = [(path, default.strip("`"), meaning) for path, default, meaning in ROW.findall(PAGE)]
    assert documented == [(each.path, written(each.default), each.meaning) for each in described()]
    assert all(each.meaning for each in described())


def written(default: object) -> str:
    """Return a default as the page writes it."""
    if isinstance(default, dict) and default:
        return "see below"
    return "needed" if default == "needed" else json.dumps(default)


def test_the_documented_example_is_a_policy_that_says_every_part() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    said = yaml.safe_load(block)
    policy = read_policy(said)
    assert set(said) == set(Policy.model_fields)
    assert policy.approval.four_eyes and policy.approval.passphrase
    assert policy.outbox.grace() == 60


def test_the_default_is_the_safe_one() -> None:
    policy = read_policy({})
    assert policy == Policy()
    assert (policy.outbox.missed, policy.outbox.grace(), policy.stages, policy.disclosure) == ("ask", 120, (), None)
    assert Outbox(missed="late").grace() == 72 * 60


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"approval": {"four_eye": True}}, "approval.four_eye"),
        ({"approvals": {}}, "approvals"),
        ({"outbox": {"missed": "never"}}, "outbox.missed"),
        ({"outbox": {"grace_minutes": 0}}, "outbox.grace_minutes"),
        ({"outbox": {"gaps": {"bluesky": -1}}}, "outbox.gaps.bluesky"),
        ({"stages": [{"stage": "Brand"}]}, "stages.0.stage"),
        ({"approval": {"approvers": {"bluesky": "Ines"}}}, "approval.approvers.bluesky"),
    ],
)
def test_what_can_not_be_read_is_named(said: dict, where: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(BadInput, match=where.replace(".", r"\.")):
        read_policy(said)
