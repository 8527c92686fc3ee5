"""Measures the detector on labelled sentences and compares it with what it must reach."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import thread_time

from .detector import Detector
from .labelled import Case
from .verdict import Decision, Verdict

LEAST_RECALL = 0.99
MOST_CERTAIN_FALSE = 0.001
MOST_DOUBTFUL_FALSE = 0.03
MOST_P99_MS = 2.0


@dataclass(slots=True)
class Figures:
    """What one set of sentences gave; the lists hold the sentences that went wrong."""

    cases: Sequence[Case]
    missed: list[tuple[Case, Verdict]] = field(default_factory=list)
    other_service: list[tuple[Case, Verdict]] = field(default_factory=list)
    doubted: list[tuple[Case, Verdict]] = field(default_factory=list)
    certain_false: list[tuple[Case, Verdict]] = field(default_factory=list)
    asked_needlessly: list[tuple[Case, Verdict]] = field(default_factory=list)
    certain_on_a_prefix: list[tuple[Case, str, Verdict]] = field(default_factory=list)
    certain_early: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def emergencies(self) -> int:
        """How many sentences tell of danger."""
        return sum(not case.harmless for case in self.cases)

    @property
    def harmless(self) -> int:
        """How many sentences do not."""
        return len(self.cases) - self.emergencies

    @property
    def critical(self) -> int:
        """How many sentences tell of danger to life at this moment."""
        return sum(case.critical for case in self.cases)

    @property
    def recall(self) -> float:
        """Share of emergencies noticed, certain or doubtful."""
        return _share(self.emergencies - len(self.missed), self.emergencies)

    @property
    def critical_recall(self) -> float:
        """Share of the critical emergencies noticed, certain or doubtful."""
        missed = sum(case.critical for case, _ in self.missed)
        return _share(self.critical - missed, self.critical)

    @property
    def p99_ms(self) -> float:
        """Time of one call that 99 in 100 stay below."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.99)]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def measure(
    cases: Sequence[Case], detector: Detector, clock: Callable[[], float] = thread_time
) -> Figures:
    """Ask the detector for every sentence and for every beginning of it."""
    figures = Figures(cases)
    for case in cases:
        started = clock()
        verdict = detector.detect(case.text)
        figures.milliseconds.append((clock() - started) * 1000)
        early = None
        for end in range(1, len(case.text) + 1):
            started = clock()
            partial = detector.detect(case.text[:end], final=False)
            figures.milliseconds.append((clock() - started) * 1000)
            if partial.decision is Decision.CERTAIN:
                early = (case, case.text[:end], partial)
                break
        _count(figures, case, verdict, early)
    return figures


def _count(
    figures: Figures, case: Case, verdict: Verdict, early: tuple[Case, str, Verdict] | None
) -> None:
    match verdict.decision:
        case Decision.CERTAIN if case.harmless:
            figures.certain_false.append((case, verdict))
        case Decision.DOUBTFUL if case.harmless:
            figures.asked_needlessly.append((case, verdict))
        case Decision.NONE if not case.harmless:
            figures.missed.append((case, verdict))
        case Decision.DOUBTFUL if case.label is Decision.CERTAIN:
            figures.doubted.append((case, verdict))
    if not case.harmless and verdict.service not in (None, case.service, *case.also):
        figures.other_service.append((case, verdict))
    if early and case.harmless:
        figures.certain_on_a_prefix.append(early)
    figures.certain_early += early is not None and not case.harmless


def shortfalls(figures: Figures) -> Iterator[str]:
    """One line for everything that is below what must be reached."""
    if figures.critical_recall < 1:
        yield f"critical emergencies noticed {figures.critical_recall:.2%}, must be 100 %"
    if figures.recall < LEAST_RECALL:
        yield f"emergencies noticed {figures.recall:.2%}, must be {LEAST_RECALL:.0%}"
    for name, wrong, most in (
        ("certain on harmless sentences", figures.certain_false, MOST_CERTAIN_FALSE),
        ("certain on their beginnings", figures.certain_on_a_prefix, MOST_CERTAIN_FALSE),
        ("questions on harmless sentences", figures.asked_needlessly, MOST_DOUBTFUL_FALSE),
    ):
        share = _share(len(wrong), figures.harmless)
        if figures.harmless and share > most:
            yield f"{name} {share:.2%}, must be at most {most:.1%}"
    if figures.p99_ms > MOST_P99_MS:
        yield f"p99 {figures.p99_ms:.2f} ms, must be at most {MOST_P99_MS} ms"
