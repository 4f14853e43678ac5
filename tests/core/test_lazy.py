"""Modules that are imported when they are first used."""

from __future__ import annotations

import json

import pytest

from stravalib._core.lazy import lazy


def test_it_stands_for_the_module():
    module = lazy("json")
    assert module.dumps is json.dumps
    assert repr(module) == "<lazy module 'json'>"
    with pytest.raises(AttributeError, match="nothing"):
        _ = module.nothing


def test_what_was_asked_for_once_is_at_hand():
    module = lazy("json")
    assert "loads" not in vars(module)
    assert module.loads is json.loads
    assert vars(module)["loads"] is json.loads


def test_a_module_that_is_not_there_is_missed_at_the_first_use():
    module = lazy("no_such_module_anywhere")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        _ = module.anything
