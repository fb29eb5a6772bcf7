"""Text messages. So far there is only the console, which config.py refuses in production, and none at all."""

import sys


class ConsoleSms:
    """Prints to the terminal that runs the scheduler."""

    def __init__(self, out=sys.stdout):
        self.out = out

    def send(self, to, text):
        print(f"\n  [短信 → {to}] {text}\n", file=self.out, flush=True)


class NoSms:
    """For a house without text messages; db/doors.py asks for no code there, so this hears of none."""

    def send(self, to, text):
        raise OSError("LINLI_SMS=none: no text messages here")


PROVIDERS = {"console": ConsoleSms, "none": NoSms}


def provider(name):
    """The provider of this name; an unknown one stops the start with a sentence."""
    if name not in PROVIDERS:
        raise SystemExit(f"LINLI_SMS: {name!r} is not one of {', '.join(PROVIDERS)}")
    return PROVIDERS[name]()
