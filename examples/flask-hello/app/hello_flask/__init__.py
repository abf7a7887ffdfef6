"""A page that greets, and a clock that ticks."""

import platform
import sys
from importlib.metadata import version

from flask import Flask, jsonify, render_template

from hello_flask import clock, config


def create_app() -> Flask:
    """The application; the configuration is read when a worker starts."""
    app = Flask(__name__)
    settings = config.load()
    installed = version("hello-flask")

    @app.get("/")
    def page() -> str:
        return render_template(
            "page.html",
            greeting=settings.greeting,
            accent=settings.accent,
            version=installed,
            tick=clock.last_tick(settings.state_file),
            prefix=sys.prefix,
            python=platform.python_version(),
        )

    @app.get("/health")
    def health():
        return jsonify(status="ok", version=installed)

    return app
