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


def test_after_a_crash_it_notes_at_its_start_whose_line_was_cut(tmp_path: Path) -> None:
    talks = "1.0|119|dialled|119\n2.0|119|connected|119\n"
    left, back = talks + "3.0|caller|left|119\n", "4.0|citizen|answered|119\n"
    with running(instance_env(tmp_path, "test-crash")) as stack:
        stack.hotline.kill()
        for name, legs in {"talks": talks, "left": left, "called-back": left + back}.items():
            (stack.media / "recordings" / f"{name}.legs").write_text(legs)

        stack.hotline.start()
        stack.hotline.stop()
        stack.hotline.start()

        ends = {legs.stem: legs.read_text().splitlines()[-2:] for legs in stack.recordings(".legs")}
    told = {name: [line.partition("|")[2] for line in lines] for name, lines in ends.items()}
    assert told == {
        "talks": ["119|connected|119", "caller|cut|"],
        "left": ["119|connected|119", "caller|left|119"],
        "called-back": ["citizen|answered|119", "caller|cut|"],
    }


def test_two_instances_run_side_by_side(tmp_path: Path, stack: Stack) -> None:
    with running(instance_env(tmp_path, "test-second")) as second:
        assert "test-second" in second.hotline.ask("core show settings")
        assert stack.hotline.alive()
