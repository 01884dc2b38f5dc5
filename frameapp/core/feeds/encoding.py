"""Bytes to text and back, exactly: what was decoded encodes to the very same bytes, or is known not to.

Undecodable bytes become lone surrogates (PEP 383), which encode back to themselves; ``mend`` shows them as
the Windows-1252 characters that they nearly always are.
"""

import codecs
import re

import webencodings

from frameapp.core.feeds.guess import guessed, valid
from frameapp.errors import FeedError

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})["']""")
SINGLE_BYTE = re.compile(r"iso8859-\d+|cp125\d|cp1140|cp437|cp85\d|cp866|cp874|koi8-[ru]|mac-\w+")
_WIDER = {"shift_jis": "cp932", "gbk": "gb18030", "euc_kr": "cp949"}
UNICODE = ("utf-8", "utf-16-le", "utf-16-be")
MULTI_BYTE = ("gb18030", "big5", "big5hkscs", "euc_jp", "cp932", "cp949")
_EVIDENCE = 20  # bytes
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\r")
_MENDED = dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace").replace("\ufffd", " ") for byte in range(128, 256)
}


def mend(text: str) -> str:
    """``text`` with bytes that were no valid UTF-8 shown as Windows-1252 characters, and no half of a UTF-16 pair."""
    return text.translate(_MENDED)


def declared_encoding(head: bytes) -> str:
    """The Python name of the encoding that an XML declaration gives, empty where there is none that we know."""
    found = DECLARATION.match(head)
    return encoding_of(found[1].decode("ascii")) if found else ""


def encoding_of(label: str) -> str:
    """The Python name of the encoding that a label means, empty for one that we do not know.

    Labels mean what the WHATWG encoding standard has them mean, so narrow encodings are read as the wider ones that
    include them; others are Python's.
    """
    known = webencodings.lookup(label)
    try:
        name = known.codec_info.name if known else codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: a zero byte in it
        return ""
    name = _WIDER.get(name, name)
    return name if SINGLE_BYTE.fullmatch(name) or name in MULTI_BYTE or name in UNICODE else ""


class Decoder:
    """Decodes a feed block by block.

    A byte-order mark decides, then zero bytes (UTF-16 without a mark). Else the first block with more than ASCII
    decides between UTF-8, what the text declares, and the ``label`` that its host gave it, in this order of trust:
    valid UTF-8 is believed over a single-byte encoding.
    ``encoding`` is the Python codec's name; ``guessed`` is true where nothing told it; ``mixed`` is true once bytes
    were met that the encoding does not have; ``doubtful`` is true once text may have characters that XML does not
    allow; ``exact`` is false once text was met that encodes to other bytes, as some of East Asia's old encodings have
    it. ``labelled`` is true where the label alone told the encoding, ``mislabelled`` where it was needed and is wrong.
    """

    def __init__(self, head: bytes, label: str = "") -> None:
        self.label = label
        self.labelled = False
        self.mislabelled = False
        self._told = encoding_of(label) if label else ""
        self.mixed = False
        self.exact = True
        self.doubtful = False
        self.guessed = False
        self._declared = declared_encoding(head)
        wide = self._told.startswith("utf-16")
        self._settled = _marked(head)
        if not self._settled:
            self._settled = _by_zeros(head, share=0.01 if wide else 0.6)
            self.labelled = wide and self._settled == self._told
        self.encoding = self._settled or "utf-8"
        self._errors = "strict"
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder(self.encoding)("strict")

    def decode(self, block: bytes, *, final: bool = False) -> str:
        """The block's text; what is cut at its end comes with the next. Raises FeedError."""
        waiting = self._decoder.getstate()[0]
        text = self._decoded(block, final=final)
        if not self.doubtful:
            wide = self.encoding.startswith(("utf-16", "utf-32"))
            self.doubtful = wide or self.mixed or len(block.translate(None, _CONTROLS)) < len(block)
            self.doubtful = self.doubtful or "\ufffe" in text or "\uffff" in text
        if self.encoding in MULTI_BYTE:
            self.exact = self.exact and (waiting + block).startswith(self.encode(text))
        return text

    def _decoded(self, block: bytes, *, final: bool) -> str:
        if not self._settled and not block.isascii():
            self._settle(block)
        state = self._decoder.getstate()
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            if self.encoding.startswith("utf-32") or error.reason == "truncated data":
                raise FeedError("The feed's text breaks off in the middle of a character. Export it again.") from error
        self.mixed = True
        self._errors = "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        self._decoder.setstate(state)
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            raise FeedError("The feed's text is not in the encoding that it declares. Export it as UTF-8.") from error

    @property
    def told(self) -> bool:
        """Whether the text or its host says the encoding, or it is one that needs no saying."""
        return self.labelled or self.encoding.startswith("utf-") or self.encoding == self._declared

    def encode(self, text: str) -> bytes:
        """The bytes that ``text`` came from; a new character that the encoding lacks becomes a character reference."""
        try:
            return text.encode(self.encoding, self._errors)
        except UnicodeEncodeError:
            return text.encode(self.encoding, "xmlcharrefreplace")

    def _settle(self, block: bytes) -> None:
        self._settled = self.encoding = self._chosen(block)
        self.mislabelled = bool(self.label and not self._declared and self.encoding != self._told)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")

    def _chosen(self, block: bytes) -> str:
        if self._declared in MULTI_BYTE and valid(block, self._declared):
            return self._declared
        fits = self._told not in UNICODE and (self._told not in MULTI_BYTE or valid(block, self._told))
        if not self._declared and self._told in MULTI_BYTE and fits:
            self.labelled = True
            return self._told
        if valid(block, "utf-8"):
            return "utf-8"
        if self._declared and self._declared not in UNICODE:
            return self._declared
        text = block.decode("utf-8", "surrogateescape")
        broken = sum("\udc80" <= character <= "\udcff" for character in text)
        sound = sum(character > "\x7f" for character in text) - broken
        if self._told and fits and broken > sound:
            self.labelled = True
            return self._told
        # UTF-8 that is mended reads both, so a few bytes decide nothing.
        if broken <= max(sound, _EVIDENCE):
            return "utf-8"
        self.guessed = True
        return guessed(block)


def _marked(head: bytes) -> str:
    return next((name for mark, name in BOMS if head.startswith(mark)), "")


def _by_zeros(head: bytes, share: float) -> str:
    """UTF-16 without a byte-order mark: ASCII's every second byte is zero; that ``share`` of it is ASCII."""
    sample = head[:512]
    half = len(sample) // 2
    if half < 2 or sample.count(0) < half * share:
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
