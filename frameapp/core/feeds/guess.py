"""Which old encoding text is in that is no UTF-8 and does not say what it is. A guess, and told as one."""

import codecs
import re

_ASCII = bytes(range(128))
_RUN = re.compile(rb"[\x80-\xff]{2,}")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_POLISH = re.compile(rb"[A-Za-z][\xb3\xb9\xba\xbf][a-z]")  # Windows-1252 has a superscript or a mark amid the word
_CENTRAL = ((b"\xec", b"\xf8"), (b"\xf5", b"\xfb"))  # Czech and Hungarian letters that no western language has both of
_TURKISH = (b"\xfd", b"\xfe")
_AE = b"\xe6"  # Icelandic has it too, beside the letters that stand where Turkish has its own
_EVIDENCE = 2


def guessed(data: bytes) -> str:
    """The Python name of the likeliest encoding; ``cp1252`` where nothing speaks for another.

    Letters beyond ASCII stand among ASCII ones where the script is Latin, and side by side where it is another.
    """
    beyond = len(data.translate(None, _ASCII))
    if sum(map(len, _RUN.findall(data))) > 0.8 * beyond:
        return _other_script(data)
    if len(_POLISH.findall(data)) >= _EVIDENCE or any(_has_all(data, letters) for letters in _CENTRAL):
        return "cp1250"
    return "cp1254" if _has_all(data, _TURKISH) and _AE not in data else "cp1252"


def _other_script(data: bytes) -> str:
    if valid(data, "cp932"):
        text = data.decode("cp932", "ignore")
        if len(_KANA.findall(text)) * 10 > len(_HAN.findall(text)):
            return "cp932"
    if valid(data, "gb18030"):
        characters = _HAN.findall(data.decode("gb18030", "ignore"))
        # GB 2312's first level, the frequent characters; Cyrillic letters in pairs come out beyond it.
        frequent = sum(0xB0 <= character.encode("gb18030")[0] <= 0xD7 for character in characters)
        if frequent > 0.7 * len(characters):
            return "gb18030"
    return "cp1251"


def _has_all(data: bytes, letters: tuple[bytes, ...]) -> bool:
    return all(data.count(letter) >= _EVIDENCE for letter in letters)


def valid(block: bytes, encoding: str) -> bool:
    """Whether the block decodes, a character cut at its end aside."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(block)
    except UnicodeDecodeError:
        return False
    return True
