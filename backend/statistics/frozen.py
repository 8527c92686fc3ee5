"""A report as the text that is kept, and its proof from that text alone.

The text holds the counts, the settings in full with version and digest, and every figure as an
exact fraction. Any past report can so be computed again, to the same bytes, whatever is set today.
"""

import json
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from backend.deadlines.moments import in_shanghai
from backend.statistics.counts import Counts, Dimension, Grouped
from backend.statistics.errors import BrokenReport
from backend.statistics.months import parse_span
from backend.statistics.periods import Period, period
from backend.statistics.rates import Figures, Mean, NotRated, Rate
from backend.statistics.report import FORMULAS, Report, assemble
from backend.statistics.settings import History, RateSettings
from backend.surveys.answers import ALL_ANSWERS, ANSWERS_BY_CODE
from backend.surveys.codes import EXCLUSIONS, SurveyResult


def freeze(report: Report) -> str:
    """Canonical JSON: sorted keys, no spaces, so that equal reports are equal bytes."""
    record = {
        "formulas": FORMULAS,
        "period": {
            "span": str(report.period.span),
            "begins": report.period.begins.isoformat(),
            "ends": report.period.ends.isoformat(),
        },
        "counted_at": report.counted_at.isoformat(),
        "preliminary": report.preliminary,
        "settings": report.settings.canonical(),
        "settings_digest": report.settings.digest,
        "by": report.by.value,
        "rows": [
            {
                "key": row.key,
                "members": {key: _counts(one) for key, one in row.members.items()},
                "total": _counts(row.counts),
                "pooled": figures_record(row.figures),
                "mean": mean_record(row.mean),
            }
            for row in report.rows
        ],
        "total": _counts(report.counts),
        "pooled": figures_record(report.figures),
        "mean": mean_record(report.mean),
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(frozen: str) -> str:
    """The SHA-256 of a frozen report, in hex: what is printed beneath it."""
    return sha256(frozen.encode()).hexdigest()


def prove(frozen: str) -> Report:
    """The report, computed again from the counts and settings in its own text.

    BrokenReport when the text is no frozen report, was made by other formulas, or when a single
    byte of it does not follow from its counts.
    """
    try:
        record = json.loads(frozen)
        if record["formulas"] != FORMULAS:
            raise BrokenReport(f"made by formulas {record['formulas']}, these are {FORMULAS}")
        settings = RateSettings.model_validate(record["settings"])
        report = assemble(
            grouped=_grouped(record["rows"]),
            span=_period(record["period"], settings),
            settings=settings,
            by=Dimension(record["by"]),
            counted_at=datetime.fromisoformat(record["counted_at"]),
        )
    except (KeyError, TypeError, AttributeError, ValidationError, RecursionError) as error:
        raise BrokenReport(f"not a frozen report: {error!r}") from error
    except (ValueError, ArithmeticError) as error:
        raise BrokenReport(f"not a frozen report: {error}") from error
    if freeze(report) != frozen:
        raise BrokenReport("its figures do not follow from its own counts and settings")
    return report


def figures_record(figures: Figures) -> dict[str, Any]:
    """Rates as exact fractions ("14/15"), or the reason why there are none."""
    if isinstance(figures, NotRated):
        return {"rated": False, "valid": figures.valid, "smallest_valid": figures.smallest}
    return {
        "rated": True,
        "contact": _rate(figures.contact),
        "solution": _rate(figures.solution),
        "satisfaction": _rate(figures.satisfaction),
        "score": str(figures.score),
        "band": figures.band,
    }


def mean_record(mean: Mean | None) -> dict[str, Any] | None:
    """The mean of the members' rates, with how many of them were rated."""
    if mean is None:
        return None
    exact: dict[str, Fraction] = {
        "contact": mean.contact,
        "solution": mean.solution,
        "satisfaction": mean.satisfaction,
        "score": mean.score,
    }
    values = {name: str(value) for name, value in exact.items()}
    return {"members": mean.members, "rated": mean.rated, **values}


def _rate(rate: Rate) -> dict[str, str]:
    low, high = rate.interval.low, rate.interval.high
    return {"rate": str(rate.value), "low": f"{low:f}", "high": f"{high:f}"}


def _counts(counts: Counts) -> dict[str, Any]:
    """V, closed and every count above 0; the order of the codes is that of the sorted keys."""
    answers = {one.code: counts.answers.get(one, 0) for one in ALL_ANSWERS}
    excluded = {one.value: counts.excluded.get(one, 0) for one in EXCLUSIONS}
    return {
        "closed": counts.closed,
        "valid": counts.valid,
        "answers": {code: tickets for code, tickets in answers.items() if tickets},
        "excluded": {code: tickets for code, tickets in excluded.items() if tickets},
    }


def _grouped(rows: list[dict[str, Any]]) -> Grouped:
    return {
        row["key"]: {key: _read(one) for key, one in sorted(row["members"].items())} for row in rows
    }


def _read(record: dict[str, dict[str, int]]) -> Counts:
    answers = {ANSWERS_BY_CODE[code]: n for code, n in record["answers"].items()}
    excluded = {SurveyResult(code): n for code, n in record["excluded"].items()}
    if any(type(n) is not int or n <= 0 for n in (*answers.values(), *excluded.values())):
        raise BrokenReport("counts are whole numbers above 0")
    return Counts(answers, excluded)


def _period(record: dict[str, str], settings: RateSettings) -> Period:
    """Its begin follows from the settings; its end may have been moved by the next version."""
    usual = period(parse_span(record["span"]), History((settings,)))
    return replace(usual, ends=in_shanghai(datetime.fromisoformat(record["ends"])))
