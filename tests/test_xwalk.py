import pytest

from tests import probes
from tests.test_walker import *  # noqa


@pytest.fixture
def routes(app):
    return [r for r in probes.routes(app) if r.endpoint.split(".")[0] in ("points","point_rules","rings")]
