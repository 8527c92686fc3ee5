"""The operator's view of the flows: check, draw, try."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_flows.__main__ import app

run = CliRunner().invoke


def test_check_counts_what_is_fine() -> None:
    result = run(app, ["check"])

    assert result.exit_code == 0
    assert "no fault" in result.output


def test_check_tells_faults_and_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "inbound.yaml").write_text("flow: inbound\n", "utf-8")

    result = run(app, ["check", "--flows", str(tmp_path)])

    assert result.exit_code == 1
    assert "inbound.yaml: steps: field required; add it" in result.output


@pytest.mark.parametrize("name", ["inbound", "progress", "leave_message", "emergency"])
def test_a_flow_is_drawn_with_all_its_steps(name: str) -> None:
    drawing = run(app, ["draw", name]).output

    assert drawing.startswith("flowchart TD\n  start((start)) --> ")
    assert "hang_up_" in drawing


def test_an_unknown_flow_is_told_with_those_there_are() -> None:
    result = run(app, ["draw", "outbound"])

    assert result.exit_code == 2
    assert "inbound" in result.output


def test_a_flow_is_walked_by_typing() -> None:
    result = run(app, ["try"], input="家里暖气不热\n\n对\n")

    assert "ticket_number" in result.output
    assert result.output.endswith("(hang_up)\n")


def test_danger_typed_in_is_noticed_and_failures_can_be_played() -> None:
    result = run(app, ["try"], input="我家着火了快来人\nf\nf\n")

    assert "幺幺九" in result.output
    assert "dial_yourself" in result.output


def test_the_end_of_the_input_is_a_hang_up() -> None:
    result = run(app, ["try", "progress"], input="#\n")

    assert result.output.endswith("(the caller hung up)\n")
