"""Every setting, read once from the environment (prefix LINLI_) or from .env; nothing else reads os.environ."""

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv

load_dotenv(Path(__file__).parent / ".env")


class BadConfig(SystemExit):
    """A setting that would be dangerous to run with; the sentence tells what to set."""


@dataclass
class Config:
    production: bool = False
    demo: bool = False
    data_dir: Path = Path()
    database_url: str = ""
    secret_key: str = ""
    old_secret_keys: list[str] = field(default_factory=list)
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: list[str] = field(default_factory=list)
    limits: bool = True
    sms_provider: str = "console"
    mail_url: str = ""
    mail_from: str = ""
    posting_requires: str = "none"
    live_hosts: list[str] = field(default_factory=list)
    behind_tls: bool = False
    testing: bool = False

    @property
    def photo_dir(self):
        return self.data_dir / "photos"


def _flag(name, default="0"):
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def _words(name):
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _secret_key(data_dir, production):
    """A key is given in production; elsewhere one is made once and kept beside the data, readable by its owner alone."""
    given = os.environ.get("LINLI_SECRET_KEY", "")
    if given or production:
        if len(given) < 32:
            raise BadConfig("LINLI_SECRET_KEY: production needs at least 32 random characters (openssl rand -hex 32 makes them)")
        return given
    path = data_dir / "secret.key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def from_environment():
    """The settings of this process. Raises BadConfig with a sentence where production would be unsafe."""
    production = os.environ.get("LINLI_ENV", "development") == "production"
    names = _words("LINLI_TRUSTED_HOSTS")
    home = f"https://{names[0]}" if production and names else "http://127.0.0.1:8000"  # printed on posters
    default_dir = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "linli"
    data_dir = Path(os.environ.get("LINLI_DATA_DIR", default_dir)).expanduser().resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = Config(
        production=production,
        demo=_flag("LINLI_DEMO"),
        data_dir=data_dir,
        database_url=os.environ.get("DATABASE_URL", "") or f"sqlite:///{data_dir}/linli.db",
        secret_key=_secret_key(data_dir, production),
        old_secret_keys=_words("LINLI_OLD_SECRET_KEYS"),
        public_url=os.environ.get("LINLI_PUBLIC_URL", home).rstrip("/"),
        trusted_hosts=names,
        limits=_flag("LINLI_LIMITS", "1"),
        sms_provider=os.environ.get("LINLI_SMS", "console"),
        mail_url=os.environ.get("LINLI_MAIL_URL", ""),
        mail_from=os.environ.get("LINLI_MAIL_FROM", ""),
        posting_requires=os.environ.get("LINLI_POSTING_REQUIRES", "none"),
        live_hosts=_words("LINLI_LIVE_HOSTS"),
        behind_tls=_flag("LINLI_TLS", "1" if production else "0"),
    )
    if config.posting_requires not in {"none", "phone", "vouch"}:
        raise BadConfig("LINLI_POSTING_REQUIRES: one of none, phone, vouch")
    if not all(re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{2,5})?", name) for name in config.live_hosts):
        raise BadConfig("LINLI_LIVE_HOSTS: host names such as live.example.cn, separated by commas, whose streams pages may play")
    if config.sms_provider not in {"none", "console"}:
        raise BadConfig("LINLI_SMS: one of none, console")
    if config.mail_url and (urlsplit(config.mail_url).scheme not in {"smtp", "smtps"} or not urlsplit(config.mail_url).hostname):
        raise BadConfig("LINLI_MAIL_URL: smtp://user:password@host:587 or smtps://user:password@host:465")
    if config.mail_url and "@" not in config.mail_from:
        raise BadConfig("LINLI_MAIL_FROM: the address that letters come from, such as 邻里客厅 <no-reply@linli.example.cn>")
    if production and config.demo:
        raise BadConfig("LINLI_DEMO: the demo lets anyone sign in as anyone and never runs in production")
    if production and config.sms_provider == "console":
        raise BadConfig("LINLI_SMS: the console provider prints codes to the terminal, never in production; none goes without")
    if production and not config.trusted_hosts:
        raise BadConfig("LINLI_TRUSTED_HOSTS: production needs the host names it answers to, separated by commas")
    return config
