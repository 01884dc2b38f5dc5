"""Repeating a group in a regular expression without trying fewer repetitions afterwards.

Before Python 3.11.5 a group that fails in its midst leaves a wrong position behind when it is repeated so
(https://github.com/python/cpython/issues/106052). There the repetition may be tried again with fewer: the patterns here
match the same either way, since what follows a group never begins as the group does.
"""

import sys

_ALL = "+" if sys.version_info >= (3, 11, 5) else ""

ANY = "*" + _ALL
SOME = "+" + _ALL
MAYBE = "?" + _ALL
