"""Read a YAML file without surprises, and say in plain words what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where it stands, what it is, and how to mend it."""

    path: Path
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path.name}: {self.where}: {self.what}; {self.remedy}"


class _Loader(yaml.BaseLoader):
    """Keeps every value as typed (``010`` is not 8, ``no`` is not False); no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [key.value for key, _ in node.value]
        if repeated := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"{', '.join(repeated)} is written twice", node.start_mark
            )
        return dict(super().construct_mapping(node, deep))


def read_mapping(path: Path) -> tuple[dict[object, object], list[Fault]]:
    """Read a file that must hold names and values; every value is text, a list or a mapping."""
    try:
        # A BaseLoader builds text, lists and mappings only, never objects.
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        return {}, [Fault(path, "file", "does not exist", "check the name")]
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Fault(path, "file", f"cannot be read ({error})", "save it as UTF-8")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return {}, [Fault(path, f"line {line}", error.problem or "is not YAML", "mend that line")]
    except yaml.YAMLError as error:
        return {}, [Fault(path, "file", str(error).replace("\n", " "), "mend the file")]
    if not isinstance(read, dict):
        return {}, [Fault(path, "file", "holds no names and values", "write name: value lines")]
    return read, []
