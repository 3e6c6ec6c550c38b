"""Time of a frame on the map of themes with 20,000 points.

Run ``python -m bench.map_frames http://127.0.0.1:8000`` before a served demonstration whose
analysis has a map. The page is the real one; its points are replaced by 20,000 made by chance. The
map is dragged, then brought nearer and farther with the wheel, one step a frame; what is measured
is the time from one frame to the next, and the part of it that drawing takes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics

from playwright.sync_api import Page, Route, sync_playwright

PAGE = "/fr/staff/consultations/strategie-2021-2026/map"
N_POINTS = 20_000
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}
#: A drawing above this is not fluid on half of 60 frames a second.
LIMIT_MS = 16.7

WALK = """async () => {
  const canvas = document.getElementById('chart-c'), box = canvas.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const send = (type, more) => canvas.dispatchEvent(new PointerEvent(type,
    { pointerId: 1, pointerType: 'mouse', bubbles: true, isPrimary: true, ...more }));
  canvas.setPointerCapture = () => {};
  const frame = () => new Promise(requestAnimationFrame), gaps = [], draws = [];
  let last = await frame();
  const step = async () => {
    const now = await frame();
    gaps.push(now - last);
    last = now;
    draws.push(Number(canvas.dataset.ms));
  };
  send('pointerdown', { clientX: x, clientY: y });
  for (let i = 0; i < 120; i += 1) {
    send('pointermove', { clientX: x + 80 * Math.sin(i / 9), clientY: y + 60 * Math.cos(i / 7) });
    await step();
  }
  send('pointerup', { clientX: x, clientY: y });
  for (let i = 0; i < 120; i += 1) {
    canvas.dispatchEvent(new WheelEvent('wheel',
      { clientX: x, clientY: y, deltaY: i < 60 ? -40 : 40, bubbles: true, cancelable: true }));
    await step();
  }
  return { gaps, draws };
}"""


def points(theme_ids: list[int]) -> dict[str, object]:
    """Return points in clouds, one a theme, as the page's script reads them."""
    chance = random.Random(7)
    places = [(chance.randint(400, 3700), chance.randint(400, 3700)) for _ in theme_ids]
    of = [chance.randrange(len(theme_ids)) for _ in range(N_POINTS)]

    def near(middle: int) -> int:
        """Return a number about another."""
        return min(4095, max(0, round(chance.gauss(middle, 230))))

    sizes = [of.count(number) for number in range(len(theme_ids))]
    return {
        "ids": [1] * N_POINTS,
        "x": [near(places[number][0]) for number in of],
        "y": [near(places[number][1]) for number in of],
        "theme": [number + 1 for number in of],
        **{name: [0] * N_POINTS for name in ("region", "language", "actor_type", "state")},
        **{f"{name}_values": ["08"] for name in ("region", "language", "actor_type", "state")},
        "themes": [
            {"id": theme, "name": f"Thème {theme}", "n": sizes[number], "x": x, "y": y}
            for number, (theme, (x, y)) in enumerate(zip(theme_ids, places, strict=True))
        ],
    }


def measured(page: Page, root: str) -> dict[str, list[float]]:
    """Open the map with the points replaced, walk over it, return what each frame took."""
    page.goto(root + PAGE)
    themes = [
        int(row.get_attribute("data-theme") or 0) for row in page.locator("[data-theme]").all()
    ]
    content = json.dumps(points([theme for theme in themes if theme]))

    def answer(route: Route) -> None:
        """Give the points."""
        route.fulfill(content_type="application/json", body=content)

    page.route("**/map/points", answer)
    page.goto(root + PAGE)
    page.wait_for_selector("#chart[data-ready]")
    page.wait_for_timeout(800)
    found: dict[str, list[float]] = page.evaluate(WALK)
    return found


def main() -> int:
    """Measure a desk and a phone; 1 if drawing is not fluid."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("root", help="the demonstration's address")
    parser.add_argument("--email", default="admin@demo.example")
    parser.add_argument("--password", default="tachawor-demo-2022")
    given = parser.parse_args()
    slow = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, size in SIZES.items():
            page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
            page.goto(f"{given.root}/fr/sign-in")
            page.fill("input[name=email]", given.email)
            page.fill("input[name=password]", given.password)
            page.click("main button.btn")
            page.wait_for_url("**/staff**")
            found = measured(page, given.root)
            draws = sorted(found["draws"])
            gaps = sorted(found["gaps"])
            worst = draws[int(0.95 * len(draws))]
            slow = slow or worst > LIMIT_MS
            print(
                f"{name:<6} {N_POINTS} points: drawing {statistics.median(draws):.1f} ms "
                f"(95 %: {worst:.1f}), frame to frame {statistics.median(gaps):.1f} ms "
                f"(95 %: {gaps[int(0.95 * len(gaps))]:.1f})"
            )
        browser.close()
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
