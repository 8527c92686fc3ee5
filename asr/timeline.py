"""Where in the kept sound a recogniser's seconds lie: it is not told the silences."""

from bisect import bisect_right


class Timeline:
    """Maps seconds of the sound a recogniser was told to seconds of the whole step."""

    def __init__(self) -> None:
        self._told: list[float] = []
        self._whole: list[float] = []
        self._end = 0.0

    def told(self, at: float, seconds: float) -> None:
        """Note that a piece that began ``at`` seconds into the step was passed on."""
        offset = at - self._end
        if not self._told or abs(self._whole[-1] - self._told[-1] - offset) > 1e-3:
            self._told.append(self._end)
            self._whole.append(at)
        self._end += seconds

    def whole(self, told_seconds: float) -> float:
        """Give the second of the step that a recogniser's second stands for."""
        index = bisect_right(self._told, told_seconds) - 1
        if index < 0:
            return told_seconds
        return round(self._whole[index] + told_seconds - self._told[index], 3)
