"""One listening step, from the first sound to the final words."""

from collections import deque
from contextlib import aclosing

import structlog

from asr.audiosocket import FRAME_BYTES, FRAME_SECONDS, HungUp, Key, Sound
from asr.endpointer import PROFILES, Endpointer, Mark, Profile
from asr.engines import Heard, Word
from asr.hotwords import Watch
from asr.keeper import Keeper
from asr.line import GAP_SECONDS, Line
from asr.question import EndedBy, Question, Result, State, now
from asr.recognition import Recognition, RecognitionFailed
from asr.sounds import Script
from asr.timeline import Timeline
from asr.vad import SpeechDetector

log = structlog.get_logger(__name__)

PRE_ROLL_SECONDS = 0.3
HANG_OVER_SECONDS = 0.3
READ_AGAIN_SECONDS = 4.0
"""Who speaks on without a pause is read so often, for engines that read only at pauses."""
BETWEEN_KEYS_SECONDS = 4.0


class Ear:
    """Hears one step. ``listen`` until it ends, then ``words``; ``result`` is up to date always."""

    def __init__(
        self,
        question: Question,
        line: Line,
        script: Script,
        recognition: Recognition | None,
        watch: Watch,
        keeper: Keeper,
        result: Result,
    ) -> None:
        self._question = question
        self._line = line
        self._script = script
        self._recognition = recognition
        self._watch = watch
        self._keeper = keeper
        self._result = result
        self._vad = SpeechDetector()
        profile = _profile(question)
        longest, wait = question.longest_seconds, question.wait_seconds
        self._endpointer = Endpointer(profile, longest, wait)
        ring = PRE_ROLL_SECONDS + profile.barge_in_seconds
        self._before: deque[tuple[float, bytes]] = deque(maxlen=round(ring / FRAME_SECONDS))
        self._timeline = Timeline()
        self._rest = b""
        self._told_silence = 0.0
        self._unread = 0.0
        self._key_silence = 0.0
        self._spoke = False

    async def listen(self) -> None:
        """Play, listen and decide the end; afterwards the line may be closed."""
        self._result.state = State.LISTENING
        self._result.times.connected = now()
        try:
            async with aclosing(self._line.events()) as events:  # type: ignore[type-var]
                async for event in events:
                    self._say_next()
                    ended = self._hear(event)
                    if ended:
                        self._result.ended_by = ended
                        break
        finally:
            self._result.times.ended = now()
            self._result.times.first_sound = self._line.first_sound_at
            self._result.state = State.RECOGNISING

    async def words(self, within_seconds: float) -> None:
        """Wait for the final words and close the books of this step."""
        result = self._result
        try:
            if self._recognition and self._spoke:
                heard = await self._recognition.finish(within_seconds)
                self._take_words(heard)
            elif self._recognition is None and self._spoke:
                raise RecognitionFailed("no recogniser was free")
        except RecognitionFailed as error:
            result.error = str(error)
            log.warning("no words yet, sound kept", error=str(error), call=self._question.call_id)
        finally:
            if self._recognition:
                self._recognition.drop()
            result.emergency = self._watch.found
            result.sound = self._keeper.close(keep=self._spoke)
            failed = result.error or result.ended_by is EndedBy.FAILED
            result.times.final_text = None if failed else now()
            result.state = State.FAILED if failed else State.DONE

    # --- what the caller hears ---------------------------------------------------------------

    def _say_next(self) -> None:
        """Keep the line supplied with what is ready to be said, and note when it is over."""
        times = self._result.times
        if times.prompt_end is not None:
            return
        self._line.play(self._script.ready())
        if self._script.over and not self._line.playing:
            self._prompt_is_over()

    def _prompt_is_over(self) -> None:
        if self._result.times.prompt_end is None:
            self._script.stop()
            self._line.hush()
            self._endpointer.prompt_ended()
            self._result.times.prompt_end = now()

    # --- what the caller says ----------------------------------------------------------------

    def _hear(self, event: object) -> EndedBy | None:
        match event:
            case HungUp():
                return EndedBy.CALLER_LEFT
            case Key(key):
                return self._press(key)
            case Sound(samples):
                return self._take_sound(samples)
            case None:
                return self._decide(self._endpointer.hear(GAP_SECONDS, False), GAP_SECONDS)
            case _:
                return None

    def _press(self, key: str) -> EndedBy | None:
        collect = self._question.collect
        if collect is None:
            if key not in self._question.stop_keys:
                return None
            self._result.keys = key
            return EndedBy.KEY
        if self._question.interruptible:
            self._prompt_is_over()
        self._key_silence = 0.0
        if key in collect.until:
            self._result.keys = self._result.keys or key
            return EndedBy.KEY
        if key not in "0123456789*":
            return EndedBy.KEY if key in self._question.stop_keys else None
        self._result.keys += key
        return EndedBy.KEY if len(self._result.keys) >= collect.most else None

    def _take_sound(self, samples: bytes) -> EndedBy | None:
        """Judge sound in frames of 20 ms, however it was cut by the far end."""
        self._keeper.write(samples)
        samples = self._rest + samples
        at = self._keeper.seconds - len(samples) / 2 / 8000
        for start in range(0, len(samples) - FRAME_BYTES + 1, FRAME_BYTES):
            frame = samples[start : start + FRAME_BYTES]
            ended = self._take_frame(at + start / 2 / 8000, frame)
            if ended:
                return ended
        self._rest = samples[len(samples) // FRAME_BYTES * FRAME_BYTES :]
        return None

    def _take_frame(self, at: float, frame: bytes) -> EndedBy | None:
        speech = self._vad.is_speech(frame)
        prompting = self._result.times.prompt_end is None
        if prompting and not self._question.interruptible:
            return None
        mark = self._endpointer.hear(FRAME_SECONDS, speech)
        if mark is Mark.STARTED:
            self._begin(at)
        if speech and self._endpointer.started:
            self._result.times.speech_end = now()
        self._pass_on(at, frame, speech)
        return self._decide(mark, FRAME_SECONDS)

    def _begin(self, at: float) -> None:
        self._spoke = True
        self._result.times.speech_start = now()
        self._prompt_is_over()

    def _pass_on(self, at: float, frame: bytes, speech: bool) -> None:
        """Tell the recogniser speech with a little before and after it, and no long silence."""
        self._before.append((at, frame))
        if not self._endpointer.started or not self._recognition:
            return
        self._told_silence = 0.0 if speech else self._told_silence + FRAME_SECONDS
        if self._told_silence > HANG_OVER_SECONDS:
            return
        for when, kept in self._before:
            self._timeline.told(when, FRAME_SECONDS)
            self._recognition.sound(kept)
        self._before.clear()
        self._unread += FRAME_SECONDS
        if self._unread >= READ_AGAIN_SECONDS and self._question.emergency:
            self._read_so_far()

    def _read_so_far(self) -> None:
        self._unread = 0.0
        if self._recognition:
            self._recognition.pause()

    def _decide(self, mark: Mark, seconds: float) -> EndedBy | None:
        if self._watch.certain and self._question.emergency:
            return EndedBy.EMERGENCY
        if self._result.keys and self._question.collect:
            self._key_silence += seconds
            return EndedBy.KEY if self._key_silence >= BETWEEN_KEYS_SECONDS else None
        match mark:
            case Mark.PAUSED:
                self._read_so_far()
                return None
            case Mark.ENDED:
                return EndedBy.SILENCE
            case Mark.NO_INPUT:
                return EndedBy.NO_INPUT
            case Mark.LONGEST:
                return EndedBy.LONGEST
            case _:
                return None

    def _take_words(self, heard: Heard) -> None:
        result, whole = self._result, self._timeline.whole
        result.text, result.confidence = heard.text, heard.confidence
        result.words = tuple(
            Word(w.word, whole(w.start), whole(w.end), round(min(1.0, w.conf), 3))
            for w in heard.words
        )
        if self._recognition:
            result.engine = self._recognition.engine
        if self._question.emergency:
            self._watch.read(heard.text, final=True)


def _profile(question: Question) -> Profile:
    profile = PROFILES[question.profile]
    if question.trailing_seconds is None:
        return profile
    return Profile(question.trailing_seconds, profile.start_seconds, profile.barge_in_seconds)
