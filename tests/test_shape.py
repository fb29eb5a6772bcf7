"""The shape of the house (design.md §1): who may import whom, who reads the clock, what a template may say."""

import ast
import re
import sys
from pathlib import Path

import pytest

import db
from db import hosts, posts
from web import access

ROOT = Path(__file__).parent.parent
HTML = sorted((ROOT / "templates").rglob("*.html"))
OURS = ("db", "web", "blueprints", "providers")
LIBRARIES_OF_DB = {
    "peewee",
    "playhouse",
    "PIL",
    "pillow_heif",
    "cryptography",
    "werkzeug",
    "opencc",
    "ahocorasick_rs",
    "itsdangerous",
}
LIBRARIES_OF_JOBS = {"db", "providers", "apscheduler", "click"}

# Who may do what others may not, each with its reason.
READS_ENVIRONMENT = {
    "config.py",
    "cli.py",  # `prepare` tells what this machine suits, before there are settings
}
KNOWS_PEEWEE = {"web/errors.py"}  # IntegrityError and OperationalError become pages
READS_CLOCK = set()  # in db/: nobody
BOUND_TO_CLOCK = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\b|CURRENT_TIMESTAMP|\bNOW\(\)")


def python(*places):
    """The Python files of these folders and of these files, without migrations, which are frozen."""
    for place in places:
        here = ROOT / place
        for path in [here] if here.is_file() else sorted(here.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name(path):
    return path.relative_to(ROOT).as_posix()


def lines(path, pattern):
    """`file:line: text` for every line on which the pattern is found."""
    found = enumerate(path.read_text().splitlines(), 1)
    return [f"{name(path)}:{number}: {text.strip()[:90]}" for number, text in found if re.search(pattern, text)]


def everywhere(paths, pattern):
    return [found for path in paths for found in lines(path, pattern)]


def imports(path):
    """The dotted names a file imports: `from db import posts` is db.posts, and dots in front are resolved."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            ground = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*ground, *filter(None, [node.module])])
            yield from ((f"{module}.{alias.name}" for alias in node.names) if module in OURS else [module])


def modules_of(path):
    return {found.split(".")[0] for found in imports(path)}


def test_db_imports_the_ground_and_earlier_modules_only():
    allowed = set(sys.stdlib_module_names) | LIBRARIES_OF_DB | {"db"}
    wrong = [(name(path), modules_of(path) - allowed) for path in python("db") if modules_of(path) - allowed]
    for path in python("db"):
        here = path.relative_to(ROOT / "db").parts[0].removesuffix(".py")
        if here == "__init__":
            continue
        for found in imports(path):
            parts = found.split(".")
            if parts[0] == "db" and len(parts) > 1 and parts[1] != here:
                wrong += [(name(path), found)] if db.ORDER.index(parts[1]) > db.ORDER.index(here) else []
    assert wrong == []


def test_every_module_of_db_stands_in_order():
    there = {path.stem for path in (ROOT / "db").glob("*.py")} | {
        path.parent.name for path in (ROOT / "db").glob("*/__init__.py")
    }
    assert sorted(there - {"__init__", "migrations"}) == sorted(db.ORDER)


def test_db_is_told_the_time():
    assert everywhere((path for path in python("db") if name(path) not in READS_CLOCK), BOUND_TO_CLOCK) == []


def test_blueprints_import_no_peewee_and_no_blueprint():
    for path in python("blueprints"):
        assert not modules_of(path) & {"peewee", "playhouse", "blueprints", "providers", "jobs", "cli"}, name(path)


def test_web_stands_below_the_blueprints():
    for path in python("web"):
        assert not modules_of(path) & {"blueprints", "providers", "jobs", "cli", "playhouse"}, name(path)
        assert name(path) in KNOWS_PEEWEE or "peewee" not in modules_of(path), name(path)


def test_jobs_and_providers_know_no_page():
    assert modules_of(ROOT / "jobs.py") <= set(sys.stdlib_module_names) | LIBRARIES_OF_JOBS
    for path in python("providers"):
        assert not modules_of(path) & {"db", "web", "blueprints", "flask", "peewee"}, name(path)


def test_nobody_imports_the_app():
    for path in python(*OURS, "app.py", "jobs.py", "cli.py", "config.py"):
        assert "app" not in modules_of(path), name(path)


def test_queries_live_in_db():
    words = r"\.(select|where|execute|execute_sql|join_from|prefetch)\("
    assert everywhere([*python("blueprints", "web"), *HTML], words) == []


def test_the_environment_is_read_in_one_place():
    found = [path for path in python(*OURS, "app.py", "jobs.py", "cli.py", "config.py") if lines(path, r"os\.environ|getenv")]
    assert {name(path) for path in found} <= READS_ENVIRONMENT


def test_every_view_says_who_may_come(app):
    for endpoint, view in app.view_functions.items():
        assert getattr(view, "policy", None) in access.POLICIES, endpoint


def test_no_view_both_shows_and_acts(app):
    acts = {}
    for rule in app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
        acts.setdefault(app.view_functions[rule.endpoint], set()).update(rule.methods & {"GET", "POST"})
    assert [view for view, methods in acts.items() if len(methods) != 1] == []


def test_every_address_of_a_place_is_scoped(app):
    """Under /n/ stands a slug, found or refused before the view runs; and a right in a 小区 is asked nowhere else."""
    for rule in app.url_map.iter_rules():
        assert rule.rule.startswith("/n/<slug:slug>/") == ("slug" in rule.arguments), rule
        assert app.view_functions[rule.endpoint].policy not in {"resident", "host"} or "slug" in rule.arguments, rule


def test_no_file_grows_beyond_its_noun():
    many = [(name(path), len(path.read_text().splitlines())) for path in python(*OURS, "tests", "app.py", "jobs.py", "cli.py")]
    assert [found for found in many if found[1] > 400] == []
    assert [name(path) for path in HTML if len(path.read_text().splitlines()) > 120] == []


def test_words_of_a_form_are_read_where_the_walker_sees_them():
    """tests/probes.py finds the fields of a view by these spellings; an index would also be a 400 where it is missing."""
    seen = r'request\.(?:form|args|values|files)(?!\.get(?:list)?\(["\w])'
    otherwise = r'" in request\.form|request\.files\["file"\]\.filename'
    assert [found for found in everywhere(python("blueprints", "web"), seen) if not re.search(otherwise, found)] == []


def test_nothing_is_left_for_later():
    """What is not done stands in an issue, where somebody looks."""
    own = [path for folder in ("static/js", "static/css") for path in (ROOT / folder).rglob("*.*")]
    paths = [*python(*OURS, "tests", "bench", "app.py", "jobs.py", "cli.py", "config.py"), *HTML, *own]
    assert everywhere(paths, r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b") == []


def test_every_template_says_first_what_it_needs():
    assert [name(path) for path in HTML if not path.read_text().startswith("{# needs")] == []


def test_only_render_makes_markup():
    outside = [path for path in python(*OURS) if name(path) != "web/render.py"]
    assert everywhere(outside, r"\bMarkup\(|import.*\bMarkup\b") == []
    assert everywhere(HTML, r"\|\s*safe\b|autoescape") == []


@pytest.mark.parametrize(
    "forbidden",
    [
        r"<script(?![^>]*\bsrc=)",
        r"<style\b",
        r"\sstyle\s*=",
        r"<[^>]*\son[a-z]+\s*=",
        r"\bhx-on\b",
        r"\bhx-boost\b",
        r"javascript:",
        r"hx-vals=[\"']js:",
    ],
)
def test_templates_hold_no_code(forbidden):
    assert everywhere(HTML, forbidden) == []


def test_every_form_that_acts_carries_a_token():
    bare = []
    for path in HTML:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S | re.I):
            if re.search(r'method="post"', form, re.I) and not re.search(r"\btoken\(\)|csrf_token|\bcsrf_field\(", form):
                bare.append((name(path), form[:80]))
    assert bare == []


def test_the_word_of_the_old_trade_appears_nowhere():
    written = [path for folder in ("static/js", "static/css") for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    found = everywhere([*HTML, *written, *python("blueprints", "web", "db")], "团长")
    assert [line for line in found if not line.startswith("db/hosts.py:")] == []
    assert "团长" in hosts.FORBIDDEN_IN_TITLE


def test_nothing_of_ours_presses_anybody():
    assert everywhere([*HTML, *python("db/demo")], posts.PRESSURE) == []


def test_every_public_function_of_db_says_what_it_decides():
    silent = []
    for path in python("db"):
        tree = ast.parse(path.read_text())
        silent += [] if ast.get_docstring(tree) else [name(path)]
        if "demo" in path.parts:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name(path)}:{node.lineno} {node.name}")
    assert silent == []
