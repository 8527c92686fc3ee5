"""第十九条: 四级处置模式、7×24小时服务、延期。

第四项的挂账管理由工单状态承担，不改变办理时限。
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from backend.deadlines import (
    SHANGHAI,
    ExtensionFault,
    ExtensionRefused,
    ExtensionRequest,
    Inputs,
    Standing,
    Tier,
    WorkingCalendar,
    due,
    extend,
    keep_after_refused_return,
    remaining,
)

CALENDAR = WorkingCalendar()
THURSDAY = datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)
FIVE_DAYS = due(Inputs(THURSDAY, Tier.FIVE_DAYS), CALENDAR)
LAST_DAY = datetime(2026, 2, 26, 9, tzinfo=SHANGHAI)
APPLICATION = ExtensionRequest(
    requested_at=LAST_DAY,
    working_days=5,
    reason="配件需要定制",
    progress="已更换阀门，配件定制中，预计延期五个工作日",
    caller_told_at=LAST_DAY,
)


class TestItem1WaterPowerGasAndHeat:
    """涉及水、电、气、热等重点民生领域的诉求，提供7×24小时服务。"""

    def test_a_burst_pipe_on_the_night_of_spring_festival_is_due_two_hours_later(self) -> None:
        eve = datetime(2026, 2, 16, 23, 30, tzinfo=SHANGHAI)

        deadline = due(Inputs(eve, Tier.TWO_HOURS, round_the_clock=True), CALENDAR)

        assert deadline.due_at == datetime(2026, 2, 17, 1, 30, tzinfo=SHANGHAI)

    def test_no_rest_day_stops_a_term_in_days_where_service_never_stops(self) -> None:
        deadline = due(Inputs(THURSDAY, Tier.FIVE_DAYS, round_the_clock=True), CALENDAR)

        assert deadline.due_at == datetime(2026, 2, 17, 23, 59, 59, tzinfo=SHANGHAI)


class TestItem2FourTiers:
    """2小时、24小时、3个工作日和5个工作日四级处置模式。"""

    @pytest.mark.parametrize(
        ("tier", "due_at"),
        [
            (Tier.TWO_HOURS, datetime(2026, 2, 12, 12, tzinfo=SHANGHAI)),
            (Tier.ONE_DAY, datetime(2026, 2, 13, 10, tzinfo=SHANGHAI)),
            (Tier.THREE_DAYS, datetime(2026, 2, 24, 23, 59, 59, tzinfo=SHANGHAI)),
            (Tier.FIVE_DAYS, datetime(2026, 2, 26, 23, 59, 59, tzinfo=SHANGHAI)),
        ],
    )
    def test_a_ticket_sent_before_spring_festival_is_due_by_its_tier(
        self, tier: Tier, due_at: datetime
    ) -> None:
        assert due(Inputs(THURSDAY, tier), CALENDAR).due_at == due_at

    def test_the_day_of_dispatch_is_not_counted(self) -> None:
        at_dawn = due(Inputs(THURSDAY.replace(hour=0), Tier.FIVE_DAYS), CALENDAR)
        at_night = due(Inputs(THURSDAY.replace(hour=23), Tier.FIVE_DAYS), CALENDAR)

        assert at_dawn.due_at == at_night.due_at

    def test_a_saturday_made_a_working_day_counts(self) -> None:
        assert date(2026, 2, 14) in FIVE_DAYS.counted

    def test_the_term_ends_at_midnight_or_at_the_close_of_business_where_a_unit_has_one(
        self,
    ) -> None:
        with_hours = due(Inputs(THURSDAY, Tier.FIVE_DAYS, closes_at=time(17, 30)), CALENDAR)

        assert FIVE_DAYS.due_at.time() == time(23, 59, 59)
        assert with_hours.due_at == datetime(2026, 2, 26, 17, 30, tzinfo=SHANGHAI)

    def test_a_unit_is_late_from_the_first_second_after_the_last_day(self) -> None:
        midnight = datetime(2026, 2, 27, tzinfo=SHANGHAI)

        late = remaining(FIVE_DAYS.due_at, midnight, Tier.FIVE_DAYS)
        in_time = remaining(FIVE_DAYS.due_at, midnight - timedelta(seconds=1), Tier.FIVE_DAYS)

        assert late.standing is Standing.OVERDUE
        assert in_time.standing is Standing.NEARLY


class TestItem3Extension:
    """时限届满前提出、说明理由、告知诉求人，一般不得超过五个工作日。"""

    def test_five_more_working_days_a_worked_saturday_among_them_run_from_the_old_last_day(
        self,
    ) -> None:
        longer = extend(FIVE_DAYS, APPLICATION, CALENDAR).new

        assert longer.due_at == datetime(2026, 3, 4, 23, 59, 59, tzinfo=SHANGHAI)

    @pytest.mark.parametrize(
        ("lacking", "fault"),
        [
            ({"requested_at": datetime(2026, 2, 27, tzinfo=SHANGHAI)}, ExtensionFault.TOO_LATE),
            ({"reason": ""}, ExtensionFault.NO_REASON),
            ({"progress": ""}, ExtensionFault.NO_PROGRESS),
            ({"caller_told_at": None}, ExtensionFault.CALLER_NOT_TOLD),
            ({"working_days": 6}, ExtensionFault.TOO_LONG),
        ],
    )
    def test_an_application_that_lacks_a_condition_is_refused(
        self, lacking: dict[str, object], fault: ExtensionFault
    ) -> None:
        with pytest.raises(ExtensionRefused) as refused:
            extend(FIVE_DAYS, replace(APPLICATION, **lacking), CALENDAR)  # type: ignore[arg-type]

        assert refused.value.code is fault

    def test_a_deadline_is_extended_once(self) -> None:
        longer = extend(FIVE_DAYS, APPLICATION, CALENDAR).new

        with pytest.raises(ExtensionRefused) as refused:
            extend(longer, APPLICATION, CALENDAR)

        assert refused.value.code is ExtensionFault.TOO_OFTEN

    def test_where_another_law_sets_the_length_it_is_followed_and_named(self) -> None:
        by_law = replace(APPLICATION, working_days=10, legal_basis="《行业管理条例》第八条")

        record = extend(FIVE_DAYS, by_law, CALENDAR)

        assert record.new.due_at == datetime(2026, 3, 11, 23, 59, 59, tzinfo=SHANGHAI)
        assert "《行业管理条例》第八条" in record.why


def test_a_refused_return_gives_no_extra_time() -> None:
    record = keep_after_refused_return(FIVE_DAYS, "属于该单位法定职责")

    assert record.new.due_at == FIVE_DAYS.due_at
