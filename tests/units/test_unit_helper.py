from __future__ import annotations

import os
import stat
import subprocess
import sys

import pint
import pytest

from stravalib import _pint, unit_helper, unit_registry
from stravalib._models.values import Distance, Duration, Velocity
from stravalib.unit_registry import Q_, ureg


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("converter", "given", "wanted"),
    [
        ("miles", Distance(1000), "0.6213711922 mile"),
        ("miles", 1000, "1000 mile"),
        ("feet", Distance(0.3048), "1.0 foot"),
        ("kilometers", Distance(500), "0.5 kilometer"),
        ("kph", Velocity(10), "36.0 kilometer / hour"),
        ("mph", Velocity(10), "22.3693629 mile / hour"),
        ("meters_per_second", 3, "3 meter / second"),
        ("hours", Duration(5400), "1.5 hour"),
        ("seconds", Duration(5400), "5400 second"),
        ("kilometers", Duration(0), None),
        ("kilometers", Velocity(1), None),
    ],
)
def test_converters(converter, given, wanted):
    convert = getattr(unit_helper, converter)
    if wanted is None:
        with pytest.raises(pint.DimensionalityError):
            convert(given)
        return
    result = convert(given)
    assert isinstance(result, Q_)
    assert isinstance(result, pint.Quantity)
    number, unit = wanted.split(" ", 1)
    assert result.magnitude == pytest.approx(float(number), rel=1e-8)
    assert str(result.units) == unit


def test_quantities_convert_in_their_own_registry():
    theirs = pint.UnitRegistry()
    result = unit_helper.miles(theirs.Quantity(5, "km"))
    assert result.magnitude == pytest.approx(3.10685596)
    total = result + theirs.Quantity(1, "mile")
    assert total.magnitude == pytest.approx(4.10685596)
    assert unit_helper.miles(Q_("5 km")).magnitude == pytest.approx(3.10685596)
    assert unit_helper.kgs(unit_helper.lbs(10)).magnitude == pytest.approx(4.5359237)


def test_results_can_be_added_to_those_of_the_registry():
    total = unit_helper.kilometers(Distance(1000)) + 2 * ureg.kilometer
    assert total.magnitude == 3
    assert Distance(1500).quantity() + 500 * ureg.meter == 2 * ureg.kilometer


def test_a_missing_value_is_refused_with_help():
    with pytest.raises(TypeError, match="test for None"):
        unit_helper.miles(None)


def test_synonyms_are_one_converter():
    assert unit_helper.mile is unit_helper.miles
    assert unit_helper.kg is unit_helper.kgs is unit_helper.kilograms
    assert unit_helper.foot is unit_helper.feet
    assert unit_helper.kph is unit_helper.kilometers_per_hour
    assert unit_helper.miles.unit == "mi"
    assert unit_helper.UnitConverter("furlong")(Distance(201.16840)).magnitude == (
        pytest.approx(1, rel=1e-6)
    )


def test_celsius():
    assert unit_helper.c2f(20) == 68.0
    assert unit_helper.c2f(-40) == -40.0


def test_the_registry_is_one_and_not_the_applications():
    assert unit_registry.ureg is unit_helper.ureg is _pint.registry()
    assert unit_registry.Q_ is ureg.Quantity
    assert ureg is not pint.get_application_registry().get()
    with pytest.raises(AttributeError, match="nope"):
        unit_registry.nope  # noqa: B018
    assert {"Q_", "ureg"} <= set(dir(unit_registry))


def test_pint_waits_for_the_first_use():
    code = (
        "import sys, stravalib.unit_registry\n"
        "from stravalib.unit_helper import miles, c2f\n"
        "import stravalib.units\n"
        "c2f(3); stravalib.units.km(3)\n"
        "assert 'pint' not in sys.modules\n"
        "print(miles(3)); assert 'pint' in sys.modules"
    )
    assert run(code) == "3 mile"


USE = "from stravalib.unit_helper import miles as m; print(m(2.0).to('km').magnitude)"


@pytest.mark.skipif(sys.platform == "win32", reason="n/a: modes of POSIX")
def test_definitions_are_cached_privately(tmp_path):
    home = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    assert run(USE, **home) == "3.218688"
    (folder,) = tmp_path.rglob("pint-*-python-*")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first = {path.name for path in folder.iterdir()}
    assert any(name.endswith(".pickle") for name in first)
    assert run(USE, **home) == "3.218688"
    assert {path.name for path in folder.iterdir()} == first
    for path in folder.glob("*.pickle"):  # torn by a crash
        path.write_bytes(path.read_bytes()[:40])
    assert run(USE, **home) == "3.218688"


@pytest.mark.skipif(sys.platform == "win32", reason="n/a: modes of POSIX")
def test_a_cache_that_others_can_write_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *a, **k: tmp_path)
    folder = _pint.cache_folder("1")
    assert folder is not None
    folder.chmod(0o777)
    assert _pint.cache_folder("1") is None


def test_no_cache_where_nothing_can_be_written(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    home = {"XDG_CACHE_HOME": str(blocked), "HOME": str(blocked)}
    assert run(USE, **home) == "3.218688"
    assert blocked.read_text() == "not a folder"
