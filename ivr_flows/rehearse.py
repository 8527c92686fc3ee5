"""Walk a flow in a terminal: what the caller would hear, and typed words or keys as the reply."""

from collections.abc import Callable

from ivr_flows.emergency import Decision, detect
from ivr_flows.loader import Book
from ivr_flows.schema import Ask, Do, Listen, Menu, Say, Step, Transfer
from ivr_flows.walk import Danger, Done, Failed, Heard, NoInput, Pressed, Recorded, Reply, Walk

_KNOWN = {
    "read_back": "您反映的是莲池区裕华路的供热问题。",
    "number_spoken": "二六幺，幺二三，零零四二",
    "code_spoken": "零零零零",
    "status_text": "您的工单已经派给办理单位。",
}


def rehearse(
    book: Book, name: str, ask: Callable[[str], str], show: Callable[[str], None]
) -> list[str]:
    """Walk from the start of a flow until it ends; give the path.

    Replies: words, keys such as ``1`` or ``#12``, nothing for silence, ``?`` for words that
    nothing could recognise. Actions and transfers ask what came of them.
    """
    walk = Walk(book.flows, name)
    while step := walk.step:
        for said in step.prompts()[:1]:
            show(f"{walk.name}: {_said(book, walk, step, said)}")
        walk.take(_reply(step, walk, ask))
    show(f"({walk.ending})")
    return walk.path


def _said(book: Book, walk: Walk, step: Step, first: str) -> str:
    name = step.prompt(walk.tries) if isinstance(step, Menu | Ask | Listen) else first
    service = walk.service or "110"
    if isinstance(step, Transfer) and step.service not in (None, "decided"):
        service = str(step.service)
    return book.prompts[name.replace("{service}", service)].fill(_KNOWN)


def _reply(step: Step, walk: Walk, ask: Callable[[str], str]) -> Reply:
    match step:
        case Say():
            return Done()
        case Do(do=action, when=when):
            ways = ", ".join(["Enter: it works", "f: it fails", *when])
            return _outcome(ask(f"  {action} ({ways}) > "))
        case Transfer(transfer=to):
            return _outcome(ask(f"  {to} (Enter: somebody answers, f: nobody) > "))
        case Menu() | Ask() | Listen():
            return read_reply(ask("  caller > "))


def _outcome(typed: str) -> Done | Failed:
    return Failed() if typed.strip() == "f" else Done(typed.strip() or None)


def read_reply(typed: str) -> Reply:
    """Read what somebody typed in place of a caller."""
    text = typed.strip()
    if not text:
        return NoInput()
    if text == "?":
        return Recorded()
    if all(c in "0123456789*#" for c in text):
        return Pressed(text.strip("#"))
    verdict = detect(text)
    if verdict.decision is not Decision.NONE and verdict.service:
        return Danger(verdict.service, verdict.decision is Decision.CERTAIN, text)
    return Heard(text)
