"""What this package refuses.

StatisticsError (ValueError)
├── SettingsFault   rate settings that cannot be used; the text names the field and the remedy
├── ForeignCell     a count that does not belong to the period or contradicts itself
└── BrokenReport    a frozen report that is not what this package wrote
"""


class StatisticsError(ValueError):
    """Everything this package refuses."""


class SettingsFault(StatisticsError):
    """Rate settings are malformed or contradict themselves."""


class ForeignCell(StatisticsError):
    """A count lies outside the report's period, is negative, or has answers it cannot have."""


class BrokenReport(StatisticsError):
    """A frozen report cannot be read, or its figures do not follow from its own counts."""
