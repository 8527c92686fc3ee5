"""Vosk: words while the caller speaks, on one core a call.

The library ends the process on some inputs (an empty or broken grammar, a rate of 0) and never
raises, so everything is checked here and it runs in a process of its own.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vosk

from asr.engines import Heard, Word
from asr.wording import punctuated, transcript

RATE = 16000
_READ_EVERY_BYTES = int(RATE * 2 * 0.2)
_MOST_WORDS = 400


def checked_grammar(grammar: Sequence[str]) -> str | None:
    """Write a grammar as the library wants it; None for open dictation, ValueError if unfit."""
    if not grammar:
        return None
    words = [phrase.strip() for phrase in grammar]
    if any(not phrase or len(phrase) > 100 or not phrase.isprintable() for phrase in words):
        raise ValueError("a grammar's phrases are 1 to 100 printable characters")
    if len(words) > _MOST_WORDS:
        raise ValueError(f"a grammar has at most {_MOST_WORDS} phrases")
    if any('"' in phrase or "\\" in phrase for phrase in words):
        raise ValueError("a grammar's phrases hold no quotes and no backslashes")
    return json.dumps([*dict.fromkeys(words), "[unk]"], ensure_ascii=False)


class VoskEngine:
    """A Vosk model, shared by every utterance of this process and of those forked from it."""

    def __init__(self, model: Path) -> None:
        if not (model / "am").is_dir() and not (model / "final.mdl").is_file():
            raise ValueError(f"{model} holds no Vosk model")
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(model))
        self.name = f"vosk:{model.parent.name if model.name == 'model' else model.name}"

    def open(self, grammar: Sequence[str] = ()) -> "VoskUtterance":
        """Begin an utterance; words of the grammar that the model does not know are dropped."""
        written = checked_grammar(self._known(grammar))
        arguments = (self._model, RATE, *([written] if written else []))
        recogniser = vosk.KaldiRecognizer(*arguments)
        recogniser.SetWords(True)
        return VoskUtterance(recogniser)

    def _known(self, grammar: Sequence[str]) -> list[str]:
        """Cut phrases into words the model knows: a phrase with an unknown word is left out."""
        kept = [self._cut(phrase) for phrase in grammar]
        return [phrase for phrase in kept if phrase]

    def _cut(self, phrase: str) -> str:
        words: list[str] = []
        for piece in phrase.split():
            start = 0
            while start < len(piece):
                for end in range(len(piece), start, -1):
                    if self._model.vosk_model_find_word(piece[start:end]) >= 0:
                        words.append(piece[start:end])
                        start = end
                        break
                else:
                    return ""
        return " ".join(words)


class VoskUtterance:
    """One utterance. The library cuts long ones at its own silences; the cuts are joined here."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._settled: list[Word] = []
        self._unread = 0
        self._said = ""

    def accept(self, sound: bytes) -> str | None:
        """Take the next piece; give the words so far when they changed."""
        if self._recogniser.AcceptWaveform(sound):
            self._settle(self._recogniser.Result())
            return self._changed("")
        self._unread += len(sound)
        return self.pause() if self._unread >= _READ_EVERY_BYTES else None

    def pause(self) -> str | None:
        """Give the words so far when they changed."""
        self._unread = 0
        return self._changed(json.loads(self._recogniser.PartialResult()).get("partial", ""))

    def finish(self) -> Heard:
        """Give the final words; their confidence is the mean of the words'."""
        self._settle(self._recogniser.FinalResult())
        sure = [word.conf for word in self._settled]
        confidence = round(sum(sure) / len(sure), 3) if sure else None
        return Heard(punctuated(self._settled), tuple(self._settled), confidence)

    def _settle(self, result: str) -> None:
        for word in json.loads(result).get("result", ()):
            if word["word"] != "[unk]":
                self._settled.append(Word(word["word"], word["start"], word["end"], word["conf"]))

    def _changed(self, growing: str) -> str | None:
        said = transcript(" ".join([*(w.word for w in self._settled), growing]).strip())
        said = said.replace("[unk]", "").strip()
        if said == self._said:
            return None
        self._said = said
        return said
