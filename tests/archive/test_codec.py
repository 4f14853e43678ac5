from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stravalib.archive import codec

CASES: dict[str, list[object]] = {
    "empty": [],
    "one": [3],
    "ints": [0, 1, 2, 5, 900, -4, 70000],
    "big ints": [2**60, -(2**60), 0],
    "huge ints": [2**70, 1],
    "floats": [0.0, 2.5, 5.1, 7.9, 12.25],
    "whole floats": [0.0, 1.0, 2.0],
    "negative zero": [0.0, -0.0, 1.5],
    "no decimals fit": [math.pi * i for i in range(40)],
    "mixed": [1, 1.0, 2.5, 3],
    "mixed huge": [2**60 + 1, 1.5],
    "nulls": [None, 1, None, 3, None],
    "only nulls": [None, None],
    "bools": [True, False, None, True],
    "bool and int": [True, 1, 0],
    "latlng": [[47.1, 8.25], None, [47.100001, 8.250001]],
    "latlng ints": [[47, 8], [47.5, 8.0]],
    "empty pair": [[47.1, 8.2], [], None],
    "text": ["a", None, "b"],
    "infinite": [1.0, math.inf],
    "tiny": [5e-324, 1e308, 1e-9],
    "semicircles": [i * 180 / 2**31 for i in range(600_000_000, 600_000_050, 7)],
}


def same(left: object, right: object) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and repr(left) == repr(right)


@pytest.mark.parametrize("name", CASES)
def test_values_come_back_exactly(name: str) -> None:
    assert same(codec.decode(codec.encode(CASES[name])), CASES[name])


number = st.one_of(
    st.none(),
    st.integers(-(2**65), 2**65),
    st.floats(allow_nan=False),
    st.decimals(-1000, 1000, places=3).map(float),
    st.booleans(),
)
column = st.one_of(
    st.lists(number),
    st.lists(st.one_of(st.none(), st.integers(0, 300))),
    st.lists(st.one_of(st.none(), st.decimals(-180, 180, places=6).map(float))),
    st.lists(
        st.one_of(st.none(), st.lists(st.floats(-90, 90), min_size=2, max_size=2))
    ),
)


@settings(max_examples=300, deadline=None)
@given(column)
def test_anything_comes_back_exactly(values: list[object]) -> None:
    assert same(codec.decode(codec.encode(values)), values)


@settings(max_examples=200, deadline=None)
@given(column)
def test_arrays_agree_with_the_values(values: list[object]) -> None:
    np = pytest.importorskip("numpy")
    blob = codec.encode(values)
    found, mask = codec.decode_numpy(blob)
    assert len(found) == len(values)
    for index, value in enumerate(values):
        missing = mask is not None and bool(mask[index])
        assert missing is (value is None)
        if value is None:
            continue
        if isinstance(value, list):
            assert np.array_equal(found[index], np.array(value, float))
        else:
            assert float(found[index]) == float(value)


def test_a_ride_packs_small() -> None:
    values = [round(100 + math.sin(i / 50) * 30, 1) for i in range(5000)]
    assert len(codec.encode(values)) < 5000


def test_a_blob_of_a_later_format_is_refused() -> None:
    import zlib

    blob = bytearray(zlib.decompress(codec.encode([1, 2])))
    blob[0] = 9
    with pytest.raises(ValueError, match="format 9"):
        codec.decode(zlib.compress(bytes(blob)))
