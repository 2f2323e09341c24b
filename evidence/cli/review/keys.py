"""The keys of the screen; letters also where they stand on a Ukrainian keyboard."""

from textual.binding import Binding, BindingType

_UKRAINIAN = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,./", "йцукенгшщзхїфівапролджєячсмитьбю.", strict=True))
_KEYS = (
    ("up,k", "move(-1)"),
    ("down,j", "move(1)"),
    ("home", "move(-1000000)"),
    ("end", "move(1000000)"),
    ("pageup", "read(-1)"),
    ("pagedown", "read(1)"),
    ("left,h", "cursor(-1000)"),
    ("right,l", "cursor(1000)"),
    ("shift+left,H", "cursor(-10000)"),
    ("shift+right,L", "cursor(10000)"),
    ("plus,equals_sign", "zoom(1)"),
    ("minus", "zoom(-1)"),
    ("tab", "next_recording"),
    ("space,p", "play"),
    ("o", "listen"),
    ("left_square_bracket", "edge('start', -100)"),
    ("right_square_bracket", "edge('end', 100)"),
    ("left_curly_bracket", "edge('start', 100)"),
    ("right_curly_bracket", "edge('end', -100)"),
    ("enter", "save"),
    ("a", "accept"),
    ("r", "reject"),
    ("e", "edit"),
    ("w", "withdraw"),
    ("c", "confirm"),
    ("n", "new"),
    ("u", "undo"),
    ("f", "filter"),
    ("slash,full_stop", "search"),
    ("question_mark,f1", "help"),
    ("q,ctrl+c,ctrl+q", "leave"),
)
_NAMED = {
    "left_square_bracket": "х",
    "right_square_bracket": "ї",
    "left_curly_bracket": "Х",
    "right_curly_bracket": "Ї",
}


def _everywhere(keys: str) -> str:
    """The same keys, and those of the Ukrainian layout at their places."""
    found = []
    for key in keys.split(","):
        other = _NAMED.get(key) or _UKRAINIAN.get(key) or _UKRAINIAN.get(key.lower(), "").upper()
        found += [key, *([other] if other and (len(key) == 1 or key in _NAMED) else [])]
    return ",".join(found)


BINDINGS: list[BindingType] = [
    Binding(_everywhere(keys), action, show=False, priority="ctrl+c" in keys) for keys, action in _KEYS
]
"""For evidence.cli.review.screen."""
