"""What follows from a table of which some places are hidden, by linear algebra."""

from fractions import Fraction

from backend.statistics import TOTAL

Place = tuple[str, str]


def solved(cells: dict[Place, int], gone: frozenset[Place]) -> set[Place]:
    """The hidden places that the equations of the table fix, by elimination over fractions."""
    unknown = sorted(gone)
    lines = {("row", row) for row, _ in cells} | {("column", column) for _, column in cells}
    equations = []
    for axis, name in sorted(lines):
        at = 0 if axis == "row" else 1
        equations.append(
            [
                Fraction(0 if one[at] != name else -1 if one[1 - at] == TOTAL else 1)
                for one in unknown
            ]
        )
    done = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(done, len(equations)) if equations[r][column]), None)
        if pivot is None:
            continue
        equations[done], equations[pivot] = equations[pivot], equations[done]
        lead = equations[done][column]
        equations[done] = [value / lead for value in equations[done]]
        for r, row in enumerate(equations):
            if r != done and row[column]:
                factor = row[column]
                equations[r] = [a - factor * b for a, b in zip(row, equations[done], strict=True)]
        done += 1
    single = [row for row in equations if sum(bool(value) for value in row) == 1]
    return {unknown[[bool(value) for value in row].index(True)] for row in single}
