from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from pddtui.domain.case import Case, Demand, Order
from pddtui.domain.history import tree_of
from pddtui.errors import PddError
from pddtui.store import Surroundings
from pddtui.store.backups import surplus
from pddtui.store.codec import decode_case, document
from pddtui.store.disk import Disk
from pddtui.store.layout import SCHEMA, file_pieces, outline
from pddtui.store.opening import inert, parse_tables
from pddtui.store.tiny import STEPS
from tests.store.making import START, CountingDisk, HandClock, add, change, contact, make, session, titles


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


def test_at_rest_the_file_is_plain_tinydb_with_one_document_per_line(path: Path) -> None:
    store = session(path)
    made = [add(store, number, contacts=2) for number in range(3)]
    store.close()
    assert {item.name for item in path.parent.iterdir()} == {"cases.json", "cases.json.lock", "cases.json.bak"}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0].rstrip(",") + "}")["_meta"]["1"]["app"] == "pddtui"
    assert [line.split(":", 1)[0] for line in lines[2:5]] == ['"1"', '"2"', '"3"']
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert stock.table("cases").all() == [tree_of(case) for case in made]


def test_a_file_that_stock_tinydb_wrote_opens_and_goes_back(path: Path) -> None:
    with TinyDB(path, encoding="utf-8", indent=2, ensure_ascii=True) as stock:
        stock.table("cases").insert(tree_of(make(1, "PDD-2026-0001", title="退款 😀")))
    store = session(path)
    assert titles(store) == {"CASE00000001": "退款 😀"}
    add(store, 2)
    store.close()
    with TinyDB(path, encoding="utf-8") as stock:
        stock.table("cases").update({"title": "by stock"}, doc_ids=[2])
    assert titles(session(path)) == {"CASE00000001": "退款 😀", "CASE00000002": "by stock"}


def test_what_only_pythons_json_writes_is_read(path: Path) -> None:
    case = json.dumps({**tree_of(make(1, "PDD-2026-0001")), "title": "\udce4", "odd": float("nan")})
    path.write_text(f'{{"cases": {{"1": {case}}}}}', encoding="utf-8")
    assert titles(session(path)) == {"CASE00000001": "�"}


def test_the_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = tmp_path / "folder" / "cases.json"
        store = session(path)
        add(store, 1)
        add(store, 2)
        private = {item.name: item.stat().st_mode & 0o777 for item in [path.parent, *path.parent.iterdir()]}
        assert set(private.values()) == {0o700, 0o600}
        assert len(private) == 4
        store.close()
        assert path.with_name("cases.json.bak").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(old)


def test_a_mode_the_user_gave_is_kept_except_for_strangers(path: Path) -> None:
    store = session(path)
    add(store, 1)
    path.chmod(0o666)
    add(store, 2)
    store.storage.fold()
    assert path.stat().st_mode & 0o777 == 0o660


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "cases.json", tmp_path / "cases.json"
    real.parent.mkdir()
    link.symlink_to(real)
    store = session(link)
    add(store, 1)
    add(store, 2)
    store.close()
    assert link.is_symlink()
    assert sorted(item.name for item in real.parent.iterdir()) == ["cases.json", "cases.json.bak", "cases.json.lock"]
    assert len(session(real).cases()) == 2


def test_unknown_keys_survive_every_save_wherever_they_are(path: Path) -> None:
    store = session(path)
    add(store, 1, contacts=3)
    store.close()
    with TinyDB(path, encoding="utf-8") as stock:
        tree = stock.table("cases").get(doc_id=1)
        tree["mood"] = "tired"
        tree["order"]["coupon"] = {"code": "A1"}
        tree["contacts"][2]["emoji"] = "😀"
        tree["contacts"][2]["person"]["nickname"] = "小李"
        stock.table("cases").update(tree, doc_ids=[1])
        stock.table("_meta").update({"owner": "me"}, doc_ids=[1])
    store = session(path)
    change(store, 1, lambda case: msgspec.structs.replace(case, contacts=(contact(9), *case.contacts[1:][::-1])))
    store.close()
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        tree = stock.table("cases").get(doc_id=1)
        assert stock.table("_meta").get(doc_id=1)["owner"] == "me"
    assert (tree["mood"], tree["order"]["coupon"]) == ("tired", {"code": "A1"})
    assert [item.get("emoji") for item in tree["contacts"]] == [None, "😀", None]
    assert tree["contacts"][1]["person"]["nickname"] == "小李"


def test_a_milestone_that_was_taken_away_is_not_an_unknown_key() -> None:
    case = make(1, "PDD-2026-0001")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    stored = msgspec.json.encode(msgspec.structs.replace(case, milestones={"shipped": at, "signed": at}))
    raw = document(msgspec.structs.replace(case, milestones={"signed": at}), stored.replace(b'"tags"', b'"x":1,"tags"'))
    tree = msgspec.json.decode(raw)
    assert tree["x"] == 1
    assert tree["milestones"] == {"signed": "2026-01-01T00:00:00Z"}


text = st.text(st.characters(codec="utf-8"), max_size=40)


@given(title=text, note=text, cents=st.integers(0, 10**12), tags=st.lists(text, max_size=3).map(tuple))
def test_what_is_stored_is_what_is_read(title: str, note: str, cents: int, tags: tuple[str, ...]) -> None:
    case = make(1, "PDD-2026-0001", title=title, contacts=2)
    case = msgspec.structs.replace(
        case, description=note, order=Order(amount=Decimal(cents) / 100), demand=Demand(remedy=note), tags=tags
    )
    assert decode_case(document(case, msgspec.json.encode(case))) == case


@pytest.mark.parametrize("text", ["NUL\0 in it", "a\nb\r\u2028c", "😀" * 3, "字" * 33_000, '"}},\n"2":{', "\x1b[31m"])
def test_awkward_text_is_saved_whole(path: Path, text: str) -> None:
    store = session(path)
    add(store, 1, title=text)
    change(store, 1, lambda case: msgspec.structs.replace(case, description=text))
    assert session(path).cases()["CASE00000001"].description == text
    store.close()
    assert session(path).cases()["CASE00000001"].title == text


def test_half_a_character_is_refused_and_nothing_is_half_saved(path: Path) -> None:
    store = session(path)
    add(store, 1)

    def save_one_good_and_one_bad() -> None:
        with store.transaction() as box:
            box.put(make(1, "PDD-2026-0001", revision=2, title="fine"))
            box.put(make(2, box.next_ref(2026), title="broken \ud83d"))

    with pytest.raises(PddError, match="half a character"):
        save_one_good_and_one_bad()
    assert titles(store) == titles(session(path)) == {"CASE00000001": "商家拒绝退款 1"}


def test_a_foreign_value_is_made_inert() -> None:
    assert inert({"a": [float("inf"), "x\udce4", 2**70], 7: (1,)}) == {"a": [None, "x�", 2**70], "7": [1]}


@given(
    st.dictionaries(
        st.sampled_from(["cases", "notes", "x"]),
        st.dictionaries(st.integers(1, 999).map(str), st.dictionaries(text, text, max_size=3), max_size=4),
        min_size=1,
    )
)
def test_the_layout_is_read_as_it_was_written_by_us_and_by_json(tables: dict[str, dict[str, dict[str, str]]]) -> None:
    encode = msgspec.json.encode
    mark = {"app": "pddtui"}
    meta: dict[str, object] = {"1": mark}
    raw = {name: {key: encode(item) for key, item in table.items()} for name, table in tables.items()}
    pieces = list(file_pieces(meta, ((name, table.items()) for name, table in raw.items())))
    content = b"".join(piece for piece, _ in pieces)
    assert json.loads(content) == {"_meta": meta, **tables}
    disk = _InMemory(content)
    read_meta, documents = outline(disk, 0, len(content))
    lines = [entry for entry, _ in documents]
    found: dict[str, dict[str, bytes]] = {}
    entries = list(lines)
    assert entries == [entry for _, entry in pieces if entry is not None]
    for entry in entries:
        found.setdefault(entry.table, {})[entry.key] = content[entry.offset : entry.offset + entry.length]
    assert read_meta == meta
    assert found == {name: table for name, table in raw.items() if table}
    assert parse_tables(content) == {"_meta": {"1": encode(mark)}, **raw}


class _InMemory(Disk):
    """A disk with one file, read seven bytes at a time so that every line crosses a border."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, fd: int, size: int, offset: int) -> bytes:  # noqa: ARG002 -- there is only one file
        return self.content[offset : offset + (size if offset == 0 else min(size, 7))]


def test_numbers_are_never_given_twice_not_even_after_erasing(path: Path) -> None:
    store = session(path)
    for number in (1, 2, 3):
        add(store, number)
    with store.transaction() as box:
        box.erase("CASE00000003")
    assert set(store.cases()) == {"CASE00000001", "CASE00000002"}
    store.close()
    again = session(path)
    assert add(again, 4).ref == "PDD-2026-0004"
    with TinyDB(path, access_mode="r") as stock:
        assert stock.table("cases").get(doc_id=3) is not None


def test_two_sessions_that_open_cases_together_get_distinct_numbers(path: Path) -> None:
    one, two = session(path), session(path)
    refs = [add(store, number).ref for number, store in enumerate([one, two, two, one, two])]
    assert refs == [f"PDD-2026-{number:04d}" for number in range(1, 6)]


def test_there_is_a_step_from_every_schema() -> None:
    assert len(STEPS) == SCHEMA


def test_backups_are_ten_minutes_apart_and_hard_links(path: Path) -> None:
    clock = HandClock()
    store = session(path, Surroundings(now=clock.now, tick=clock.tick))
    add(store, 1)
    replaced = []
    for _ in range(6):
        change(store, 1, lambda case: case)
        replaced.append(path.stat().st_ino)
        store.storage.fold()
        clock.seconds += 301
    kept = sorted(path.with_name("cases.json.bak").iterdir())
    assert [item.stat().st_ino for item in kept] == replaced[::2]


def test_backups_are_copied_where_there_are_no_hard_links(path: Path) -> None:
    class NoLinks(Disk):
        def link(self, source: Path, target: Path) -> None:  # noqa: ARG002 -- none can be linked
            raise PermissionError(1, "Operation not permitted")

    store = session(path, Surroundings(disk=NoLinks()))
    add(store, 1)
    text = path.read_bytes()
    add(store, 2)
    store.close()
    assert [kept.read_bytes() for kept in path.with_name("cases.json.bak").iterdir()] == [text]


def aged(path: Path, *hours: int) -> list[Path]:
    """Ordinary backups of a hundred bytes, made so many hours ago."""
    folder = path.with_name("cases.json.bak")
    folder.mkdir(exist_ok=True)
    made = []
    for ago in hours:
        made.append(folder / (START - timedelta(hours=ago)).strftime("%Y%m%dT%H%M%S.json"))
        made[-1].write_bytes(bytes(100))
    return made


def test_ordinary_backups_take_no_more_room_together_than_three_files_where_that_is_more_than_the_limit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pddtui.store.backups.ROOM", 0)
    clock = HandClock()
    store = session(path, Surroundings(now=clock.now, tick=clock.tick))
    add(store, 1)
    old = aged(path, 4, 3, 2, 1)
    for copy in old:
        copy.write_bytes(path.read_bytes())
    store.storage.reading.backups.rotate(clock.now())
    assert [copy.exists() for copy in old] == [False, False, True, True]
    assert len(list(path.with_name("cases.json.bak").iterdir())) == 3


def test_the_oldest_backups_make_room_for_a_fold_and_the_newest_never_does(path: Path) -> None:
    class Small(Disk):
        """Has room for as many backups as were dropped."""

        def space(self, folder: Path) -> int:
            return 1_000_000 if len(self.names(folder / "cases.json.bak")) <= self.most else 0

        most = 99

    disk, clock = Small(), HandClock()
    store = session(path, Surroundings(disk=disk, now=clock.now, tick=clock.tick))
    add(store, 1)
    old = aged(path, 4, 3, 2)
    disk.most = 2
    add(store, 2)
    store.storage.fold()
    assert [copy.exists() for copy in old] == [False, True, True]
    disk.most = 0
    clock.seconds += 60
    newest = max(path.with_name("cases.json.bak").iterdir())
    add(store, 3)
    store.storage.fold()
    assert [copy.exists() for copy in old] == [False, False, False]
    assert newest.exists()


@given(st.lists(st.integers(0, 60 * 24 * 40), unique=True, max_size=80))
def test_the_rotation_keeps_five_recent_seven_days_and_four_weeks(minutes: list[int]) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    found = sorted((now - timedelta(minutes=ago), Path(f"{ago}.json")) for ago in minutes)
    kept = [item for item in found if item[1] not in surplus(found, now)]
    assert found[-5:] == kept[-5:]
    assert len(kept) <= 5 + 8 + 5
    last_week = {when.date() for when, _ in found if now - when < timedelta(days=7)}
    assert last_week <= {when.date() for when, _ in kept}
    last_month = {when.isocalendar()[:2] for when, _ in found if now - when < timedelta(weeks=4)}
    assert last_month <= {when.isocalendar()[:2] for when, _ in kept}


def test_a_save_writes_at_most_four_times_its_document_whatever_the_size_of_the_file(path: Path) -> None:
    disk = CountingDisk()
    store = session(path, Surroundings(disk=disk))
    for number in range(60):
        add(store, number, contacts=10)
    store.storage.fold()
    disk.written.clear()
    disk.was_read.clear()
    case = change(store, 30, lambda case: msgspec.structs.replace(case, title="one more"))
    assert sum(disk.written.values()) <= 4 * len(msgspec.json.encode(case))
    assert set(disk.written) == {"cases.json.journal"}


def test_a_full_disk_refuses_the_save_with_numbers_and_a_failed_fold_is_only_a_warning(path: Path) -> None:
    class Full(Disk):
        full = ""

        def __init__(self) -> None:
            self.suffixes: dict[int, str] = {}

        def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
            fd = super().open(path, flags, mode)
            self.suffixes[fd] = path.suffix
            return fd

        def write(self, fd: int, chunk: bytes | memoryview) -> int:
            if self.full and self.suffixes[fd] == self.full:
                raise OSError(28, "No space left on device")
            return super().write(fd, chunk)

    disk, clock = Full(), HandClock()
    store = session(path, Surroundings(disk=disk, now=clock.now, tick=clock.tick))
    add(store, 1, title="before")
    add(store, 2, title="another")
    disk.full = ".journal"
    with pytest.raises(PddError, match=r"disk is full: .* needs .*, .* is free") as caught:
        change(store, 1, lambda case: msgspec.structs.replace(case, title="lost?"))
    assert caught.value.exit_code == 7
    assert titles(store) == titles(session(path)) == {"CASE00000001": "before", "CASE00000002": "another"}
    disk.full = ".tmp"
    # Another case, so that what was refused would be seen if it went along.
    change(store, 2, lambda case: msgspec.structs.replace(case, title="after"))
    clock.seconds += 1
    assert not store.tidy()
    assert "Your saves are safe" in str(store.warnings[0])
    clock.seconds += 30
    assert not store.tidy(), "not tried again at once"
    assert titles(session(path)) == {"CASE00000001": "before", "CASE00000002": "after"}
    disk.full = ""
    clock.seconds += 31
    assert store.tidy()
    assert store.warnings == ()
    assert titles(store) == titles(session(path)) == {"CASE00000001": "before", "CASE00000002": "after"}


def test_the_order_of_cases_is_the_order_in_which_they_were_opened(path: Path) -> None:
    store = session(path)
    for number in range(12):
        add(store, number)
    change(store, 3, lambda case: msgspec.structs.replace(case, title="changed"))
    store.close()
    assert list(session(path).cases()) == [f"CASE{number:08d}" for number in range(12)]


def test_what_is_handed_out_cannot_change_what_is_stored(path: Path) -> None:
    store = session(path)
    add(store, 1)
    add(store, 2)
    for case in store.cases().values():
        case.milestones["scribbled"] = case.opened_at
    with store.transaction() as box:
        scribbled = box.get("CASE00000001")
        assert scribbled is not None
        scribbled.steps["scribbled"] = scribbled.opened_at
    change(store, 2, lambda case: msgspec.structs.replace(case, title="saved", milestones={}))
    store.close()
    assert "scribbled" not in path.read_text(encoding="utf-8")


def test_a_case_is_what_the_store_gives_back(path: Path) -> None:
    store = session(path)
    made = add(store, 1, contacts=4)
    given_back = store.cases()[made.id]
    assert given_back == made
    assert isinstance(given_back, Case)
