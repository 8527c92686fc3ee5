"""What a call flow may contain: one class for each verb a flow author can write."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

HANG_UP = "hang_up"
MESSAGE_LEFT = "message_left"
ENDS = frozenset({HANG_UP, MESSAGE_LEFT})
"""The names that end a call instead of leading to a step."""

SERVICES = ("110", "119", "120", "122")
"""The emergency services a flow can transfer to."""

ACTIONS = frozenset({"draft", "keep_place", "look_up_number", "look_up_code", "survey_subject"})
"""What the hotline can be told to ``do``; agi/actions.py carries each of them out."""

Key = Annotated[str, Field(pattern=r"^[0-9*]$")]
StepName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Exit = Annotated[str, Field(pattern=r"^(@[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?|[a-z][a-z0-9_]*)$")]
"""A step of this flow, ``hang_up``, ``message_left``, ``@flow`` or ``@flow.step``."""
PromptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\{service\})?$")]
"""A prompt's name; ``{service}`` at its end stands for the emergency service being called."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Step(_Strict):
    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return ()

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        return {}


class Say(_Step):
    """Play a prompt, then go on."""

    say: PromptName
    then: Exit

    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return (self.say,)

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        return {"then": self.then}


class Choice(_Strict):
    """One way out of a menu: a key, some words, or both."""

    press: Key | None = None
    hear: tuple[str, ...] = ()
    means: StepName | None = None
    """What is kept as the answer, in a menu that keeps one."""
    then: Exit

    @model_validator(mode="after")
    def _can_be_chosen(self) -> "Choice":
        if self.press is None and not self.hear:
            raise ValueError("a choice needs a key (press) or words (hear)")
        return self


class _Listening(_Step):
    """What every step that waits for the caller shares. Durations in seconds."""

    again: PromptName | None = None
    """What is said instead of the first prompt when the step is tried again."""
    tries: int = Field(default=2, ge=1, le=5)
    wait_seconds: float = Field(default=6, ge=2, le=20)
    longest_seconds: float = Field(default=60, ge=3, le=180)
    silent: Exit
    """Where silence leads after the last try."""

    def prompt(self, tries: int = 0) -> str:
        """Name the prompt to play at this try (0 is the first)."""
        return self.again if tries and self.again else self.prompts()[0]


class Menu(_Listening):
    """Play a prompt and follow the caller's choice, by key or by word."""

    menu: PromptName
    into: StepName | None = None
    """The name under which the answer is kept. Nothing is assumed in such a menu: words that could
    mean two answers, and a key that says another thing than the words, are asked about again."""
    profile: Literal["menu", "yes_no"] = "menu"
    choices: tuple[Choice, ...] = Field(min_length=1)
    otherwise: Exit
    longest_seconds: float = Field(default=8, ge=3, le=60)

    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return (self.menu, self.again) if self.again else (self.menu,)

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        choices = {f"choice {c.press or c.hear[0]}": c.then for c in self.choices}
        return choices | {"silent": self.silent, "otherwise": self.otherwise}

    def words(self) -> tuple[str, ...]:
        """Give every word that picks a choice: the closed grammar of this question."""
        return tuple(word for choice in self.choices for word in choice.hear)


class Ask(_Listening):
    """Ask for one short answer and keep it under a name."""

    ask: PromptName
    into: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    profile: Literal["address", "digits"]
    most: int | None = Field(default=None, ge=1, le=20)
    """How many keys the caller may enter; none are collected without it."""
    then: Exit
    recorded: Exit
    """Where to go when the answer was kept as sound because nothing could recognise it."""
    longest_seconds: float = Field(default=20, ge=3, le=60)

    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return (self.ask, self.again) if self.again else (self.ask,)

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        return {"then": self.then, "silent": self.silent, "recorded": self.recorded}


class Listen(_Listening):
    """Let the caller speak freely; every word goes into the journal of the call."""

    listen: PromptName
    then: Exit
    recorded: Exit
    """Where to go when the words were kept as sound because nothing could recognise them."""

    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return (self.listen, self.again) if self.again else (self.listen,)

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        return {"then": self.then, "silent": self.silent, "recorded": self.recorded}


class Do(_Step):
    """Run a named action of the hotline, such as drafting a ticket."""

    do: str
    then: Exit
    failed: Exit
    when: dict[StepName, Exit] = Field(default_factory=dict)
    """Where the action's own results lead; a result not named here goes on to ``then``."""

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        return {"then": self.then, "failed": self.failed} | {
            f"when {result}": to for result, to in self.when.items()
        }


class Transfer(_Step):
    """Connect the caller to a person, keeping their line until somebody answers."""

    transfer: Literal["agents", "emergency"]
    service: Literal["110", "119", "120", "122", "decided"] | None = None
    """Which service to call; ``decided`` is the one the caller's words asked for."""
    say: PromptName
    keys: dict[Key, Exit] = Field(default_factory=dict)
    """Where keys lead that are pressed while an agent is waited for."""
    then: Exit
    failed: Exit

    @model_validator(mode="after")
    def _names_a_service(self) -> "Transfer":
        if (self.transfer == "emergency") != (self.service is not None):
            raise ValueError("transfer: emergency needs a service, and only it takes one")
        if self.keys and self.transfer != "agents":
            raise ValueError("keys are for those who wait for agents")
        return self

    def prompts(self) -> tuple[str, ...]:
        """Name the prompts this step plays."""
        return (self.say,)

    def exits(self) -> dict[str, str]:
        """Give every way out of this step, by the name the author wrote."""
        own = {f"key {key}": to for key, to in self.keys.items()}
        return own | {"then": self.then, "failed": self.failed}


VERBS = ("say", "menu", "ask", "listen", "do", "transfer")


def _verb(step: Any) -> str | None:
    """Tell a step's kind by the verb it carries (``say`` is also a part of ``transfer``)."""
    if isinstance(step, BaseModel):
        return type(step).__name__.lower()
    found = [verb for verb in VERBS if isinstance(step, dict) and verb in step]
    if "transfer" in found:
        found = [verb for verb in found if verb != "say"]
    return found[0] if len(found) == 1 else None


Step = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Menu, Tag("menu")]
    | Annotated[Ask, Tag("ask")]
    | Annotated[Listen, Tag("listen")]
    | Annotated[Do, Tag("do")]
    | Annotated[Transfer, Tag("transfer")],
    Discriminator(
        _verb,
        custom_error_type="one_verb",
        custom_error_message=f"write exactly one of: {', '.join(VERBS)}",
    ),
]


class Anywhere(_Strict):
    """Ways out that are open at every step that listens, unless the step uses the key itself."""

    press: dict[Key, Exit] = Field(default_factory=dict)
    danger: Exit
    """Where words that certainly mean danger lead."""
    doubtful: Exit
    """Where words that may mean danger lead."""


class Flow(_Strict):
    """A whole conversation: where it starts and every step it may reach."""

    flow: StepName
    language: Literal["zh"] = "zh"
    start: StepName
    anywhere: Anywhere
    steps: dict[StepName, Step] = Field(min_length=1)
