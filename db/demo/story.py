"""Plays the story: people move in, the host hangs up topics, then every word and every like at its own moment."""

from datetime import timedelta
from random import Random

from db import (
    aid_matches,
    comments,
    hosts,
    likes,
    members,
    mutual_aid,
    photos,
    picks,
    posts,
    releases,
    reviews,
    revisions,
    topics,
)
from db.demo import cuihu_early, cuihu_late, pictures, yangguangli
from db.demo.neighbors import FIRST_MISSION, HOSTS
from db.demo.topics import TOPICS
from db.posts import Post

LINES = {"cuihu": cuihu_early.LINES + cuihu_late.LINES, "yangguangli": yangguangli.LINES}


def play(stages):
    """Everything that happens in all 小区, in the order it happened; yields a few words after each step."""
    for stage in stages:
        stage.order_faces()
    lines = [(at, stage, number) for stage in stages for number, at in enumerate(stage.moments)]
    for _, stage, number in sorted(lines, key=lambda line: line[0]):
        stage.order_pictures(number)  # in the order they will be asked for: nobody waits long
    events = sorted((event for stage in stages for event in stage.events()), key=lambda event: event[0])
    for stage in stages:
        yield from stage.move_in()
        stage.announce()
    for at, do in events:
        yield from do(at) or ()


class Stage:
    """One 小区 while it is being played: its people, its topics and its posts so far."""

    def __init__(self, place, who, boss, days, easel, width):
        self.place, self.who, self.boss, self.days, self.easel, self.width = place, who, boss, days, easel, width
        self.lines, self.words = LINES[place.slug], days.words()
        self.members, self.topics, self.posts, self.said = {}, {}, {}, {}
        self.came = {person.name: person.came for person in who}
        self.shots = [pictures.shots(line.shots, seed) for seed, line in enumerate(self.lines, start=1)]
        self.promised = {}
        self.moments = [days.on(line.days, line.clock) if line.days else days.ago(int(line.clock)) for line in self.lines]

    @property
    def steps(self):
        return len(self.who) + len(self.lines) + sum(map(len, self.shots))

    @property
    def host(self):
        return self.members[self.who[0].name]

    def order_faces(self):
        self.faces = {
            person.name: self.easel.submit(pictures.paint_face, seed, *person.looks.split(), min(self.width, pictures.FACE))
            for seed, person in enumerate(self.who, start=1)
            if person.looks
        }

    def order_pictures(self, number):
        self.promised[number] = [self.easel.submit(pictures.paint, *shot, self.width) for shot in self.shots[number]]

    def move_in(self):
        """The host first, then everybody on the day they came; most have been met in person."""
        for person in self.who:
            at = self.days.on(person.came, "09:30")
            member = members.join(self.place, at, name=person.name, building=person.building, consent=True, source="qr")
            if not self.members:
                members.appoint(member, "host", self.boss, at, "走访后请 TA 做主理人")
            elif person.met:
                members.vouch(member, self.host, at + timedelta(hours=8), "在中心花园当面认识")
            if person.name in self.faces:
                photo = photos.keep(member, self.faces[person.name].result(), at)
                photos.use([photo], "public")
                members.show_face(member, photo.code)
            self.members[person.name] = members.of(member.user, self.place)
            yield f"{person.name} 搬进{self.place.name}"

    def announce(self):
        """The host says who she is, and hangs up the topics."""
        at = self.days.on(self.came[self.host.name], "20:00")
        card = HOSTS[self.place.slug]
        hosts.describe(self.host, at, **card | {"mission": FIRST_MISSION})
        hosts.describe(self.host, at + timedelta(days=30), **card)
        for topic in TOPICS[self.place.slug]:
            self.topics[topic.key] = topics.schedule(
                self.host,
                self.days.on(max(topic.opens, 0) + 1, "20:30"),
                prompt=topic.prompt,
                blurb=topic.blurb.format_map(self.words),
                opens_at=self.days.on(topic.opens, "08:00"),
                closes_at=self.days.opening if topic.closes is None else self.days.on(topic.closes, "22:00"),
            )

    def events(self):
        """(moment, what happens) for every post and all that follows from it."""
        for number, (line, at) in enumerate(zip(self.lines, self.moments, strict=True)):
            yield at, lambda at, number=number, line=line: self.write(number, line, at)
            after = list(self.aftermath(number, line))
            for moment, (_, do) in zip(self.days.spread(at, [minute for minute, _ in after]), after, strict=True):
                yield moment, do
            if line.pinned:
                yield self.days.ago(90), lambda at, number=number: self.pin(number, at)

    def aftermath(self, number, line):
        """(waking minutes after the post, what happens): the host's yes, comments, likes, and its fate."""
        chance = Random(f"{line.author} {line.body}")
        minute = 0
        if line.fate in {"approved", "returned"}:
            minute += chance.randrange(20, 90)
            yield minute, lambda at: self.review(number, line, at)
        fans = [name for name, came in self.came.items() if came > line.days and name != line.author]
        for name in chance.sample(fans, min(line.likes, len(fans))):
            yield minute + int(chance.expovariate(1 / 240)) + 2, lambda at, name=name: self.like(number, name, at)
        for word in line.talk:
            minute += chance.randrange(3, 70)
            yield minute, lambda at, word=word: self.answer(number, word, at)
        if line.help and line.help.helper:
            yield from self.helped(number, line, minute)
        minute += 2400 if line.fate == "withdrawn" else 60
        if line.fate == "withdrawn" or line.featured or (line.then and line.fate != "returned"):
            yield minute, lambda at: self.settle(number, line, at)
        if line.featured and number % 4:  # one in four has not answered yet
            yield minute + 50, lambda at: self.release(number, line, at)

    def write(self, number, line, at):
        author = self.members[line.author]
        codes = []
        for promise in self.promised[number]:
            codes.append(photos.keep(author, promise.result(), at).code)
            yield f"{author.name} 拍了一张照片"
        told = {
            "op_id": f"demo-{number}",
            "body": line.body.format_map(self.words),
            "photo_codes": codes,
            "consent": True,
            "visibility": "neighborhood" if line.only_here else "public",
        }
        if line.help:
            wanted = {"aid_kind": line.help.kind, "category": line.help.category, "title": line.help.title}
            self.posts[number] = mutual_aid.ask(author, at, when_text=line.help.when, building=author.building, **wanted, **told)
        else:
            topic = self.topics[line.topic] if line.topic else None
            title = line.title.format_map(self.words)
            self.posts[number] = posts.create(author, at, kind=line.kind, title=title, topic=topic, **told)
        yield f"{author.name} {posts.KINDS[line.kind]}"

    def fresh(self, number):
        return Post.get_by_id(self.posts[number].id)

    def review(self, number, line, at):
        if line.fate == "approved":
            reviews.approve(self.fresh(number), self.host, at)
        else:
            reviews.give_back(self.fresh(number), self.host, at, line.then)

    def like(self, number, name, at):
        likes.set_like(self.members[name], self.posts[number], True, at)

    def answer(self, number, word, at):
        said = comments.say(
            self.members[word.author],
            self.posts[number],
            at,
            body=word.body.format_map(self.words),
            op_id=f"demo-{number}-{len(self.said)}",
            answers=self.said[number, word.answers] if word.answers else None,
        )
        self.said[number, word.author] = said

    def helped(self, number, line, minute):
        """One comes, is chosen, both say it is done, and a word of thanks is said."""
        author, helper = line.author, line.help.helper
        thankful = author if line.help.kind == "ask" else helper

        def act(rule, name, *told):
            rule(mutual_aid.find(self.place, self.posts[number].id), self.members[name], *told)

        def choose(at):
            aid = mutual_aid.find(self.place, self.posts[number].id)
            aid_matches.accept(aid, mutual_aid.waiting(aid)[0], self.members[author], at)

        yield minute + 5, lambda at: act(aid_matches.offer, helper, at)
        yield minute + 15, choose
        yield minute + 120, lambda at: act(aid_matches.confirm, helper, at)
        yield minute + 130, lambda at: act(aid_matches.confirm, author, at)
        yield minute + 150, lambda at: act(aid_matches.thank, thankful, line.help.thanks, at)

    def pin(self, number, at):
        reviews.pin(self.fresh(number), self.host, at, "市集就在眼前，大家都要找它")

    def release(self, number, line, at):
        pick = picks.of("post", self.posts[number].id)
        releases.answer(pick, "given", at, ways=("article", "poster", "showcase"), credit=line.author)

    def settle(self, number, line, at):
        post = self.fresh(number)
        if line.fate == "withdrawn":
            posts.withdraw(post, self.members[line.author], at)
        elif line.featured:
            picks.pick("post", post, self.host, at, "看了心里一亮，想让更多人看到")
        else:
            revisions.edit(post, self.members[line.author], at, title=post.title, body=line.then.format_map(self.words))
