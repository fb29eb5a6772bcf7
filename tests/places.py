"""A service and a need in every state in which something can be done with them, for the walker."""

from db import services
from db.needs import Need
from db.services import Service
from tests import make, probes


def rows(cast, now, secret):
    """{argument of an address, or state and noun: id}, fresh; what waits holds the secret that no stranger may read."""
    # A well filled form is nobody's twin.
    Service.update(state="hidden").where(Service.name == probes.GOOD["name"]).execute()
    shop, other_shop = (make.service(cast.li, now, make.secrets.token_hex(6)) for _ in range(2))
    services.hide(services.find(cast.cuihu, other_shop.id), cast.li, now, "收起来看看")
    need, into, answered, hidden, mended = (make.need(cast.zhao, now, make.secrets.token_hex(9), alike_ok=True) for _ in range(5))
    for each, state in ((answered, "answered"), (hidden, "hidden"), (mended, "returned")):
        Need.update(state=state, answered_url="/n/cuihu/").where(Need.id == each.id).execute()
    return {
        "service_id": shop.id, "hidden service": other_shop.id, "need_id": need.id, "into_id": into.id,
        "waiting service": make.service(cast.zhao, now, make.secrets.token_hex(6), note=secret).id,
        "waiting need": make.need(cast.wang, now, secret + make.secrets.token_hex(9), alike_ok=True).id,
        "answered need": answered.id, "hidden need": hidden.id, "returned need": mended.id,
    }  # fmt: skip


# Routes of those two that want their row in another state: {endpoint: (argument, key of the world)}
WANTS = {
    **{f"services.{act}": ("service_id", "waiting service") for act in ("approve", "give_back", "reject", "edit", "save")},
    **{f"needs.{act}": ("need_id", "waiting need") for act in ("approve", "give_back")},
    **{f"needs.{act}": ("need_id", "returned need") for act in ("edit", "save")},
    "services.restore": ("service_id", "hidden service"),
    "needs.reopen": ("need_id", "answered need"),
    "needs.restore": ("need_id", "hidden need"),
}
