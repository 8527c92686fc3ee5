"""The three rates (三率) of Art. 36: pure, no clock, no database.

report = make_report(cells, Month(2026, 11), DEFAULT, Dimension.UNIT, counted_at)
kept = freeze(report)        # prove(kept) computes it again from its own text
"""

from backend.statistics.counts import Cell, Counts, Dimension, group, pool
from backend.statistics.display import NOT_RATED, percent, shown
from backend.statistics.errors import BrokenReport, ForeignCell, SettingsFault, StatisticsError
from backend.statistics.frozen import digest, freeze, prove
from backend.statistics.interval import Interval, wilson
from backend.statistics.months import Month, Year, parse_span
from backend.statistics.periods import Period, month_of, period
from backend.statistics.public import PublicReport, PublicRow, public_report
from backend.statistics.rates import Figures, Mean, NotRated, Rate, Rated, band, figures, mean
from backend.statistics.report import FORMULAS, MEMBERS, Report, Row, make_report
from backend.statistics.settings import DEFAULT, Band, History, RateSettings, read_settings
from backend.statistics.suppression import TOTAL, hidden_in_list
from backend.statistics.suppression_grid import hidden_in_grid

__all__ = [
    "DEFAULT",
    "FORMULAS",
    "MEMBERS",
    "NOT_RATED",
    "TOTAL",
    "Band",
    "BrokenReport",
    "Cell",
    "Counts",
    "Dimension",
    "Figures",
    "ForeignCell",
    "History",
    "Interval",
    "Mean",
    "Month",
    "NotRated",
    "Period",
    "PublicReport",
    "PublicRow",
    "Rate",
    "RateSettings",
    "Rated",
    "Report",
    "Row",
    "SettingsFault",
    "StatisticsError",
    "Year",
    "band",
    "digest",
    "figures",
    "freeze",
    "group",
    "hidden_in_grid",
    "hidden_in_list",
    "make_report",
    "mean",
    "month_of",
    "parse_span",
    "percent",
    "period",
    "pool",
    "prove",
    "public_report",
    "read_settings",
    "shown",
    "wilson",
]
