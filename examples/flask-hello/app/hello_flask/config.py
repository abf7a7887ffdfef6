"""The configuration: one TOML file, with a default for everything it may leave out."""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FILE = "/etc/hello-flask/hello.toml"


@dataclass(frozen=True)
class Settings:
    greeting: str = "Hello"
    accent: str = "#3867d6"
    interval: float = 5.0  # seconds between two ticks
    state_file: Path = Path("/var/lib/hello-flask/clock.json")


def load(file: str | None = None) -> Settings:
    """Reads `file`, else what HELLO_FLASK_CONFIG names, else the one under /etc."""
    path = Path(file or os.environ.get("HELLO_FLASK_CONFIG") or DEFAULT_FILE)
    with path.open("rb") as stream:
        table = tomllib.load(stream)
    page, ticking = table.get("page", {}), table.get("clock", {})
    accent = str(page.get("accent", Settings.accent))
    if not re.fullmatch(r"#[0-9a-fA-F]{3,8}", accent):
        raise ValueError(f"{path}: page.accent is {accent!r}, which is no #rrggbb colour")
    interval = float(ticking.get("interval", Settings.interval))
    if interval <= 0:
        raise ValueError(f"{path}: clock.interval is {interval}, which is not above zero")
    return Settings(
        greeting=str(page.get("greeting", Settings.greeting)),
        accent=accent,
        interval=interval,
        state_file=Path(ticking.get("state_file", Settings.state_file)),
    )
