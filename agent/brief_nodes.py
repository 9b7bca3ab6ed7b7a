"""The steps of a brief. Each node reads ids, calls plain functions, stores rows and returns ids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.crew import Crew
from agent.freezing import freeze, freeze_angles
from agent.mending import MOST as MAX_ROUNDS
from agent.mending import needs_mending, remembered
from agent.state import BriefState
from core.briefs import Brief
from core.canonical import instant
from core.channels import channel as channel_rules
from core.drafts import Draft
from core.errors import ModelFailed, NeedsModel
from core.policy import policy_of
from core.versions import choose
from tools.check import check
from tools.describe import describe_attached
from tools.draft import draft_for
from tools.illustrate import illustrate
from tools.localize import localize_all
from tools.plan import choose_first, plan_angles
from tools.preferences import prefer
from tools.recall import lean_on
from tools.revise import revise
from tools.schedule import asked_for, propose_time
from tools.tag import draft_tags
from tools.vary import vary

BY_HAND = "Its segments wait for a person's words: greenroom segments list"
_TAGS = 6


@dataclass(frozen=True)
class BriefNodes:
    """The nodes, bound to the crew they work with."""

    crew: Crew

    def understand(self, state: BriefState) -> BriefState:
        """Refuse a brief that can't be served before anything is paid for."""
        brief, _ = self.crew.brief(state["brief_id"])
        for name in brief.channels:
            channel_rules(name)
        self.crew.memory.preferences.learn(brief.workspace)  # what a crash kept from being learned
        return {"rounds": 0, "notices": describe_attached(self.crew.context, brief)}

    def recall(self, state: BriefState) -> BriefState:
        """Find the past works that the brief leans on."""
        brief, plan = self.crew.brief(state["brief_id"])
        recalled = lean_on(self.crew.context, brief)
        self.crew.memory.briefs.record_plan(plan.model_copy(update={"recalled": recalled, "phase": "recalled"}))
        return {}

    def plan(self, state: BriefState) -> BriefState:
        """Find three angles; without a checkpoint on them, the first ones are taken."""
        brief, plan = self.crew.brief(state["brief_id"])
        planned = plan_angles(self.crew.context, brief, plan.recalled)
        stops = self.stops_at_angles(state)
        angles = 1 if brief.vary else brief.variants  # what differs in another dimension tells the same angle
        self.crew.memory.briefs.record_plan(planned if stops else choose_first(planned, angles))
        return {}

    def freeze_angles(self, state: BriefState) -> BriefState:
        """Put the angles before a person."""
        brief, plan = self.crew.brief(state["brief_id"])
        waiting = [
            p for p in self.crew.memory.proposals.list(brief.workspace, brief_id=brief.id) if p.stage == "angles"
        ]
        proposal = waiting[-1] if waiting else freeze_angles(self.crew, brief, plan)
        if not waiting:
            self.crew.memory.proposals.add(proposal)
        return {"proposal_ids": [proposal.id]}

    def draft(self, state: BriefState) -> BriefState:
        """Write one channel's draft and give it its pictures; the branches run in parallel."""
        brief, plan = self.crew.brief(state["brief_id"])
        if there := self._drafted_before(brief, state["channel"], state["variant"]):
            return {"drafted": [there]}
        try:
            made = draft_for(self.crew.context, brief, plan, channel=state["channel"], variant=state["variant"])
        except ModelFailed as error:  # one channel's failure leaves the others their drafts
            return {"notices": [f"{state['channel']}: {error.message} {error.hint}".strip()]}
        kept = self._preferred(illustrate(self.crew.context, made, brief.pictures))
        self.crew.memory.drafts.add(kept)
        return {"drafted": [kept.id]}

    def _drafted_before(self, brief: Brief, channel: str, variant: int) -> str | None:
        """Return the draft that was made before the brief was stopped (a budget, a crash): it is paid for."""
        key = (channel, brief.locales[0], variant)
        there = self.crew.memory.drafts.for_brief(brief.id)
        return next((each.id for each in there if (each.channel, each.locale, each.variant) == key), None)

    def check(self, state: BriefState) -> BriefState:
        """Check the latest revisions and keep what was found."""
        brief, plan = self.crew.brief(state["brief_id"])
        drafts = self._drafts(state.get("draft_ids") or state.get("drafted", []))
        if not drafts:
            raise ModelFailed("No channel got a draft.", " ".join(state.get("notices", [])))
        if "checks" in self.crew.context.without:
            return {"draft_ids": [draft.id for draft in drafts]}
        checked = [check(self.crew.context, brief, plan, draft) for draft in drafts]
        for draft in checked:
            self.crew.memory.drafts.record_check(draft)
        return {"draft_ids": [draft.id for draft in checked]}

    def revise(self, state: BriefState) -> BriefState:
        """Mend the drafts in which something grave was found, all in one call; the better version is kept."""
        brief, plan = self.crew.brief(state["brief_id"])
        drafts = self._drafts(state["draft_ids"])
        try:
            revised = revise(self.crew.context, brief, plan, [d for d in drafts if needs_mending(d)])
        except (ModelFailed, NeedsModel) as error:  # the person sees the drafts with what the checks found
            return {"rounds": MAX_ROUNDS, "notices": [f"Not revised: {error.message}"]}
        mended = {new.parent_id: check(self.crew.context, brief, plan, self._preferred(new)) for new in revised}
        better = [self._better(draft, mended.get(draft.id)) for draft in drafts]
        return {"draft_ids": [draft.id for draft in better], "rounds": state["rounds"] + 1}

    def _better(self, old: Draft, new: Draft | None) -> Draft:
        """Return the better of two versions; both are kept, with why."""
        if new is None:
            return old
        choice = choose(old, new)
        told, mend = (remembered(each, choice, old, new) for each in (old, new))
        self.crew.memory.drafts.add(mend)
        self.crew.memory.drafts.record_check(told)
        return mend if choice.kept.id == new.id else told

    def _preferred(self, made: Draft) -> Draft:
        """Return what is to be kept: a revision by the rules, beside the draft that the model made, if they differ."""
        preferred = prefer(self.crew.context, made)
        if preferred is not made:
            self.crew.memory.drafts.add(made)
        return preferred

    def vary(self, state: BriefState) -> BriefState:
        """Make the versions that differ in one dimension, from the drafts as they stand after mending."""
        brief, plan = self.crew.brief(state["brief_id"])
        drafts = self._drafts(state["draft_ids"])
        try:
            made, notices = vary(self.crew.context, brief, plan, drafts)
        except (ModelFailed, NeedsModel) as error:  # the drafts themselves stand
            return {"notices": [f"No versions: {error.message}"]}
        there = {draft.id for draft in drafts}
        for draft in made:
            if draft.id in there:
                self.crew.memory.drafts.record_check(draft)
            else:
                self.crew.memory.drafts.add(check(self.crew.context, brief, plan, draft))
        return {"draft_ids": [draft.id for draft in made], "notices": notices}

    def localize(self, state: BriefState) -> BriefState:
        """Bring every draft into the other locales; what can't be translated is said, not faked."""
        brief, _ = self.crew.brief(state["brief_id"])
        made, notices, drafts = [], [], self._drafts(state["draft_ids"])
        for locale in brief.locales[1:]:
            done = localize_all(self.crew.context, brief, drafts, locale)
            for draft in done.drafts:  # one with gaps is kept as a grid that a person fills
                self.crew.memory.drafts.add(draft)
            made += [draft.id for draft in done.whole]
            notices += [f"{locale}: {done.refusal.message} {BY_HAND}"] if done.refusal else []
            notices += done.notices
        return {"draft_ids": [*state["draft_ids"], *made], "notices": notices}

    def tag(self, state: BriefState) -> BriefState:
        """Give the drafts of channels that carry keywords the creator's own tags."""
        is_open, (brief, _) = not self.crew.is_private(state["brief_id"]), self.crew.brief(state["brief_id"])
        for draft in self._drafts(state["draft_ids"]):
            if "tags" in channel_rules(draft.channel).fields and not draft.content.tags:
                tags = draft_tags(self.crew.context, brief, draft, _TAGS, for_models=is_open)
                content = draft.content.model_copy(update={"tags": tags})
                self.crew.memory.drafts.record_check(draft.model_copy(update={"content": content}))
        return {}

    def schedule(self, state: BriefState) -> BriefState:
        """Propose a time for each draft, no two of one channel at once."""
        times: dict[str, list[str]] = {}
        brief, _ = self.crew.brief(state["brief_id"])
        workspace = self.crew.context.workspace_of(brief)
        drafts = self._drafts(state["draft_ids"])
        for draft in drafts:
            taken = [
                datetime.fromisoformat(times[d.id][0]) for d in drafts if d.id in times and d.channel == draft.channel
            ]
            asked = asked_for(self.crew.context, workspace, brief, draft)._replace(taken=tuple(taken))
            found = propose_time(self.crew.context, workspace, asked)
            times[draft.id] = [instant(found.at), found.said]
        return {"times": times}

    def freeze(self, state: BriefState) -> BriefState:
        """Freeze every draft into a proposal, once: a repeat after a crash finds them there."""
        brief, _ = self.crew.brief(state["brief_id"])
        there = {p.draft_id: p for p in self.crew.memory.proposals.list(brief.workspace, brief_id=brief.id)}
        for draft in self._drafts(state["draft_ids"]):
            if draft.id not in there:
                at, reason = state["times"][draft.id]
                there[draft.id] = freeze(self.crew, brief, draft, suggested=(datetime.fromisoformat(at), reason))
                self.crew.memory.proposals.add(there[draft.id])
        return {"proposal_ids": [there[draft_id].id for draft_id in state["draft_ids"]]}

    def angles_are_chosen(self, state: BriefState) -> bool:
        """Say whether a person chose the angles already, so that the brief goes on from there."""
        return self.crew.brief(state["brief_id"])[1].phase == "chosen"

    def stops_at_angles(self, state: BriefState) -> bool:
        """Say whether a person wants to see the angles first: by the brief, or by the workspace's policy."""
        brief, _ = self.crew.brief(state["brief_id"])
        return brief.stop_at == "angles" or "angles" in policy_of(self.crew.context.workspace_of(brief)).stop_at

    def branches(self, state: BriefState) -> list[dict[str, Any]]:
        """Return what each drafting branch is given: one a channel and variant."""
        brief, _ = self.crew.brief(state["brief_id"])
        return [
            {"brief_id": brief.id, "channel": channel, "variant": variant}
            for variant in range(1, 2 if brief.vary else brief.variants + 1)
            for channel in brief.channels
        ]

    def needs_revision(self, state: BriefState) -> bool:
        """Say whether an error stands that another wording may mend, and a self-revision is left."""
        allowed = state["rounds"] < MAX_ROUNDS and "revision" not in self.crew.context.without
        return allowed and any(needs_mending(draft) for draft in self._drafts(state["draft_ids"]))

    def _drafts(self, ids: list[str]) -> list[Draft]:
        return [self.crew.memory.drafts.get(draft_id) for draft_id in ids]
