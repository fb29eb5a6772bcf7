"""The photos of a post that is there already: hung anew by its author, in another order, fewer or more."""

from db import photos
from db.base import Refused
from db.posts import MOST_PHOTOS, PostPhoto, photos_of, too_many_photos


def codes_of(post):
    """The codes of the photos that hang on this post, in their order."""
    return [photo.code for photo in photos_of([post.id]).get(post.id, ())]


def change(post, member, codes, now, *, consent, most=MOST_PHOTOS):
    """From now on the photos of these codes hang on the post, in this order: those that hang there and those of the member's
    tray; whatever else is named is left out. Those that go are forgotten for good. In the caller's transaction; returns
    whether anything changed. Refused: too many, or new ones without consent."""
    hung = {photo.code: photo for photo in photos_of([post.id]).get(post.id, ())}
    tray = {photo.code: photo for photo in photos.in_tray(member, [code for code in codes if code not in hung])}
    wanted = [code for code in dict.fromkeys(codes) if code in hung or code in tray]
    if wanted == list(hung):
        return False
    if len(wanted) > most:
        raise too_many_photos(most)
    if tray and not consent:
        raise Refused("consent-needed", "照片里如果有别人，请先征得同意，再勾选这里", field="consent")
    photos.use(list(tray.values()), post.visibility if post.published else "owner", now)
    PostPhoto.delete().where(PostPhoto.post == post.id).execute()
    for position, code in enumerate(wanted):
        PostPhoto.create(post=post, photo=(hung.get(code) or tray[code]), position=position)
    photos.drop([photo.id for code, photo in hung.items() if code not in wanted], used=True)
    return True
