"""Read the flow files into one book, or say in plain words all that is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ivr_flows.check import check_book
from ivr_flows.prompts import PROMPTS, Prompt, read_prompts
from ivr_flows.schema import Flow
from ivr_flows.yaml_files import Fault, read_mapping

FLOWS = Path(__file__).parent / "flows"

_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "take it out, or mend its spelling",
    "one_verb": "give the step one verb",
    "string_pattern_mismatch": "use small letters, digits and _",
}


@dataclass(frozen=True, slots=True)
class Book:
    """Every flow by name, with the prompts they play."""

    flows: Mapping[str, Flow]
    prompts: Mapping[str, Prompt]


class FlowError(Exception):
    """Flow files that cannot be used, with every fault found in them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def load_book(flows: Path = FLOWS, prompts: Path = PROMPTS) -> Book:
    """Read all flows of a folder and check them together, or raise ``FlowError``."""
    read, faults = _read_flows(flows)
    said, prompt_faults = read_prompts(prompts)
    faults += prompt_faults
    if not faults:
        faults = check_book(read, said)
    if faults:
        raise FlowError(faults)
    return Book({flow.flow: flow for flow in read.values()}, said)


def _read_flows(folder: Path) -> tuple[dict[Path, Flow], list[Fault]]:
    read: dict[Path, Flow] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        written, found = read_mapping(path)
        faults += found
        if found:
            continue
        try:
            read[path] = Flow.model_validate(written)
        except ValidationError as error:
            faults += [_plain(path, e["loc"], e["type"], e["msg"]) for e in error.errors()]
    if not read and not faults:
        faults.append(Fault(folder, "folder", "holds no flow", "add a flow file"))
    return read, faults


def _plain(path: Path, loc: tuple[int | str, ...], kind: str, message: str) -> Fault:
    where = " > ".join(str(part) for part in loc) or "file"
    what = message[0].lower() + message[1:]
    return Fault(path, where, what, _REMEDIES.get(kind, "see ivr_flows/HOW_TO.md"))
