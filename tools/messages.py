"""The message catalogues, without GNU gettext: extract, merge and compile with polib.

python tools/messages.py compile     .po → .mo where the .mo is older
python tools/messages.py extract     bring locale/vi up to date with the msgids of the code and the templates
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
SOURCES = ("site", "home", "news", "guides", "training_events", "search", "surveys", "templates")
SINGULAR = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")


class Message(NamedTuple):
    """A string to translate and where it stands; context and plural are empty where there are none."""

    msgid: str
    plural: str
    context: str
    place: str


def from_arguments(function: str, arguments: list[str], place: str) -> Message | None:
    """The message of one call, or None when it is no translation call with literal arguments."""
    if function in SINGULAR and len(arguments) >= 1:
        return Message(arguments[0], "", "", place)
    if function in PLURAL and len(arguments) >= 2:
        return Message(arguments[0], arguments[1], "", place)
    if function in CONTEXT and len(arguments) >= 2:
        return Message(arguments[1], "", arguments[0], place)
    if function in CONTEXT_PLURAL and len(arguments) >= 3:
        return Message(arguments[1], arguments[2], arguments[0], place)
    return None


def from_python(text: str, place: str) -> Iterator[Message]:
    """The messages of a Python module."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments: list[str] = []
        for argument in node.args:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                break
            arguments.append(argument.value)
        message = from_arguments(name, arguments, place)
        if message:
            yield message


def from_template(text: str, place: str) -> Iterator[Message]:
    """The messages of a Django template, by way of Django's own rewriting into gettext calls."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for function, literals in CALL.findall(templatize(text)):
        arguments = [ast.literal_eval(literal) for literal in re.findall(LITERAL, literals)]
        message = from_arguments(function, arguments, place)
        if message:
            yield message


def extract(root: Path = ROOT) -> list[Message]:
    """Every message of the program, in the order of the files; the demo's content is data, not program."""
    found: list[Message] = []
    for source in SOURCES:
        for file in sorted((root / source).rglob("*")):
            place = file.relative_to(root).as_posix()
            if "/migrations/" in place:
                continue
            if file.suffix == ".py":
                found += from_python(file.read_text(encoding="utf-8"), place)
            elif file.suffix in {".html", ".txt", ".xml"}:
                found += from_template(file.read_text(encoding="utf-8"), place)
    return [message for message in found if message.msgid]


def entry_for(message: Message, singular: str = "", plural: str = "") -> polib.POEntry:
    """A catalogue entry; plain words for an entry without plural."""
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: plural or singular}
    else:
        entry.msgstr = singular
    if "%(" in message.msgid or "%s" in message.msgid or "%%" in message.msgid:
        entry.flags.append("python-format")
    return entry


def merged(language: str) -> polib.POFile:
    """The catalogue of a language with its parts, if a room still keeps its own part."""
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgid, entry.msgctxt) for entry in catalogue if entry.msgstr or entry.msgstr_plural}
    for part in sorted((LOCALE / language / "parts").glob("*.po")):
        for entry in polib.pofile(str(part)):
            key = (entry.msgid, entry.msgctxt)
            if key not in known:
                known.add(key)
                catalogue.append(entry)
    return catalogue


def sources_of(language: str) -> list[Path]:
    """The .po files that make up a language."""
    return [LOCALE / language / "LC_MESSAGES" / "django.po", *(LOCALE / language / "parts").glob("*.po")]


def read(po: Path) -> polib.POFile:
    """A catalogue as it is compiled; djangojs.po (words for scripts of the admin) has no parts."""
    return merged(po.parent.parent.name) if po.stem == "django" else polib.pofile(str(po))


def compile_all() -> list[str]:
    """Write each .mo whose .po is newer; return the languages written."""
    written = []
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        language = po.parent.parent.name
        mo = po.with_suffix(".mo")
        newest = max(file.stat().st_mtime for file in (sources_of(language) if po.stem == "django" else [po]))
        if mo.exists() and mo.stat().st_mtime >= newest:
            continue
        unfinished = mo.with_suffix(f".{id(po)}.tmp")
        read(po).save_as_mofile(str(unfinished))
        unfinished.replace(mo)
        written.append(language)
    return written


def update(language: str = "vi") -> tuple[int, int]:
    """Bring a catalogue up to date: new msgids enter empty, old ones leave, parts are taken in.

    Returns (messages, of these untranslated).
    """
    old = merged(language)
    translations = {(entry.msgid, entry.msgctxt or ""): entry for entry in old}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = old.metadata
    entries: dict[tuple[str, str], polib.POEntry] = {}
    for message in extract():
        key = (message.msgid, message.context)
        if key not in entries:
            known = translations.get(key)
            singular = known.msgstr if known else ""
            plural = known.msgstr_plural.get(0, "") if known and known.msgstr_plural else ""
            entries[key] = entry_for(message, singular, plural)
        entry = entries[key]
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural, entry.msgstr = message.plural, {0: entry.msgstr}, ""
        if (message.place, "") not in entry.occurrences:
            entry.occurrences.append((message.place, ""))
    fresh.extend(entries[key] for key in sorted(entries))
    # Words that override a dependency's own translation stand in no source of ours: they are kept.
    overrides = [
        e for e in old if "override" in (e.comment or "") and (e.msgid, e.msgctxt or "") not in entries
    ]
    fresh.extend(overrides)
    fresh.save(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    return len(fresh), len(fresh.untranslated_entries())


def main(arguments: list[str]) -> None:
    """Run one of the two commands."""
    if arguments == ["compile"]:
        compile_all()
    elif arguments == ["extract"]:
        total, missing = update()
        compile_all()
        print(
            f"{total} messages, {missing} without a Vietnamese translation (locale/vi/LC_MESSAGES/django.po)."
        )
    else:
        sys.exit("Usage: python tools/messages.py compile|extract")


if __name__ == "__main__":
    main(sys.argv[1:])
