"""A contact for the address book of a phone: vCard 3.0, which every one of them reads (RFC 2426)."""


def _escaped(text):
    for mark in ("\\", ";", ",", "\n"):
        text = text.replace(mark, "\\n" if mark == "\n" else "\\" + mark)
    return text


def _folded(line):
    """Lines of 75 bytes at most, the next ones after a space, and never a letter cut in two."""
    out, width = "", 0
    for letter in line:
        wide = len(letter.encode())
        if width + wide > 75:
            out, width = out + "\r\n ", 1
        out, width = out + letter, width + wide
    return out


def of(*, name, title, place, note, url, phone):
    """The card as text; without a phone where there is none to give."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(name)};;;;",
        f"FN:{_escaped(f'{name} · {place}')}",
        f"ORG:{_escaped(f'{place}邻里客厅')}",
        f"TITLE:{_escaped(title)}",
        f"URL:{url}",
        f"NOTE:{_escaped(note)}" if note else "",
        f"TEL;TYPE=CELL:{phone}" if phone else "",
        "END:VCARD",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines if line)
