"""Versioned settings of the three rates: what Art. 36 leaves to the city's own rules."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from backend.statistics.errors import SettingsFault
from backend.statistics.months import Month

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,12})?|\d{1,9}/[1-9]\d{0,8}", re.ASCII)


def _exact(value: object) -> Fraction:
    """A fraction from text ("0.9", "9/10"); a binary float is refused, it is not what was meant."""
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str):
        raise ValueError('write the number in quotes, as "0.9"')
    if not _NUMBER.fullmatch(value):
        raise ValueError('must be a number of 0 or more, as "0.9" or "9/10"')
    return Fraction(value)


Share = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str), Field(ge=0, le=1)]


class Band(BaseModel):
    """A band (等次) and the score from which it begins; units within a band are not ordered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    at_least: Share


class RateSettings(BaseModel):
    """One version of the rules; shares and scores lie between 0 and 1, never in percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(min_length=1)]
    from_month: str = "2022-11"
    """The first month (YYYY-MM) this version is in force."""
    month_begins_on: Annotated[int, Field(ge=1, le=28)] = 19
    """Day of the previous calendar month on which a month begins; 1: the calendar month itself."""
    contact_weight: Share = Fraction(1, 10)
    solution_weight: Share = Fraction(5, 10)
    satisfaction_weight: Share = Fraction(4, 10)
    partly_solved: Share = Fraction(0)
    """What a partly solved matter counts in 解决率."""
    basically_satisfied: Share = Fraction(9, 10)
    """What a basically satisfied citizen counts in 满意率."""
    smallest_valid: Annotated[int, Field(ge=1)] = 10
    """Fewer valid callbacks than this are not rated."""
    smallest_public: Annotated[int, Field(ge=2)] = 5
    """Fewer than this, but not none, are hidden from the public."""
    z: Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str), Field(gt=0, le=10)] = (
        Fraction(196, 100)
    )
    """Standard deviations of the interval; 1.96 is 95 %."""
    bands: tuple[Band, ...] = (
        Band(name="优秀", at_least=Fraction(90, 100)),
        Band(name="良好", at_least=Fraction(80, 100)),
        Band(name="合格", at_least=Fraction(60, 100)),
        Band(name="待改进", at_least=Fraction(0)),
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "RateSettings":
        if self.contact_weight + self.solution_weight + self.satisfaction_weight != 1:
            raise ValueError("the three weights must add up to 1")
        edges = [band.at_least for band in self.bands]
        if not edges or edges[-1] != 0:
            raise ValueError("the last band must begin at 0, so that every score has one")
        if any(upper <= lower for upper, lower in pairwise(edges)):
            raise ValueError("bands must be listed from the highest down")
        Month.parse(self.from_month)
        return self

    def canonical(self) -> dict[str, Any]:
        """The settings as plain values; equal settings give equal values however written."""
        return self.model_dump(mode="json")

    @property
    def digest(self) -> str:
        """Sixteen hex digits that name these settings and no others."""
        text = json.dumps(
            self.canonical(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class History:
    """All versions in order of their first month; the first also holds for the time before it."""

    versions: tuple[RateSettings, ...]

    def __post_init__(self) -> None:
        months = [Month.parse(one.from_month) for one in self.versions]
        if not months or any(a >= b for a, b in pairwise(months)):
            raise SettingsFault("versions: list at least one, in order of from_month, none twice")
        if len({one.version for one in self.versions}) != len(self.versions):
            raise SettingsFault("versions: two versions have the same name")

    def in_force(self, month: Month) -> RateSettings:
        """The settings of a month; a year is judged by those of its January, known beforehand."""
        held = [one for one in self.versions if Month.parse(one.from_month) <= month]
        return held[-1] if held else self.versions[0]


DEFAULT = History((RateSettings(version="2022-11"),))


def read_settings(text: str) -> History:
    """The operator's file, a YAML list of versions; SettingsFault names the field at fault."""
    try:
        listed = yaml.load(text, Loader=yaml.BaseLoader)
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            raise SettingsFault("rate settings: the file must be a list of versions")
        return History(tuple(RateSettings.model_validate(one) for one in listed))
    except yaml.YAMLError as error:
        raise SettingsFault(f"rate settings: not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "version"
        raise SettingsFault(f"rate settings: {where}: {first['msg']}") from error
