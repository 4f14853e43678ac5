"""Change the decisions one operator at a time, and count which changes the tests see.

    python tests/campaigns/mutate.py [--modules limits,tokens] [--every 1] [--jobs 2]

For each change a process is forked that loads the changed module in the place of the
real one and runs the tests of ``_core``. A change that no test notices is printed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import importlib
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "src/stravalib/_core"
# module -> its tests, the quick ones first
TESTS = {
    "limits": [
        "core/test_limits.py",
        "core/test_limits_pass.py",
        "core/test_limits_machine.py",
    ],
    "quota": ["core/test_limits.py", "core/test_limits_machine.py"],
    "rates": ["core/test_rates.py", "core/test_limits.py"],
    "retries": ["core/test_retries.py"],
    "tokens": ["core/test_tokens.py"],
    "scopes": ["core/test_scopes.py"],
    "errors": ["core/test_errors.py"],
    "http": ["core/test_http.py"],
    "paging": ["core/test_paging_rules.py", "core/test_paging_ends.py"],
    "shape": ["core/test_shape.py"],
    "uploads": ["core/test_uploads.py"],
    "params": ["core/test_params.py"],
    "deprecation": ["core/test_deprecation.py"],
    "meta": ["core/test_meta.py"],
    "options": ["core/test_options.py"],
    "quota_texts": ["core/test_quota_texts.py"],
    "lazy": ["core/test_lazy.py"],
}
COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}


def variants(node):
    """Yield (what changes, new node) for one node."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = COMPARE.get(type(operator))
            if other is not None:
                new = copy.deepcopy(node)
                new.ops[place] = other()
                yield f"{type(operator).__name__} -> {other.__name__}", new
    elif isinstance(node, ast.BoolOp):
        new = copy.deepcopy(node)
        new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and <-> or", new
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        new = copy.deepcopy(node)
        new.op = ARITHMETIC[type(node.op)]()
        yield f"{type(node.op).__name__} -> {type(new.op).__name__}", new
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield f"{node.value} flipped", ast.Constant(not node.value)
        elif isinstance(node.value, (int, float)):
            yield f"{node.value} + 1", ast.Constant(node.value + 1)
    elif isinstance(node, (ast.Return,)) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield "return None", ast.Return(ast.Constant(None))
    elif isinstance(node, (ast.Break, ast.Continue)):
        yield "dropped", ast.Pass()
    elif isinstance(node, ast.IfExp):
        new = copy.deepcopy(node)
        new.body, new.orelse = node.orelse, node.body
        yield "branches swapped", new


def skipped(tree):
    """Return the nodes that are no decisions: annotations, texts, slots, imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            parts = [
                node.returns,
                *(
                    arg.annotation
                    for arg in ast.walk(node.args)
                    if isinstance(arg, ast.arg)
                ),
            ]
            if node.name in ("__repr__", "__dir__"):
                parts += node.body
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, (ast.JoinedStr, ast.Raise)) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        ):
            parts = [node]
        else:
            continue
        for part in parts:
            if part is not None:
                found.update(ast.walk(part))
    return found


class Replace(ast.NodeTransformer):
    """Puts a node in the place of another, found by its number in the walk."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        if node is self.old:
            return ast.copy_location(self.new, node)
        return self.generic_visit(node)


def mutants(module):
    """Yield (line, what, source tree) for every change of a module."""
    text = (CORE / f"{module}.py").read_text(encoding="utf-8")
    whole = ast.parse(text)
    no_decisions = skipped(whole)
    for number, node in enumerate(ast.walk(whole)):
        choices = 0 if node in no_decisions else len(list(variants(node)))
        for choice in range(choices):
            tree = ast.parse(text)
            old = next(islice(ast.walk(tree), number, None))
            what, new = list(variants(old))[choice]
            changed = ast.fix_missing_locations(Replace(old, new).visit(tree))
            yield getattr(node, "lineno", 0), what, changed


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the changed tree as the module; also a plugin, to come before pytest's."""

    def __init__(self, name, tree, path):
        self.name, self.tree, self.path = name, tree, path
        self.used = False

    def pytest_configure(self, config):
        assert self.name not in sys.modules, "loaded too early"
        sys.meta_path.insert(0, self)

    def find_spec(self, fullname, path=None, target=None):
        if fullname == self.name:
            return importlib.machinery.ModuleSpec(fullname, self, origin=self.path)
        return None

    def exec_module(self, module):
        self.used = True
        module.__file__ = self.path
        exec(compile(self.tree, self.path, "exec"), module.__dict__)


def survives(module, tree, timeout):
    """Run the tests on a changed module in a process of their own."""
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setpgid(0, 0)
            null = os.open(os.devnull, os.O_RDWR)
            for handle in () if os.environ.get("MUTATE_SHOW") else (0, 1, 2):
                os.dup2(null, handle)
            path = str(CORE / f"{module}.py")
            loader = Loader(f"stravalib._core.{module}", tree, path)
            import pytest

            tests = [str(ROOT / "tests" / name) for name in TESTS[module]]
            tests = [name for name in tests if Path(name).exists()]
            status = pytest.main(
                [
                    *("-x", "-q", "-p", "no:cacheprovider", "--no-header"),
                    *("-p", "pytest_asyncio.plugin"),  # owns a setting of ours
                    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
                    *tests,
                ],
                plugins=[loader],
            )
            assert loader.used or status != 0, "the changed module was not loaded"
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(int(status != 0))
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    # A loop that never ends has been noticed.
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", default=",".join(TESTS))
    parser.add_argument("--every", type=int, default=1, help="take one in so many")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=60.0)
    options = parser.parse_args()
    os.chdir(ROOT)
    # Plugins take half of the time, and the tests of ``_core`` use none.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("hypothesis.stateful", "pytest", "pytest_asyncio.plugin", "requests"):
        importlib.import_module(name)  # once, before the forks
    from hypothesis import Phase, settings

    # The first failure is enough, and a second run finds what the first one found.
    settings.register_profile(
        "campaign", phases=(Phase.explicit, Phase.generate), derandomize=True
    )
    settings.load_profile("campaign")
    assert not any(name.startswith("stravalib._core") for name in sys.modules)
    killed = total = 0
    for module in options.modules.split(","):
        found = list(mutants(module))
        random.Random(1).shuffle(found)
        found = found[:: options.every]
        whole = ast.parse((CORE / f"{module}.py").read_text(encoding="utf-8"))
        gc.freeze()  # else every child looks through all the trees for garbage
        begin = time.monotonic()
        if not survives(module, whole, options.timeout):
            sys.exit(f"the tests of {module} fail without any change")
        usual = time.monotonic() - begin
        run = partial(survives, module, timeout=min(options.timeout, 5 + 2 * usual))
        alive = []
        with ThreadPoolExecutor(options.jobs) as pool:
            results = pool.map(run, [tree for _, _, tree in found])
            for (line, what, _), left in zip(found, results, strict=True):
                if left:
                    alive.append((line, what))
                    print(f"    alive: {module}.py:{line} {what}", file=sys.stderr)
        killed += len(found) - len(alive)
        total += len(found)
        share = 100 * (len(found) - len(alive)) / max(1, len(found))
        print(f"{module:8} {len(found) - len(alive)} of {len(found)} ({share:.0f} %)")
        for line, what in sorted(alive):
            print(f"    {module}.py:{line} {what}")
        sys.stdout.flush()
    print(f"killed {killed} of {total} ({100 * killed / max(1, total):.1f} %)")


if __name__ == "__main__":
    main()
