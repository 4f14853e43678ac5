"""Options for the calls within a block."""

from __future__ import annotations

import contextvars

import pytest

from stravalib._core.options import (
    UNSET,
    check_callable,
    check_limits,
    options,
    options_of,
)


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


@pytest.mark.parametrize("priority", ["low", "medium", "high"])
@pytest.mark.parametrize("reserve", [0, 0.0, 0.5, 30])
@pytest.mark.parametrize("max_wait", [None, 0, 0.5, 900])
def test_limits_that_are_right(priority, reserve, max_wait):
    check_limits(priority=priority, reserve=reserve, max_wait=max_wait)
    check_limits()


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ({"priority": "urgent"}, ValueError, "priority='urgent' is unknown"),
        ({"priority": None}, ValueError, "priority=None is unknown"),
        ({"reserve": "3"}, TypeError, "reserve='3' is not a number"),
        ({"reserve": True}, TypeError, "reserve=True is not a number"),
        ({"reserve": None}, TypeError, "reserve=None is not a number"),
        ({"max_wait": "9"}, TypeError, "max_wait='9' is not a number"),
        ({"max_wait": False}, TypeError, "max_wait=False is not a number"),
        ({"reserve": -1}, ValueError, "reserve=-1 and max_wait=None must not be neg"),
        ({"reserve": -0.5}, ValueError, "must not be negative"),
        ({"reserve": float("nan")}, ValueError, "must not be negative"),
        ({"max_wait": -1}, ValueError, "reserve=0.0 and max_wait=-1 must not be neg"),
        ({"max_wait": -0.5}, ValueError, "must not be negative"),
        ({"max_wait": float("nan")}, ValueError, "must not be negative"),
    ],
)
def test_limits_that_are_wrong(wrong, error, told):
    with pytest.raises(error, match=told):
        check_limits(**wrong)


def test_what_can_be_called():
    check_callable("on_wait", None)
    check_callable("on_wait", print)
    for wrong in (0, False, "print"):
        with pytest.raises(TypeError, match=f"on_wait={wrong!r} cannot be called"):
            check_callable("on_wait", wrong)
