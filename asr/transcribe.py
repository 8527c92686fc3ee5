"""Reads one file from the command line, with the recogniser the server would use."""

import asyncio
from pathlib import Path

from asr.choose import chosen_model, hints_of
from asr.engines import Heard
from asr.late import read_sound, read_words
from asr.settings import ModelSettings
from asr.workers import Plan, Workers


async def transcribe(file: Path, settings: ModelSettings) -> tuple[Heard, str | None]:
    """Give the words of a WAV and the engine; raises what the parts raise."""
    samples = await asyncio.to_thread(read_sound, file)
    engine, model = chosen_model(settings)
    arguments = ["--engine", engine, "--model", str(model)]
    if engine == "whisper":
        arguments += ["--beam", str(settings.whisper_beam), "--hints", hints_of(settings.city)]
    workers = Workers(Plan(engine, tuple(arguments), processes=1, seats=1))
    await workers.start()
    try:
        await workers.ready(60)
        return await read_words(workers, samples)
    finally:
        await workers.stop()
