"""How a character sounds on a telephone line: pinyin without tone, confusions folded."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("f", "hu"))
_AFTER_H = (("hueng", "hong"), ("huen", "hun"), ("huei", "hui"), ("huou", "hou"), ("huu", "hu"))
_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))
_MOST_READINGS = 3
_BURNS, _AFTER_BURNS = "zao", "火了起大"


def fold(syllable: str) -> str:
    """Merge what is usually confused: zh/z ch/c sh/s, n/l/r, f/h, in/ing en/eng an/ang."""
    for heard, merged in _INITIALS:
        if syllable.startswith(heard) and len(syllable) > 1:
            syllable = merged + syllable[len(heard) :]
            break
    for written, usual in _AFTER_H:
        if syllable.startswith(written):
            syllable = usual + syllable[len(written) :]
            break
    for heard, merged in _FINALS:
        if syllable.endswith(heard):
            return syllable[: -len(heard)] + merged
    return syllable


def is_hanzi(character: str) -> bool:
    """Tell whether a character is a Chinese one, the only kind that is compared by sound."""
    return "\u3400" <= character <= "\u9fff"


@lru_cache(maxsize=16384)
def readings(character: str) -> tuple[tuple[str, str], ...]:
    """All (toneless, folded) readings of one character; anything but a hanzi reads as itself."""
    if not is_hanzi(character):
        return ((character, character),)
    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0][:_MOST_READINGS]
    return tuple((plain, fold(plain)) for plain in found)


def spoken(characters: str) -> list[str]:
    """The folded reading of each character, one each; 着 is zhao where it burns (着火, 着了)."""
    followed = zip(characters, f"{characters[1:]} ", strict=True)
    return [
        _BURNS if each == "着" and after in _AFTER_BURNS else readings(each)[0][1]
        for each, after in followed
    ]


def syllables(phrase: str) -> tuple[tuple[str, str], ...]:
    """The (toneless, folded) syllables of a listed phrase, read as one phrase."""
    if all(is_hanzi(character) for character in phrase):
        return tuple((plain, fold(plain)) for plain in lazy_pinyin(phrase))
    return tuple(readings(character)[0] for character in phrase)
