"""Options for the calls within a block."""

from __future__ import annotations

import contextvars

import pytest

from stravalib._core.options import UNSET, options, options_of


class Owner:
    pass


def test_nothing_is_set_outside_of_a_block():
    owner = Owner()
    assert options_of(owner) is None
    with options(owner, {"timeout": 5}):
        assert options_of(owner) == {"timeout": 5}
    assert options_of(owner) is None


def test_inner_blocks_win_and_add():
    owner = Owner()
    with options(owner, {"timeout": 5, "retries": 0}):
        with options(owner, {"timeout": None, "max_wait": 1}):
            found = {"timeout": None, "retries": 0, "max_wait": 1}
            assert options_of(owner) == found
        assert options_of(owner) == {"timeout": 5, "retries": 0}


def test_each_client_has_its_own():
    one, two = Owner(), Owner()
    with options(one, {"timeout": 1}):
        assert options_of(two) is None
        with options(two, {"timeout": 2}):
            assert options_of(one) == {"timeout": 1}
            assert options_of(two) == {"timeout": 2}


def test_an_error_ends_the_block():
    owner = Owner()
    with pytest.raises(KeyError), options(owner, {"timeout": 1}):
        raise KeyError
    assert options_of(owner) is None


def test_another_task_does_not_see_them():
    owner = Owner()
    elsewhere = contextvars.copy_context()
    with options(owner, {"timeout": 1}):
        assert elsewhere.run(options_of, owner) is None


def test_the_default_is_told_in_words():
    assert repr(UNSET) == "<as the client has it>"
