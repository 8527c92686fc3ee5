"""A flow as a Mermaid drawing, for people who want to see where each answer leads."""

from collections.abc import Iterator

from ivr_flows.loader import Book
from ivr_flows.schema import ENDS, Ask, Do, Flow, Listen, Menu, Say, Step, Transfer

_SHAPES = {
    Say: ("[", "]"),
    Menu: ("{{", "}}"),
    Ask: ("[/", "/]"),
    Listen: ("([", "])"),
    Do: ("[[", "]]"),
    Transfer: (">", "]"),
}


def draw(book: Book, name: str) -> str:
    """Give the Mermaid text of one flow; exits to other flows end at their names."""
    return "\n".join(_lines(book, book.flows[name])) + "\n"


def _lines(book: Book, flow: Flow) -> Iterator[str]:
    yield "flowchart TD"
    yield f"  start((start)) --> {flow.start}"
    for name, step in flow.steps.items():
        before, after = _SHAPES[type(step)]
        yield f'  {name}{before}"{_title(book, name, step)}"{after}'
        for way, to in step.exits().items():
            yield f'  {name} -->|"{way}"| {_end(to)}'
    listening = [n for n, s in flow.steps.items() if isinstance(s, Menu | Ask | Listen)]
    if listening:
        yield '  anywhere(("anywhere"))'
        ways = {f"key {key}": to for key, to in flow.anywhere.press.items()}
        ways |= {"danger": flow.anywhere.danger, "perhaps danger": flow.anywhere.doubtful}
        for way, to in ways.items():
            yield f'  anywhere -.->|"{way}"| {_end(to)}'


def _title(book: Book, name: str, step: Step) -> str:
    match step:
        case Do(do=action):
            return f"{name}<br/>do {action}"
        case Transfer(transfer=to, service=service):
            return f"{name}<br/>to {to} {service or ''}".rstrip()
    prompt = book.prompts.get(step.prompts()[0])
    said = prompt.say if prompt else step.prompts()[0]
    return f"{name}<br/>{said}".replace('"', "#quot;")


def _end(to: str) -> str:
    if to in ENDS:
        return f'{to}_((" {to} "))'
    if to.startswith("@"):
        return f'{to[1:].replace(".", "__")}_flow[["{to}"]]'
    return to
