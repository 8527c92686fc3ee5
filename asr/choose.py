"""Decides which recogniser runs, with which model and how many processes."""

from pathlib import Path

from asr.admission import Limits
from asr.settings import ModelSettings, Settings
from asr.workers import Plan

HINTS = Path(__file__).parent / "hints"
SMALL_CN = "vosk-model-small-cn-0.22"
WHISPER = "whisper-base"


class NoModel(Exception):
    """There is no model to hear with; the message says what to do."""


def chosen_model(settings: ModelSettings) -> tuple[str, Path]:
    """Give the engine's kind and its model's directory, or raise ``NoModel``."""
    vosk = settings.vosk_model or _first_vosk(settings.models)
    whisper = settings.models / WHISPER
    match settings.asr_engine:
        case "vosk" if vosk and vosk.is_dir():
            return "vosk", vosk
        case "vosk":
            where = vosk or settings.models / SMALL_CN
            raise NoModel(
                f"no Vosk model in {where}: run `python -m asr models fetch`, or set "
                "HOTLINE_ASR_ENGINE=whisper"
            )
        case "auto" if vosk and vosk.is_dir():
            return "vosk", vosk
        case _ if (whisper / "model.bin").is_file():
            return "whisper", whisper
        case _:
            raise NoModel(f"no speech model in {settings.models}: run `python -m asr models join`")


def _first_vosk(models: Path) -> Path | None:
    found = sorted(models.glob("vosk-model*"), key=lambda p: (p.name != SMALL_CN, p.name))
    return next((path for path in found if (path / "am").is_dir()), None)


def hints_of(city: str) -> str:
    """Give the sentence that leans a recogniser towards a city's words; empty if there is none."""
    path = HINTS / f"{Path(city).name}.txt"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def limits_of(settings: Settings, engine: str) -> Limits:
    """Give the slots that are set, or what was measured for this engine."""
    measured = Limits.measured(engine, settings.cores, settings.emergency_slots)
    return Limits(
        settings.open_slots or measured.open,
        settings.grammar_slots or measured.closed,
        settings.emergency_slots,
    )


def plan_of(settings: Settings, engine: str, model: Path, seats: int) -> Plan:
    """Say which processes hear: forks of one for Vosk, two with threads for Whisper."""
    arguments = ["--engine", engine, "--model", str(model)]
    if engine == "vosk":
        return Plan(engine, tuple(arguments), processes=1, seats=seats)
    threads, beam = str(settings.whisper_threads), str(settings.whisper_beam)
    arguments += ["--threads", threads, "--beam", beam, "--hints", hints_of(settings.city)]
    return Plan(engine, tuple(arguments), processes=2, seats=seats)
