"""The floors of the house: who may import whom, in the source and at run time, and what every file owes its reader."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "pddtui").rglob("*.py"))

_WORDS = {"errors", "message"}
_CORE = {"domain", *_WORDS}

FLOORS: dict[str, tuple[set[str], set[str]]] = {
    # floor: (what of ours it may import beside itself, what of others)
    "__init__": (set(), set()),
    "message": (set(), {"msgspec"}),
    "errors": ({"message"}, set()),
    "ownership": (_WORDS, set()),
    "durable": (_WORDS | {"ownership"}, set()),
    "assets": (set(), set()),
    "places": (_WORDS | {"durable"}, {"msgspec", "platformdirs"}),
    "settings": (_WORDS | {"assets", "durable", "places"}, {"msgspec", "yaml"}),
    "settings_file": (_WORDS | {"assets", "durable", "ownership", "places", "settings"}, {"msgspec", "yaml"}),
    "speech": (_WORDS | {"assets"}, set()),
    "domain": (_WORDS, {"msgspec", "pendulum"}),
    "handbook": (_CORE | {"assets", "durable"}, {"msgspec", "yaml"}),
    "store": (_CORE | {"durable", "ownership"}, {"msgspec", "tinydb"}),
    "services": (
        _CORE | {"handbook", "assets", "durable", "ownership", "places", "settings", "settings_file", "speech"},
        {"msgspec", "chinese_calendar", "icalendar", "jinja2", "pypinyin", "regex"},
    ),
    "ui": (
        _CORE | {"services", "handbook", "assets", "places", "settings", "settings_file", "speech"},
        {"msgspec", "rich", "textual"},
    ),
    "cli": (
        _CORE
        | {"__init__", "ui", "services", "handbook", "store", "assets", "durable", "ownership", "places", "settings"}
        | {"speech"},
        {"click", "msgspec"},
    ),
    "__main__": ({"cli"}, set()),
}
"""The law. Whoever needs an exception has a value on the wrong floor."""

ONE_MODULE_ONLY = {"chinese_calendar", "icalendar", "jinja2", "pendulum", "pypinyin", "regex", "yaml"}
"""Of a floor only one module may know these, and none may load them at import: they cost more than a start does."""

LONGEST = 600
SHORTEST = 40
MOST_IMPORTS = 1987
"""Pairs of modules of which one imports the other. Each is a place that a change can reach."""

SHORT: dict[str, str] = {
    "pddtui": "the version, which the build reads",
    "pddtui.__main__": "`python -m pddtui`",
    "pddtui.assets": "a leaf below everything that reads a shipped file",
}
"""Modules of fewer lines than a room deserves -> why they are one all the same. The door of a package is no room."""

SINGLE: dict[str, str] = {
    "pddtui.cli.paste": "the command of its name; what opens a case by a paste is read there too",
    "pddtui.domain.phrases.feast": "with its user it would be longer than a room may be",
    "pddtui.domain.replywords": "with its user it would be longer than a room may be",
    "pddtui.handbook.written": "with its user it would be longer than a room may be",
    "pddtui.services.pasting.blotting": "with its user it would be longer than a room may be",
    "pddtui.services.pasting.lines": "with its user it would be longer than a room may be",
    "pddtui.services.pasting.mails": "with its user it would be longer than a room may be",
    "pddtui.services.export.clocks": "with its user it would be longer than a room may be",
    "pddtui.store.folding": "with its user it would be longer than a room may be",
    "pddtui.store.mending": "with its user it would be longer than a room may be",
    "pddtui.ui.typeahead": "what comes before its window is there; its user is the application",
    "pddtui.ui.editor": "what another program does to a text; its user is the whole application",
    "pddtui.ui.keyboard": "what comes from the terminal; its user is how the terminal is taken and given back",
}
"""Modules that only one module of their own folder imports -> why they are not part of it."""

OPENED = "pddtui.ui.screens"
"""A folder whose modules may have one user: a screen is opened by one other, and found under its own name."""

SAME_NAME: dict[str, str] = {}
"""Public names that several modules define -> why all of them mean the same by it."""


def floor_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


def imported(tree: ast.AST) -> set[str]:
    """Every module a file imports, wherever in it: at the top, in a function, under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            base = node.module or ""
            found |= {name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names}
    return found


def imported_by(module: str) -> set[str]:
    return imported(ast.parse(MODULES[module].read_text(encoding="utf-8")))


PAIRS = {(module, used) for module in MODULES for used in imported_by(module) & MODULES.keys() if used != module}
"""Who imports whom, each pair once."""


def forbidden(module: str, imports: set[str]) -> list[str]:
    """What a module imports against the law."""
    floor = floor_of(module)
    ours, others = FLOORS[floor]
    wrong = []
    for name in sorted(imports):
        top = name.split(".")[0]
        if top == "pddtui":
            allowed = floor_of(name) in ours | {floor}
        else:
            allowed = top in sys.stdlib_module_names or top in others
        if not allowed:
            wrong.append(f"{module} imports {name}")
    return wrong


def test_no_floor_imports_what_is_not_below_it() -> None:
    assert [wrong for module in MODULES for wrong in forbidden(module, imported_by(module))] == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("pddtui.domain.case", "import textual", 1),
        ("pddtui.domain.case", "import textual.app as t, yaml", 2),
        ("pddtui.domain.case", "def f():\n    from pddtui.store import anything", 1),
        ("pddtui.ui.app", "if TYPE_CHECKING:\n    from pddtui.cli.main import main", 1),
        ("pddtui.ui.app", "import tinydb.table", 1),
        ("pddtui.errors", "from pddtui import assets", 1),
        (
            "pddtui.store.tiny",
            "import tinydb, json, msgspec\nfrom pddtui.domain import case\nfrom pddtui.store import x",
            0,
        ),
    ],
)
def test_the_check_sees_every_way_to_import(module: str, source: str, wrong: int) -> None:
    assert len(forbidden(module, imported(ast.parse(source)))) == wrong


def test_the_law_has_no_cycle_itself() -> None:
    TopologicalSorter({floor: ours for floor, (ours, _) in FLOORS.items()}).prepare()


def test_no_two_modules_import_each_other_round_about() -> None:
    graph = {module: {name for name in imported_by(module) if name in MODULES} - {module} for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"an import cycle: {' -> '.join(error.args[1])}")


ROOMS = ("pddtui.ui", "pddtui.ui.widgets", "pddtui.ui.sections", "pddtui.ui.forms", "pddtui.ui.screens")
"""The rooms of the desk, each of which may import those before it. The program stands above all of them."""


def room_of(module: str) -> int:
    if module == "pddtui.ui.app":
        return len(ROOMS)
    return max(place for place, room in enumerate(ROOMS) if f"{module}.".startswith(f"{room}."))


def test_no_room_of_the_desk_imports_one_above_it() -> None:
    ours = {module for module in MODULES if module.startswith("pddtui.ui.")}
    climbing = {(by, used) for by, used in PAIRS if by in ours and used in ours and room_of(used) > room_of(by)}
    assert climbing == set()


def test_a_dear_library_is_known_to_one_module_of_a_floor_and_loaded_late() -> None:
    known: dict[tuple[str, str], list[str]] = {}
    early = []
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in {name.split(".")[0] for name in imported(tree)} & ONE_MODULE_ONLY:
            known.setdefault((floor_of(module), name), []).append(module)
        at_import = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        early += [f"{module}: {name}" for name in imported(at_import) if name.split(".")[0] in ONE_MODULE_ONLY]
    assert early == []
    assert {key: modules for key, modules in known.items() if len(modules) > 1} == {}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("pddtui.cli.main", {"textual", "rich"}),
        ("pddtui.services.casebook", {"textual", "rich", "tinydb", "click", "yaml"}),
        ("pddtui.domain.case", {"textual", "tinydb", "yaml", "click", "platformdirs"}),
    ],
)
def test_importing_a_floor_does_not_load_what_is_above_it_or_what_is_dear(module: str, absent: set[str]) -> None:
    code = f"import sys, {module}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert absent & set(done.stdout.split()) == set()


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_every_module_states_its_contract(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"


def lines_of(module: str) -> int:
    return len(MODULES[module].read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_one_noun() -> None:
    assert {module: lines for module in MODULES if (lines := lines_of(module)) > LONGEST} == {}


def test_no_module_is_a_crumb() -> None:
    rooms = {module for module, path in MODULES.items() if path.name != "__init__.py" or module == "pddtui"}
    assert {module for module in rooms if lines_of(module) < SHORTEST} == SHORT.keys()


def test_a_module_with_one_user_in_its_own_folder_is_part_of_it() -> None:
    users: dict[str, set[str]] = {}
    for module, used in PAIRS:
        users.setdefault(used, set()).add(module)
    folder = {module: path.parent for module, path in MODULES.items()}
    single = {used for used, by in users.items() if len(by) == 1 and folder[used] == folder[min(by)]}
    assert {module for module in single if not module.startswith(f"{OPENED}.")} == SINGLE.keys()


def defined(tree: ast.AST) -> set[str]:
    """The public names that a file defines at its top, also under a condition. What it imports is defined elsewhere."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.stmt | ast.Tuple | ast.List | ast.Starred | ast.ExceptHandler):
            found |= defined(node)
    return {name for name in found if not name.startswith("_")}


def test_a_name_means_one_thing_in_the_whole_house() -> None:
    homes: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for name in defined(ast.parse(path.read_text(encoding="utf-8"))):
            homes.setdefault(name, []).append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1 and name not in SAME_NAME} == {}
    assert {name for name in SAME_NAME if len(homes.get(name, ())) < 2} == set(), "these need no reason any more"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class A:\n    B = 1\n    def c(self): d = 1", {"A"}),
        ("async def a(): ...\ndef b(c): d = 1", {"a", "b"}),
        ("A: int = 1\nB = C = 2\nD, (E, *F) = g", {"A", "B", "C", "D", "E", "F"}),
        ("if x:\n    A = 1\nelse:\n    B = 1\ntry:\n    C = 1\nexcept E:\n    D = 1", {"A", "B", "C", "D"}),
        ("from a import B\nimport c\n__all__ = ['B']\n_D = 1\nc.d = 2\nc[0] = [e for e in f]", set()),
    ],
)
def test_the_check_sees_every_way_to_define(source: str, names: set[str]) -> None:
    assert defined(ast.parse(source)) == names


def test_the_rooms_know_few_others() -> None:
    assert len(PAIRS) <= MOST_IMPORTS


def test_nothing_happens_at_import() -> None:
    calls = [
        f"{module}:{node.lineno}"
        for module in MODULES.keys() - {"pddtui.__main__"}
        for node in ast.parse(MODULES[module].read_text(encoding="utf-8")).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert calls == []


_TEXT = {".bash", ".cfg", ".css", ".json", ".md", ".po", ".py", ".svg", ".tcss", ".toml", ".txt", ".yaml", ".yml", ""}
_OURS = (".ci", "data", "pddtui", "styles", "tests")

# Written so that they do not find themselves.
_OF_A_MACHINE = re.compile(
    r"(?<![\w.:/-])/(?:root|work|opt|home/\w+|Users/\w+|tmp/bash)(?:/|\b)"  # a path of somebody's machine
    r"|(?:extra-)?index[-_]url\s*[=:]|--find[-]links|\bpypi\.[a-z]|files\.pythonhosted"  # where an index stands
)


def _committed() -> list[Path]:
    inside = [path for folder in _OURS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    top = [path for path in sorted(ROOT.iterdir()) if path.is_file() and path.name != ".git"]  # of a second work tree
    return [path for path in inside + top if path.suffix in _TEXT and "__pycache__" not in path.parts]


def test_no_text_names_a_place_of_one_machine() -> None:
    found = []
    for path in _committed():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := _OF_A_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert found == []


@pytest.mark.parametrize(
    "text", ["x = '/" + "home/ada/cases.json'", "/" + "root/x", "index" + "-url = x", "https://py" + "pi.org/simple"]
)
def test_such_a_place_would_be_found(text: str) -> None:
    assert _OF_A_MACHINE.search(text)
