"""A small Whisper model that nobody trained: CTranslate2's own form, weights from a seeded generator.

It has the vocabulary's layout of the multilingual models, with words of Ukrainian letters. The real library
loads it and computes with it; what it says means nothing.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.requirements import need_module

WIDTH, HEADS, LAYERS = 16, 2, 1
TEXT, FIRST_TIME, VOCABULARY = 50_257, 50_364, 51_865
LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"


def make(folder: Path, seed: int = 6) -> Path:
    """Write a model's folder. The empty token before the special ones marks a multilingual model."""
    need_module("faster_whisper", "faster-whisper")
    from ctranslate2 import specs  # noqa: PLC0415  absent where the tests are skipped

    folder.mkdir(parents=True)
    tokens = _tokens()
    spec = specs.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill(spec, np.random.default_rng(seed))
    spec.register_vocabulary(tokens)
    spec.config.lang_ids = [token for token in range(TEXT + 2, TEXT + 101)]  # noqa: C416
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(tokens)), encoding="utf-8")
    return folder


def _bytes_as_letters() -> dict[int, str]:
    """How byte-level vocabularies write each byte: printable ones as they are, others from U+0100 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + at) for at, byte in enumerate(others)}


def _tokens() -> list[str]:
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # noqa: PLC0415  as above

    written = _bytes_as_letters()
    tokens = list(written.values())
    words = (a + b + c for a in LETTERS for b in LETTERS for c in LETTERS + LETTERS.upper())
    for word in words:
        if len(tokens) < TEXT - 1:
            tokens.append("".join(written[byte] for byte in f" {word}".encode()))
    tokens += [
        "",
        "<|endoftext|>",
        "<|startoftranscript|>",
        *(f"<|{code}|>" for code in _LANGUAGE_CODES[:99]),
    ]
    tokens += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    tokens += ["<|nospeech|>", "<|notimestamps|>"]
    assert len(tokens) == FIRST_TIME
    tokens += [f"<|{at * 0.02:.2f}|>" for at in range(VOCABULARY - FIRST_TIME)]
    assert len(set(tokens)) == VOCABULARY
    return tokens


def _tokenizer(tokens: list[str]) -> dict[str, Any]:
    added = [
        {
            "id": number,
            "content": tokens[number],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number in range(TEXT, FIRST_TIME)
    ]
    vocabulary = {token: number for number, token in enumerate(tokens[:TEXT])}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "added_tokens": added,
        "pre_tokenizer": level,
        "decoder": level,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    }


def _fill(spec: Any, chance: np.random.Generator) -> None:
    """Give every part its weights."""

    def some(*shape: int) -> Any:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    def norm(part: Any) -> None:
        part.gamma, part.beta = np.ones(WIDTH, np.float32), some(WIDTH)

    def linear(part: Any, rows: int, columns: int) -> None:
        part.weight, part.bias = some(rows, columns), some(rows)

    def attention(part: Any, sizes: tuple[int, ...]) -> None:
        norm(part.layer_norm)
        for each, rows in zip(part.linear, sizes, strict=True):
            linear(each, rows, WIDTH)

    def layer(part: Any) -> None:
        attention(part.self_attention, (3 * WIDTH, WIDTH))
        norm(part.ffn.layer_norm)
        linear(part.ffn.linear_0, 4 * WIDTH, WIDTH)
        linear(part.ffn.linear_1, WIDTH, 4 * WIDTH)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = some(WIDTH, 80, 3), some(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = some(WIDTH, WIDTH, 3), some(WIDTH)
    encoder.position_encodings.encodings = some(1500, WIDTH)
    decoder.position_encodings.encodings = some(448, WIDTH)
    for each in (*encoder.layer, *decoder.layer):
        layer(each)
    for each in decoder.layer:
        attention(each.attention, (WIDTH, 2 * WIDTH, WIDTH))
    norm(encoder.layer_norm)
    norm(decoder.layer_norm)
    decoder.embeddings.weight = some(VOCABULARY, WIDTH)
    decoder.projection.weight = decoder.embeddings.weight
