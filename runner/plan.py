"""What a run would do, decided from the state and the request alone. Nothing here touches a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from runner.errors import KitError, UsageError
from runner.state import State, Status
from runner.steps import Check, Step, Tree


class Request(NamedTuple):
    """What to apply.

    Attributes:
        steps: the steps chosen, in order.
        expand_only: stop before the first contract step.
        undo_on_failure: roll back this run's steps when one fails.
        consents: what the caller accepts, of `steps.CONSENTS`.
    """

    steps: tuple[Step, ...]
    expand_only: bool = False
    undo_on_failure: bool = False
    consents: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """What a run did: ids in the order in which they were committed, and the contract step it stopped before."""

    applied: list[str] = field(default_factory=list)
    rolled_back: list[str] = field(default_factory=list)
    stopped_before: str | None = None


def up_to(tree: Tree, phase: str, last: str | None) -> tuple[Step, ...]:
    """The steps of a phase, up to and including one that is named.

    Raises:
        UsageError: there is no such phase or step, or the step is in another phase.
    """
    chosen = tree.select(phase)
    if last is None:
        return chosen
    named = _within(tree, chosen, phase, last, "apply")
    return tuple(s for s in chosen if s.id <= named.id)


def above(tree: Tree, phase: str, stays: str | None) -> tuple[Step, ...]:
    """The steps of a phase, without the one that is named and those below it.

    Raises:
        UsageError: there is no such phase or step, or the step is in another phase.
    """
    chosen = tree.select(phase)
    if stays is None:
        return chosen
    named = _within(tree, chosen, phase, stays, "rollback")
    return tuple(s for s in chosen if s.id > named.id)


def _within(tree: Tree, chosen: Sequence[Step], phase: str, name: str, command: str) -> Step:
    step = tree.step(name)
    if step not in chosen:
        raise UsageError(f"step {step.id} is not in phase {phase}", hint=f"{command} {step.phase} --to {step.id[:4]}")
    return step


def to_apply(state: State, request: Request) -> tuple[list[Step], str | None]:
    """Steps that `apply` would run, and the contract step that --expand-only stops before."""
    chosen: list[Step] = []
    for step in request.steps:
        if state.by_id(step.id).status not in (Status.PENDING, Status.INCOMPLETE):
            continue
        if request.expand_only and step.kind == "contract":
            return chosen, step.id
        chosen.append(step)
    return chosen, None


def to_roll_back(state: State, steps: Sequence[Step]) -> list[Step]:
    """Steps that `rollback` would run, newest first."""
    return [s for s in reversed(steps) if state.by_id(s.id).status not in (Status.PENDING, Status.ORPHANED)]


def concerned(checks: Sequence[Check], steps: Sequence[Step]) -> list[Check]:
    """Preflight checks that concern a run of these steps: those about a stage only where one of its steps runs."""
    kinds = {s.kind for s in steps}
    return [c for c in checks if c.stage is None or c.stage in kinds]


def refuse_gaps(state: State, tree: Tree, steps: Sequence[Step], *, verb: str = "apply") -> None:
    """Refuse to apply (or adopt) while something is missing below, or to leave a hole.

    Raises:
        KitError: names the earlier steps that are not applied.
    """
    first = min((s.id for s in steps), default="")
    below = [s.id for s in tree.steps if s.id < first and state.by_id(s.id).status is not Status.APPLIED]
    if below:
        raise KitError(
            f"cannot {verb} {first}: {len(below)} earlier steps are not applied: {_some(below)}",
            hint=f"{verb} phase {below[0][0]} first, or {verb} all",
        )


def refuse_standing_above(state: State, steps: Sequence[Step]) -> None:
    """Refuse to roll back under steps that stand on these.

    Raises:
        KitError: names what stands above.
    """
    chosen = {s.id for s in steps}
    lowest = min(chosen, default="")
    present = {s.id for s in state.steps if s.status is not Status.PENDING}
    above = sorted(present - chosen)
    above = [step_id for step_id in above if lowest and step_id > lowest]
    if above:
        raise KitError(
            f"cannot roll back {lowest}: later steps still stand: {_some(above)}",
            hint=f"roll back phase {above[-1][0]} first, or rollback all",
        )


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
