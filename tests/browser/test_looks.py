"""Every main page in every look, by day and in the dark: axe finds nothing, fingers find every control, nothing sticks out."""

import os
from pathlib import Path

import pytest

from tests.browser import pages

pytestmark = pytest.mark.looks

ROOT = Path(__file__).parent.parent.parent
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "ordinary": {},
    "elder": {"look": "elder"},
}
# What may be another in the dark: colours, and nothing else. The server sends the same page.
COLOURS = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]

AXE = """async ([type, values, enhanced]) => {
  const rules = {"color-contrast-enhanced": {enabled: enhanced}};
  const found = await axe.run(document, {runOnly: {type, values}, rules, resultTypes: ["violations"]});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(" ")} ${node.any.map(each => each.message).join(" ").slice(0, 160)}`));
}"""

SIZES = """least => {
  const told = [];
  for (let control of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary, label.tick")) {
    if (control.matches("[type=checkbox], [type=radio]")) control = control.closest("label");
    if (!control.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (control.matches(".skip, .unseen")) continue;
    if (document.querySelector("dialog[open]") && !control.closest("dialog")) continue;
    const box = control.getBoundingClientRect();
    const around = control.closest("p, li, .said");
    const words = element => element.textContent.replace(/\\s/g, "").length;
    const inline = getComputedStyle(control).display === "inline" && around && words(around) > words(control) + 3;
    if (!inline && (box.width < least - 0.5 || box.height < least - 0.5))
      told.push(`${Math.round(box.width)}×${Math.round(box.height)} ${control.outerHTML.slice(0, 110)}`);
  }
  return told;
}"""

SIDEWAYS = """([wide, times]) => {  // a phone's innerWidth grows with what sticks out
  const root = document.documentElement;
  root.style.fontSize = "";
  if (times !== 1) root.style.fontSize = parseFloat(getComputedStyle(root).fontSize) * times + "px";
  const told = [];
  if (root.scrollWidth > wide) told.push(`page is ${root.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const out = box.width && (box.right > wide + 1 || box.left < -1);
    const spills = element.scrollWidth > element.clientWidth + 1 && element.clientWidth;
    if (!out && !spills) continue;
    if (!element.checkVisibility({visibilityProperty: true}) || element.closest(".skip, .unseen, .tabs, svg, .file")) continue;
    if (out) told.push(`sticks out: ${element.outerHTML.slice(0, 90)}`);
    const style = getComputedStyle(element);
    if (spills && style.display !== "inline" && style.overflowX === "visible" && !element.querySelector(".unseen"))
      told.push(`spills ${element.scrollWidth - element.clientWidth}: ${element.outerHTML.slice(0, 90)}`);
  }
  root.style.fontSize = "";
  return told.slice(0, 6);
}"""


def axe_source():
    """axe-core as npm installed it (bin/setup), or from NODE_PATH."""
    for folder in (ROOT / "node_modules", *map(Path, os.environ.get("NODE_PATH", "").split(":"))):
        if (folder / "axe-core/axe.min.js").is_file():
            return (folder / "axe-core/axe.min.js").read_text()
    return pytest.fail("axe-core is missing: run bin/setup (npm ci)")


def _narrow(page):
    for width, times in ((390, 1.4), (320, 1), (320, 1.4)):
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": 844})
        yield from (f"{width} px, {round(times * 100)} %: {each}" for each in page.evaluate(SIDEWAYS, [width, times]))
    page.set_viewport_size({"width": 390, "height": 844})


def _dark(page, elder):
    page.emulate_media(color_scheme="dark")
    yield from (f"in the dark, {each}" for each in page.evaluate(AXE, ["rule", COLOURS if elder else COLOURS[::2], elder]))
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("role", pages.ROLES)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_for_everyone(phone, watch, cast, lively, role, look):
    watch.allow(404, 403, 409, 410, 422)
    elder, told = "elder" in look, []
    page = phone(pages.person(cast, role), **LOOKS[look], reduced_motion="reduce", device_scale_factor=1)
    page.add_init_script(axe_source())
    for name, address, act in pages.ROLES[role](lively):
        pages.go(page, address, act)
        faults = page.evaluate(AXE, ["tag", TAGS, elder])
        faults += page.evaluate(SIZES, 60 if elder else 44)
        faults += _narrow(page)
        faults += _dark(page, elder)
        told += [f"{name}: {each}" for each in faults]
    assert not told, "\n" + "\n".join(told)
