"""What is typed and not saved is found again, whole, and only by those who may go on with it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from pddtui.durable import write_whole
from pddtui.errors import CannotWrite
from pddtui.services.drafts import Drafts, DraftSubject, Edits, OpenForm
from tests.domain.build import SHANGHAI

CONTACT = DraftSubject(form="contact", case="01A")
TYPED = {"said": "第一行\n第二行", "name": "小A"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts"


@pytest.fixture
def drafts(folder: Path) -> Drafts:
    return Drafts(folder)


def left_behind(drafts: Drafts, subject: DraftSubject, values: dict[str, str], at: datetime) -> None:
    form = drafts.open(subject)
    form.keep(values, at)
    form.close()


def test_what_a_closed_form_left_is_offered_to_the_next_with_the_same_subject(drafts: Drafts, now: datetime) -> None:
    left_behind(drafts, CONTACT, TYPED, now)
    offered = drafts.open(CONTACT).offered()
    assert offered is not None
    assert (offered.values, offered.at, offered.subject) == (TYPED, now, CONTACT)


@pytest.mark.parametrize(
    "other",
    [
        DraftSubject(form="contact", case="01B"),
        DraftSubject(form="contact"),
        DraftSubject(form="follow_up", case="01A"),
        DraftSubject(form="contact", case="01A", thing="02A"),
    ],
)
def test_a_form_with_another_subject_is_not_offered_it(drafts: Drafts, now: datetime, other: DraftSubject) -> None:
    left_behind(drafts, CONTACT, TYPED, now)
    assert drafts.open(other).offered() is None


def test_what_a_living_form_holds_is_left_alone(drafts: Drafts, now: datetime) -> None:
    living = drafts.open(CONTACT)
    living.keep(TYPED, now)
    other = drafts.open(CONTACT)
    assert other.offered() is None
    assert drafts.pending() == []
    other.keep({"said": "mine"}, now)
    other.drop()
    living.close()
    assert [draft.values for draft in drafts.pending()] == [TYPED]


def test_a_killed_program_lets_go_of_its_draft(drafts: Drafts, folder: Path, now: datetime) -> None:
    program = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from pddtui.services.drafts import Drafts, DraftSubject\n"
        "form = Drafts(Path(sys.argv[1])).open(DraftSubject(form='contact', case='01A'))\n"
        "form.keep({'said': 'cut off'}, datetime.fromisoformat(sys.argv[2]))\n"
        "print('kept', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(folder), now.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        assert drafts.open(CONTACT).offered() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    offered = drafts.open(CONTACT).offered()
    assert offered is not None
    assert offered.values == {"said": "cut off"}


def test_the_newest_of_several_is_offered_and_all_are_pending(drafts: Drafts, now: datetime) -> None:
    for hours, text in ((1, "old"), (3, "new"), (2, "between")):
        left_behind(drafts, CONTACT, {"said": text}, now + timedelta(hours=hours))
    offered = drafts.open(CONTACT).offered()
    assert offered is not None
    assert offered.values == {"said": "new"}
    assert [draft.values["said"] for draft in drafts.pending()] == ["new", "between", "old"]


def test_a_draft_that_is_taken_belongs_to_the_form_that_took_it(drafts: Drafts, folder: Path, now: datetime) -> None:
    left_behind(drafts, CONTACT, TYPED, now)
    form = drafts.open(CONTACT)
    offered = form.offered()
    assert offered is not None
    form.take(offered)
    assert drafts.pending() == []
    form.close()
    assert [draft.values for draft in drafts.pending()] == [TYPED]
    assert len(list(folder.glob("*.json"))) == 1


def test_when_each_field_was_typed_is_kept_and_goes_on_with_the_draft(drafts: Drafts, now: datetime) -> None:
    edits = Edits(now)
    edits.stand({"said": "", "due": "", "at": ""}, now)
    later, next_day = now + timedelta(minutes=5), now + timedelta(days=1)
    edits.note("said", "first", now)
    edits.note("due", "明天", later)
    form = drafts.open(CONTACT)
    form.keep({"said": "first", "due": "明天", "at": ""}, edits.last, edits.moments)
    form.close()
    taking = drafts.open(CONTACT)
    offered = taking.offered()
    assert offered is not None
    taking.take(offered)
    taking.close()
    (kept,) = drafts.pending()
    taken = Edits(next_day)
    taken.restore(kept, SHANGHAI)
    taken.note("due", "明天", next_day)
    taken.note("said", "second", next_day)
    assert [taken.of(name) for name in ("said", "due", "at", "name")] == [next_day, later, now, now]
    assert (kept.at, taken.last) == (later, next_day)
    assert taken.of("due").tzinfo == SHANGHAI


def test_a_form_begins_with_its_first_edit_or_when_it_is_opened(now: datetime) -> None:
    typed = now + timedelta(minutes=5)
    for running, begun in ((False, typed), (True, now)):
        edits = Edits(now, running=running)
        edits.stand({"said": "", "channel": "chat"}, now)
        assert edits.moved_on(now + timedelta(days=1)) is True
        assert edits.moved_on(now + timedelta(days=1)) is False
        edits.note("channel", "chat", typed)
        edits.note("said", "x", typed)
        assert (edits.begun, edits.of("channel"), edits.of("said")) == (begun, begun, typed)
        edits.note("said", "", typed + timedelta(hours=1))
        assert edits.of("said") == begun


@pytest.mark.parametrize("end", ["drop", "discard"])
def test_nothing_stays_of_a_draft_that_is_saved_or_thrown_away(
    drafts: Drafts, folder: Path, now: datetime, end: str
) -> None:
    form = drafts.open(CONTACT)
    form.keep(TYPED, now)
    if end == "drop":
        form.drop()
        form.close()
    else:
        form.close()
        other = drafts.open(CONTACT)
        offered = other.offered()
        assert offered is not None
        other.discard(offered)
    assert list(folder.iterdir()) == []


def test_a_second_write_replaces_the_first(drafts: Drafts, now: datetime) -> None:
    form = drafts.open(CONTACT)
    form.keep({"said": "a" * 5000}, now)
    form.keep({"said": "b"}, now)
    form.close()
    assert [draft.values for draft in drafts.pending()] == [{"said": "b"}]


@pytest.mark.parametrize("content", [b"", b"{", b'{"values": {}}', b"\xff\xfe", b"null"])
def test_a_file_that_is_torn_or_not_ours_is_passed_over(
    drafts: Drafts, folder: Path, now: datetime, content: bytes
) -> None:
    left_behind(drafts, CONTACT, TYPED, now)
    next(folder.glob("*.json")).with_name(f"{CONTACT.name}.1-1.json").write_bytes(content)
    (folder / "note.json").write_bytes(content)
    offered = drafts.open(CONTACT).offered()
    assert offered is not None
    assert offered.values == TYPED
    assert len(drafts.pending()) == 1


def test_a_write_that_breaks_off_leaves_the_last_one(
    drafts: Drafts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = drafts.open(CONTACT)
    form.keep(TYPED, now)

    def fail(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(CannotWrite, match="the disk is full"):
            form.keep({"said": "lost"}, now)
    form.close()
    assert [draft.values for draft in drafts.pending()] == [TYPED]


def test_a_write_that_comes_late_does_not_undo_the_last_one(
    drafts: Drafts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = drafts.open(CONTACT)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(path: Path, content: bytes) -> None:
        begun.set()
        assert go_on.wait(10)
        write_whole(path, content)

    monkeypatch.setattr("pddtui.services.drafts.write_whole", slowly)
    writers = [threading.Thread(target=form.keep, args=({"said": "hal"}, now)) for _ in range(3)]
    last = threading.Thread(target=form.close, args=({"said": "half a sentence"}, now))
    for writer in (*writers, last):
        writer.start()
    assert begun.wait(10)
    go_on.set()
    for writer in (*writers, last):
        writer.join(10)
    (left,) = drafts.pending()
    assert left.values["said"] == "half a sentence"


def test_the_file_and_its_folder_belong_to_one_person(drafts: Drafts, folder: Path, now: datetime) -> None:
    left_behind(drafts, CONTACT, TYPED, now)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_an_id_from_elsewhere_is_never_a_path(drafts: Drafts, folder: Path, now: datetime) -> None:
    left_behind(drafts, DraftSubject(form="contact", case="../../x\x00/etc"), TYPED, now)
    assert len(list(folder.iterdir())) == len(list(folder.parent.rglob("*"))) - 1
    assert len(drafts.pending()) == 1


def test_a_one_time_password_is_not_kept_in_a_draft_either(drafts: Drafts, folder: Path, now: datetime) -> None:
    left_behind(drafts, CONTACT, {"said": "验证码：483921，订单 5512"}, now)
    assert drafts.pending()[0].values == {"said": "验证码：••••••，订单 5512"}
    assert all(b"483921" not in path.read_bytes() for path in folder.iterdir())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "state").write_text("in the way")
    form = Drafts(tmp_path / "state" / "drafts").open(CONTACT)
    assert form.offered() is None
    with pytest.raises(CannotWrite):
        form.keep(TYPED, now)
    form.close()


def test_nothing_is_written_before_something_is_kept(folder: Path) -> None:
    form = OpenForm(folder, CONTACT, "1")
    form.offered()
    form.drop()
    form.close()
    assert not folder.exists()


def test_a_new_case_that_was_half_typed_is_offered_in_its_own_data_file_only(drafts: Drafts, now: datetime) -> None:
    here, there = DraftSubject(form="case", file="/here.json"), DraftSubject(form="case", file="/there.json")
    left_behind(drafts, here, {"title": "mine"}, now)
    assert drafts.open(there).offered() is None
    offered = drafts.open(here).offered()
    assert offered is not None
    assert (offered.values, offered.subject) == ({"title": "mine"}, here)


def test_a_draft_from_when_none_said_its_data_file_is_still_offered_and_goes_on_as_one_that_does(
    drafts: Drafts, folder: Path, now: datetime
) -> None:
    old = DraftSubject(form="case")
    left_behind(drafts, old, {"title": "from before"}, now)
    (path,) = folder.glob("*.json")
    # As the versions before wrote it: named after three fields, and without the fourth.
    path.write_bytes(path.read_bytes().replace(b',"file":null', b""))
    named = sha256(b'{"form":"case","case":null,"thing":null}').hexdigest()[:20]
    assert path.name.startswith(named)
    form = drafts.open(DraftSubject(form="case", file="/here.json"))
    offered = form.offered()
    assert offered is not None
    assert offered.values == {"title": "from before"}
    form.take(offered)
    form.close()
    assert [draft.subject.file for draft in drafts.pending()] == ["/here.json"]
