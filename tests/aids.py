"""互助 in every state in which 赵敏 may do something with it, for the walker."""

from datetime import timedelta

from db.mutual_aid import Aid, AidOffer
from tests import make


def rows(cast, now, secret):
    """{endpoint: {argument of its address: id}}, fresh; what is asked holds the secret that no stranger may read."""
    hers = make.aid(cast.li, now, body=secret)
    mine, matched, done = (make.aid(cast.zhao, now, body=secret) for _ in range(3))
    over = make.aid(cast.zhao, now - timedelta(days=5), body=secret, days=3)
    offer = AidOffer.create(aid=mine, helper=cast.chen, at=now)
    AidOffer.create(aid=hers, helper=cast.zhao, at=now)
    for aid, state in ((matched, "matched"), (done, "done")):
        AidOffer.create(aid=aid, helper=cast.chen, state="accepted", at=now)
        Aid.update(state=state).where(Aid.id == aid.id).execute()
    acts = {"accept": mine, "cancel": mine, "offer": hers, "back_out": hers, "renew": over, "thank": done}
    acts |= dict.fromkeys(("note", "done", "reopen"), matched)
    return {f"mutual_aid.{name}": {"post_id": aid.post_id, "offer_id": offer.id} for name, aid in acts.items()}
