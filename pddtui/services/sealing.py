"""Seals: the heads of all histories at one moment, signed with the user's own SSH key, and held against the cases.

The hashes of a history have no secret in them, so that whoever can write the data file can write another history that
holds together. They cannot sign its heads. A seal is a text and a signature beside the data file, which OpenSSH makes
and checks; a copy that was sent to somebody proves as much as the key does.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import head_hashes, missing
from pddtui.durable import read_file, write_whole
from pddtui.errors import CannotWrite, NotFound, Refused, reason
from pddtui.message import Message, msg, plural
from pddtui.ownership import own_folder
from pddtui.places import private_folder
from pddtui.services.checkup import Checked

__all__ = ["Seal", "seal", "usual_keys", "verified"]

NAMESPACE = "pddtui"
"""What the signature is for, so that none that was made for anything else passes as one."""

_FIRST_LINE = "pddtui seal 1"
_KEYS = ("id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa")
_SECONDS = 20
"""After so long OpenSSH is taken to hang. Signing may wait for a passphrase, and has no such bound."""


class Seal(Struct, frozen=True, kw_only=True):
    """One text with the heads of every case."""

    file: Path
    at: datetime
    heads: Mapping[str, tuple[str, ...]]
    """By the id of the case."""
    refs: Mapping[str, str]
    """The number of each case then."""


def usual_keys(home: Path) -> tuple[Path, ...]:
    """The private keys that OpenSSH would use by itself; of one that only an agent has, the public half."""
    found = []
    for name in _KEYS:
        key, public = home / ".ssh" / name, home / ".ssh" / f"{name}.pub"
        found += [path for path in (key, public) if path.is_file()][:1]
    return tuple(found)


def seal(cases: Iterable[Case], folder: Path, key: Path, now: datetime) -> Seal:
    """Write the heads of the cases into `folder` and sign them with that key. OpenSSH asks for a passphrase itself.

    Raises `CannotWrite` with its words where it does not sign, `Refused` where it is not there.
    """
    at = now.astimezone(UTC).replace(microsecond=0)
    known = sorted(cases, key=lambda case: case.id)
    made = Seal(
        file=folder / f"{at:%Y%m%dT%H%M%SZ}.txt",
        at=at,
        heads={case.id: head_hashes(case.history) for case in known},
        refs={case.id: case.ref for case in known},
    )
    text = _written(made)
    signed = _keygen("sign", "-n", NAMESPACE, "-f", str(key), told=text)
    if signed.returncode:
        raise CannotWrite(msg("{key} did not sign ({reason}).", key=str(key), reason=_last_line(signed.stderr)))
    try:
        private_folder(own_folder(folder))
        write_whole(_signature_of(made.file), signed.stdout)
        write_whole(made.file, text)
    except OSError as error:
        raise CannotWrite(
            msg("{file} cannot be written ({reason}).", file=str(made.file), reason=reason(error))
        ) from error
    return made


def verified(folder: Path, keys: Sequence[Path], cases: Mapping[str, Case], erased: Container[str]) -> Checked:
    """Hold every seal in `folder` against its signature and against the cases that are here now.

    It counts only when one of `keys` made it: a private key stands for its public half beside it. Raises `Refused`
    where there is no key or no OpenSSH.
    """
    files = sorted(folder.glob("*.txt")) if folder.is_dir() and not folder.is_symlink() else []
    if not files and not any(folder.glob("*.sig")):
        return Checked(notes=(msg("Nothing is sealed yet: `pddtui seal` signs the state of every case."),))
    signers = _signers(keys)
    trouble: list[Message] = []
    whole: list[Seal] = []
    gone: dict[str, datetime] = {}
    for file in files:
        found = _read(file, signers)
        if isinstance(found, Message):
            trouble.append(found)
            continue
        whole.append(found)
        trouble += _held_against(found, cases, erased)
        gone.update((found.refs[case_id], found.at) for case_id in found.heads if case_id in erased)
    facts = []
    if whole:
        facts.append(
            plural(
                "{n} seal has a good signature; it is of {at}.",
                "{n} seals have a good signature, the latest of {at}.",
                len(whole),
                at=whole[-1].at,
            )
        )
    lost = [path.name for path in folder.glob("*.txt.sig") if not path.with_suffix("").exists()]
    trouble += (msg("The text of the seal {name} is gone; only its signature is left.", name=name) for name in lost)
    notes = (msg("{ref} was sealed on {at}, and erased for good since.", ref=ref, at=at) for ref, at in gone.items())
    return Checked(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts))


def _held_against(sealed: Seal, cases: Mapping[str, Case], erased: Container[str]) -> Iterator[Message]:
    for case_id, hashes in sealed.heads.items():
        case, ref = cases.get(case_id), sealed.refs[case_id]
        if case_id in erased:
            continue
        if case is None:
            yield msg(
                "{ref} was sealed on {at} and is no longer in the data file, although nobody erased it.",
                ref=ref,
                at=sealed.at,
            )
        elif missing(hashes, case.history):
            yield msg(
                "The history of {ref} was rewritten: what was sealed on {at} is not in it.", ref=case.ref, at=sealed.at
            )


def _written(made: Seal) -> bytes:
    lines = [_FIRST_LINE, made.at.isoformat()]
    lines += (" ".join((made.refs[case_id], case_id, *hashes)) for case_id, hashes in made.heads.items())
    return ("\n".join(lines) + "\n").encode()


def _read(file: Path, signers: str) -> Seal | Message:
    """The seal in that file, or what is wrong with it."""
    try:
        text, signature = read_file(file), read_file(_signature_of(file))
    except OSError as error:
        return msg("The seal {file} cannot be checked ({reason}).", file=str(file), reason=reason(error))
    if not _good(text, signature, signers):
        return msg(
            "The seal {file} has no good signature: it was altered, or signed with a key that was not given.",
            file=str(file),
        )
    with suppress(ValueError):
        first, at, *lines = text.decode().splitlines()
        entries = [line.split(" ") for line in lines]
        if first == _FIRST_LINE and all(len(entry) > 1 for entry in entries):
            return Seal(
                file=file,
                at=datetime.fromisoformat(at),
                heads={case_id: tuple(hashes) for _, case_id, *hashes in entries},
                refs={case_id: ref for ref, case_id, *_ in entries},
            )
    return msg("The seal {file} is none that this program knows: update it.", file=str(file))


def _good(text: bytes, signature: bytes, signers: str) -> bool:
    with TemporaryDirectory(prefix="pddtui-") as name:
        allowed, signed = Path(name) / "allowed_signers", Path(name) / "signature"
        allowed.write_text(signers, encoding="utf-8")
        signed.write_bytes(signature)
        checked = _keygen(
            "verify", "-n", NAMESPACE, "-I", NAMESPACE, "-f", str(allowed), "-s", str(signed), told=text,
            seconds=_SECONDS,
        )  # fmt: skip
    return not checked.returncode


def _signers(keys: Sequence[Path]) -> str:
    """The public halves of the keys, as OpenSSH wants to have them listed."""
    lines = []
    for key in keys:
        public = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
        with suppress(OSError, UnicodeDecodeError):
            lines.append(f"{NAMESPACE} {read_file(public, follow=True).decode().strip()}\n")
    if not lines:
        raise NotFound(msg("There is no public SSH key to check with: name one with --key."))
    return "".join(lines)


def _signature_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sig")


def _keygen(deed: str, *options: str, told: bytes, seconds: float | None = None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise Refused(msg("Sealing needs ssh-keygen, from OpenSSH 8.1 on, and it is not on this machine."))
    try:
        return subprocess.run(  # noqa: S603 -- a list of arguments, the program by its full path
            [program, "-Y", deed, *options], input=told, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(msg("ssh-keygen does not answer.")) from error


def _last_line(words: bytes) -> str:
    lines = words.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "–"
