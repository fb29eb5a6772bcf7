"""Loaded by pytest.ini. With LINLI_REQUIRE=browser,postgresql (set by .ci/run) nothing passes by being skipped: a skipped test
fails the run, and so does a run without any browser test. That both databases had their turn is bin/test's own business."""

import os

import pytest

REQUIRED = [word for word in os.environ.get("LINLI_REQUIRE", "").split(",") if word]


def _missing(reporter):
    """Sentences about what was required and did not happen."""
    skipped = reporter.stats.get("skipped", [])
    if skipped:
        yield f"{len(skipped)} skipped, first {skipped[0].nodeid}"
    passed = [report.nodeid for report in reporter.stats.get("passed", []) if report.when == "call"]
    if "browser" in REQUIRED and not any(name.startswith("tests/browser/") for name in passed):
        yield "no browser test ran"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRED and session.exitstatus == 0 and any(_missing(reporter)):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if REQUIRED:
        for sentence in _missing(terminalreporter):
            terminalreporter.write_line(f"FAILED: {sentence} (LINLI_REQUIRE={','.join(REQUIRED)})", red=True)
