import asyncio
import contextlib
import time
from pathlib import Path

from hotline.exchange import Exchange, ExchangeError
from tests.asterisk_conf.stack import Stack, instance_env, running


def test_both_start_without_a_complaint(tmp_path: Path) -> None:
    with running(instance_env(tmp_path, "test-start")) as stack:
        time.sleep(1)

        assert stack.hotline.faults() == []
        assert stack.exchange.faults() == []


async def test_a_stop_ends_calls_within_five_seconds_and_leaves_nothing(tmp_path: Path) -> None:
    with running(instance_env(tmp_path, "test-stop")) as stack:
        async with Exchange(stack.env) as exchange:
            placed = asyncio.create_task(exchange.place(caller="13800000000", hangup=30))
            await asyncio.to_thread(stack.wait_for_recording)

            took = await asyncio.to_thread(stack.hotline.stop)

            with contextlib.suppress(ExchangeError):
                assert (await placed).ended_by == "hotline"
        left = await asyncio.to_thread(stack.hotline.gone, 3)
        assert took < 5
        assert left == []


def test_two_instances_run_side_by_side(tmp_path: Path, stack: Stack) -> None:
    with running(instance_env(tmp_path, "test-second")) as second:
        assert "test-second" in second.hotline.ask("core show settings")
        assert stack.hotline.alive()
