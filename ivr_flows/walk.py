"""Where one caller stands in the flows. Pure: no sound, no network, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

from ivr_flows.schema import (
    ENDS,
    Ask,
    Choice,
    Do,
    Flow,
    Listen,
    Menu,
    Say,
    Step,
    Transfer,
)


@dataclass(frozen=True, slots=True)
class Done:
    """The step was carried out; an action may name what came of it."""

    result: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed a key, or entered several."""

    keys: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The caller spoke."""

    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The caller pressed one answer and said another."""

    keys: str
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The caller spoke and the sound was kept, but nothing could recognise it."""


@dataclass(frozen=True, slots=True)
class NoInput:
    """The caller stayed silent."""


@dataclass(frozen=True, slots=True)
class Danger:
    """The caller's words mean danger: certainly, or perhaps."""

    service: str
    certain: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The step could not be carried out."""


Reply = Done | Pressed | Heard | Conflict | Recorded | NoInput | Danger | Failed


@dataclass(slots=True)
class Walk:
    """A cursor over the flows: look at ``step``, carry it out, then ``take`` the reply."""

    flows: Mapping[str, Flow]
    entrance: str
    flow: Flow = field(init=False)
    at: str = field(init=False)
    tries: int = 0
    service: str | None = None
    """The emergency service decided so far."""
    path: list[str] = field(default_factory=list)
    ending: str | None = None

    def __post_init__(self) -> None:
        self.flow = self.flows[self.entrance]
        self._go(self.flow.start)

    @property
    def step(self) -> Step | None:
        """The step to carry out now, or None once the call is over."""
        return None if self.ending else self.flow.steps[self.at]

    @property
    def name(self) -> str:
        """The step's name as the journal shows it, with its flow where that is another one."""
        return self.at if self.flow.flow == self.entrance else f"{self.flow.flow}.{self.at}"

    def take(self, reply: Reply) -> None:
        """Move on according to what the caller, or the hotline, replied."""
        step = self.step
        if step is None:
            raise ValueError("the walk is over")
        self._decide(step, reply)
        self.tries += 1
        if going := leads_to(step, reply, self.tries, self.flow):
            self._go(going)

    def _decide(self, step: Step, reply: Reply) -> None:
        match step, reply:
            case _, Danger(service=service):
                self.service = service
            case Transfer(service=str(service)), _ if service != "decided":
                self.service = service

    def _go(self, to: str) -> None:
        self.tries = 0
        if to in ENDS:
            self.ending = to
            return
        if to.startswith("@"):
            name, _, to = to[1:].partition(".")
            self.flow = self.flows[name]
        self.at = to or self.flow.start
        self.path.append(self.name)


def leads_to(step: Step, reply: Reply, tries: int, flow: Flow) -> str | None:
    """Name the way a reply leads, or None to try this step again."""
    match step, reply:
        case Say(then=then), _:
            return then
        case ((Do(failed=failed) | Transfer(failed=failed)), Failed()):
            return failed
        case Transfer(failed=failed, keys=own), Pressed(keys):
            return own.get(keys) or flow.anywhere.press.get(keys, failed)
        case Do(then=then, when=when), Done(result=result):
            return when.get(result or "", then)
        case ((Do(then=then) | Transfer(then=then)), _):
            return then
        case Menu() | Ask() | Listen(), _:
            return _answered(step, reply, tries, flow)


def _answered(step: Menu | Ask | Listen, reply: Reply, tries: int, flow: Flow) -> str | None:
    """Name the way out of a step that listens."""
    match reply:
        case Danger(certain=True):
            return flow.anywhere.danger
        case Danger(text=text) if not _asks_about_danger(step, flow):
            return flow.anywhere.doubtful
        case Danger(text=text):
            reply = Heard(text)
    if (own := _own_way(step, reply)) is not None:
        return own
    if isinstance(reply, Pressed) and (to := flow.anywhere.press.get(reply.keys)):
        return to
    if tries < step.tries:
        return None
    return step.otherwise if isinstance(step, Menu) and _spoke(reply) else step.silent


def _asks_about_danger(step: Step, flow: Flow) -> bool:
    """Tell whether this step is itself the question that doubtful words lead to."""
    return flow.steps.get(flow.anywhere.doubtful) is step


def _own_way(step: Menu | Ask | Listen, reply: Reply) -> str | None:
    match step, reply:
        case Menu(), Pressed() | Heard():
            choice = chosen(step, reply)
            return choice.then if choice else None
        case ((Ask(recorded=to) | Listen(recorded=to)), Recorded()):
            return to
        case ((Ask(then=to) | Listen(then=to)), Heard(text)) if text.strip():
            return to
        case Ask(most=int(), then=to), Pressed(keys) if len(keys) != 1:
            return to
    return None


def _spoke(reply: Reply) -> bool:
    match reply:
        case Pressed() | Heard() | Conflict() | Recorded():
            return True
    return False


def chosen(menu: Menu, reply: Pressed | Heard) -> Choice | None:
    """Find the choice a key or a spoken word picks; of the words found the longest wins.

    ``不对`` holds ``对``: the longer word is what the caller meant.
    """
    match reply:
        case Pressed(keys):
            return next((c for c in menu.choices if c.press == keys), None)
        case Heard(text) if menu.into:
            return understood(menu, text)
        case Heard(text):
            found = [(len(w), c) for c in menu.choices for w in c.hear if w in text]
            return max(found, key=lambda pair: pair[0])[1] if found else None


def understood(menu: Menu, text: str) -> Choice | None:
    """Find the one choice that words can mean; None where they mean none, or more than one.

    Words are read from the left and the longest first, so that ``不满意`` is not ``满意`` and
    ``没人联系`` not ``联系``. One syllable counts only when nothing else was said. Where no word is
    written as it should be, words of three syllables or more count by their sound: ``不平假`` is
    ``不评价``, but ``一般`` is not ``一半``.
    """
    said = [c for c in text if c.isalnum()]
    words = {tuple(word): choice for choice in menu.choices for word in choice.hear}
    found = _read(said, words)
    if not found:
        sounds = {tuple(lazy_pinyin("".join(word))): words[word] for word in words if word[2:]}
        found = _read(lazy_pinyin("".join(said)), sounds)
    meanings = {(choice.means, choice.then) for choice in found}
    return found[0] if len(meanings) == 1 else None


def _read(said: Sequence[str], words: Mapping[tuple[str, ...], Choice]) -> list[Choice]:
    """Give the choices whose words were said, in order."""
    found: list[Choice] = []
    at = 0
    while at < len(said):
        rest = tuple(said[at:])
        here = [w for w in words if rest[: len(w)] == w and (len(w) > 1 or len(said) == 1)]
        if here:
            longest = max(here, key=len)
            found.append(words[longest])
            at += len(longest)
        else:
            at += 1
    return found


def answer_of(step: Step, reply: Reply) -> str | None:
    """Name the answer that a reply gives to a menu that keeps one."""
    match step, reply:
        case Menu(into=str()), Pressed() | Heard():
            choice = chosen(step, reply)
            return choice.means if choice else None
    return None


def conflict_of(step: Step, keys: str, text: str) -> Conflict | None:
    """Tell whether a key and words heard with it are two answers to a menu that keeps one."""
    pressed, heard = answer_of(step, Pressed(keys)), answer_of(step, Heard(text))
    return Conflict(keys, text) if pressed and heard and pressed != heard else None
