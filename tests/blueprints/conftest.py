"""The clock stands at noon of 春分 for every page test, and nothing is kept from the test before."""

import pytest
import time_machine

from web import kept


@pytest.fixture(autouse=True)
def a_fresh_noon(now):
    """Rows are numbered from 1 in every test, so cards and pages kept by number must go."""
    kept.forget()
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True):
        yield
