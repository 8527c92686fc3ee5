"""The bench's figures as text."""

from collections import Counter
from collections.abc import Iterator

from .bench import Figures

_LEAST_OF_A_KIND = 5
_NAMES = {"110": "police", "119": "fire", "120": "ambulance", "122": "traffic"}


def rows(title: str, figures: Figures) -> Iterator[str]:
    """The table of one set of sentences."""
    noticed = figures.emergencies - len(figures.missed)
    critical = figures.critical - sum(case.critical for case, _ in figures.missed)
    yield f"{title}: {figures.emergencies} emergencies, {figures.harmless} harmless"
    yield _row("critical noticed (certain or doubtful)", critical, figures.critical)
    yield _row("all noticed (certain or doubtful)", noticed, figures.emergencies)
    yield _row("  noticed as certain", _certain(figures), figures.emergencies)
    yield _row("  certain before the last word", figures.certain_early, figures.emergencies)
    yield _row("  right service named", noticed - len(figures.other_service), noticed)
    for service, name in _NAMES.items():
        own = [case for case in figures.cases if case.service == service]
        lost = sum(case.service == service for case, _ in figures.missed)
        yield _row(f"  {service} {name}", len(own) - lost, len(own))
    yield _row("harmless: certain", len(figures.certain_false), figures.harmless)
    yield _row(
        "harmless: certain on a beginning", len(figures.certain_on_a_prefix), figures.harmless
    )
    yield _row("harmless: asked", len(figures.asked_needlessly), figures.harmless)
    yield f"  {'one call, p99':<42} {figures.p99_ms:>9.2f} ms"


def kinds(figures: Figures) -> Iterator[str]:
    """What the sentences' notes say they are: how the danger was told, or what weakens it."""
    counted = Counter(case.note for case in figures.cases if case.note)
    noted = [note for note, times in counted.items() if times >= _LEAST_OF_A_KIND]
    missed = {case.id for case, _ in figures.missed}
    false = {case.id for case, _ in figures.certain_false}
    asked = {case.id for case, _ in figures.asked_needlessly}
    yield f"  {'by kind':<26} {'noticed':>14} {'harmless: certain':>18} {'asked':>11}"
    for note in sorted(noted):
        own = [case for case in figures.cases if case.note == note]
        told = [case for case in own if not case.harmless]
        idle = [case for case in own if case.harmless]
        heard = f"{sum(case.id not in missed for case in told)}/{len(told)}" if told else "-"
        sure = f"{sum(case.id in false for case in idle)}/{len(idle)}" if idle else "-"
        doubt = f"{sum(case.id in asked for case in idle)}/{len(idle)}" if idle else "-"
        yield f"  {note:<26} {heard:>14} {sure:>18} {doubt:>11}"


def _certain(figures: Figures) -> int:
    doubtful = sum(case.label.value == "doubtful" for case in figures.cases)
    return (
        figures.emergencies
        - doubtful
        - len(figures.doubted)
        - sum(case.label.value == "certain" for case, _ in figures.missed)
    )


def _row(name: str, part: int, whole: int) -> str:
    share = f"{part / whole:.2%}" if whole else "-"
    return f"  {name:<42} {part:>4}/{whole:<4} {share:>8}"


def wrong(figures: Figures) -> Iterator[str]:
    """Every sentence that went wrong, with what the detector made of it."""
    for what, pairs in (
        ("missed", figures.missed),
        ("only doubtful", figures.doubted),
        ("other service", figures.other_service),
        ("false certain", figures.certain_false),
        ("asked needlessly", figures.asked_needlessly),
    ):
        for case, verdict in pairs:
            yield (
                f"  {what}: {case.id} {case.text} -> {verdict.decision} {verdict.service}"
                f" cue={verdict.cue} ({verdict.listed}) weakened={verdict.weakened_by}"
            )
    for case, beginning, verdict in figures.certain_on_a_prefix:
        yield f"  certain on a beginning: {case.id} {beginning}| {case.text} ({verdict.listed})"
