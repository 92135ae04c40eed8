// What a reader sees first, and what holds of every kind of report.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { twelveStrategies } from "./fixtures.mjs";
import {
  clean,
  count,
  drawn,
  folder,
  launched,
  opened,
  program,
  programPage,
  root,
  tooWide,
  written,
} from "./page.mjs";

let browser;
const pages = {};
before(async () => {
  browser = await launched();
  const race = join(folder, "race.json");
  const scenario = "scenarios/stale-repopulate.json";
  const search = ["search", scenario, "--strategy", "cache-aside", "--save", race, "-q"];
  execFileSync(program, search, { cwd: root, stdio: "pipe" });
  const make = (name, ...options) => (pages[name] = programPage(name, ...options));
  const twice = ["--replicates", "2"];
  make("search", "search", scenario);
  make("fuzz", "fuzz", "scenarios/late-negative-entry.json", "--cases", "20");
  make("run", "run", "scenarios/avalanche-after-a-flush.json", ...twice);
  make("stampede", "compare", "scenarios/stampede-on-a-hot-key.json");
  make("flush", "compare", "scenarios/avalanche-after-a-flush.json", ...twice);
  make("lock", "compare", "scenarios/lock-holder-crash.json", ...twice);
  make("direct", "compare", "scenarios/not-worth-caching-cheap-query.json", ...twice);
  make("several", "compare", scenario, "scenarios/avalanche-after-a-flush.json", ...twice);
  const ttl = "/strategies/ttl 5s alone/expiry/ttl=1s..60s:log:4";
  make("sweep", "sweep", "scenarios/ttl-backstop.json", ...twice, "--sweep", ttl);
  make("replay", "replay", race);
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = {
  search: /^cacherace search scenario\.json .*--property no-stale-residue .*--seed 1 /s,
  fuzz: /^cacherace fuzz scenario\.json .*--cases 20 .*--seed 1 /s,
  run: /^cacherace run scenario\.json .*--replicates 2 .*--seed 1 /s,
  stampede: /^cacherace compare scenario\.json .*--replicates 5 .*--seed 1 /s,
  several: /^cacherace compare 1\.json 2\.json --replicates 2 --seed 1 /,
  sweep: /^cacherace sweep scenario\.json .*--sweep '\/strategies\/ttl 5s alone.*:log:4'.* --seed 1 /s,
  replay: /^cacherace replay race\.json --format html -o race\.html$/,
};

for (const [kind, command] of Object.entries(kinds))
  test(`${kind}: no error, no wider than the window, and the command that makes it again`, async () => {
    for (const width of [1280, 380]) {
      const opening = await opened(browser, pages[kind], { width });
      const { page } = opening;
      assert.ok((await tooWide(page)) <= 0, `${await tooWide(page)} px too wide at ${width}`);
      assert.match(await page.locator("footer .command code").textContent(), command);
      await page.setViewportSize({ width: width - 30, height: 700 });
      await drawn(page);
      await clean(opening, pages[kind]);
      await opening.close();
    }
  });

const answer = (page) => page.locator("section.card");

test("the card names what the result recommends, with three figures and what can go wrong", async () => {
  const opening = await opened(browser, pages.stampede, { width: 1280 });
  const { page } = opening;
  const { strategy, runner_up, says } = await page.evaluate(
    () => JSON.parse(document.getElementById("report-data").textContent).recommendation,
  );
  assert.equal(await answer(page).locator("h2").textContent(), strategy);
  assert.equal(await answer(page).locator(".lead").textContent(), says[0]);
  assert.equal(await answer(page).locator(".figures .value").count(), 3);
  assert.ok(
    (await answer(page).locator(".figures").textContent()).includes(`${runner_up}: `),
    "the figures name no runner-up",
  );
  assert.match(await answer(page).locator(".risk").textContent(), /^What can still go wrong: \S/);
  const top = (selector) =>
    page.locator(selector).first().evaluate((of) => of.getBoundingClientRect().top);
  assert.ok((await top("section.card")) < (await top("aside.notice")), "doubts above the answer");
  assert.ok((await top("aside.notice")) < (await top("#verdict")), "doubts below the table");
  assert.ok((await top("#verdict")) < 800, "the table begins below the first screen");
  await opening.close();
});

test("the card says not to cache where reading the row is recommended", async () => {
  const opening = await opened(browser, pages.direct);
  assert.match(await answer(opening.page).textContent(), /^Recommended: do not cache this/);
  assert.equal(await answer(opening.page).locator("h2").textContent(), "direct");
  await opening.close();
});

test("the card compares with the runner-up where the result names it", async () => {
  const result = twelveStrategies();
  result.recommendation.runner_up = "lease";
  const opening = await opened(browser, written("runner-up", result));
  assert.match(await answer(opening.page).textContent(), /Compared with “lease”, the runner-up/);
  await opening.close();
});

test("the card says that no strategy meets the goal, and what the closest one misses", async () => {
  const result = twelveStrategies();
  const [says, misses] = ["No strategy meets the goal (p99).", '"lease" comes closest.'];
  result.recommendation = { strategy: null, says: [says, misses], others: [] };
  const none = await opened(browser, written("none", result));
  assert.equal(await answer(none.page).locator("h2").textContent(), says);
  assert.match(await answer(none.page).textContent(), /"lease" comes closest/);
  await none.close();
  result.recommendation.closest = "lease";
  result.goal = [
    { strategy: "lease", name: "read_us_p99", wanted: "<= 5 ms", found: "13.2 ms", met: false, undecided: false },
  ];
  const closest = await opened(browser, written("closest", result));
  const text = await answer(closest.page).textContent();
  assert.match(text, /^No strategy meets the goal; this one comes closest/);
  assert.match(text, /It misses: read_us_p99 is 13\.2 ms, not <= 5 ms/);
  await closest.close();
});

test("the main table fits a desktop window; on a phone it scrolls by keyboard, with a shadow", async () => {
  const room = (page) =>
    page.locator(".scroll:has(> .sortable)").first().evaluate((of) => of.scrollWidth - of.clientWidth);
  for (const kind of ["stampede", "flush", "lock", "direct", "run", "several"]) {
    const wide = await opened(browser, pages[kind], { width: 1280 });
    assert.equal(await room(wide.page), 0, `the table of ${kind}`);
    await wide.close();
  }
  const phone = await opened(browser, pages.stampede, { width: 380 });
  const { page } = phone;
  assert.ok((await room(page)) > 0);
  const region = page.locator(".scroll:has(> .sortable)").first();
  assert.match(await region.evaluate((of) => getComputedStyle(of).backgroundImage), /gradient/);
  await region.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((of) => of.scrollLeft > 0, await region.elementHandle());
  await phone.close();
});

test("the bar of sections leads by keyboard to each, also within several scenarios", async () => {
  for (const [kind, hash] of [["stampede", "#cost"], ["several", "#scenario-2/cost"]]) {
    const opening = await opened(browser, pages[kind], { width: 380 });
    const { page } = opening;
    if (kind === "several") await page.getByRole("link", { name: "Avalanche" }).click();
    const h1 = await page.locator("h1").textContent();
    const bar = page.getByRole("navigation", { name: "Sections" });
    await bar.getByRole("link", { name: "Staleness and load" }).press("Enter");
    await page.waitForFunction(() => scrollY > 300);
    assert.equal(await page.evaluate(() => location.hash), hash);
    assert.equal(await page.locator("h1").textContent(), h1);
    const top = (of) => of.getBoundingClientRect().top;
    assert.ok(Math.abs(await bar.evaluate(top)) < 1, "the bar stays at the top");
    const heading = await page.locator("#cost").evaluate(top);
    assert.ok(heading > 20 && heading < 120, `the heading is at ${heading}`);
    await opening.close();
  }
});

// Of an axis: how far its ticks are apart, and the numbers there.
async function ticksOf(figure, axis) {
  const units = { µs: 1e-6, ms: 1e-3, s: 1, min: 60, k: 1e3 };
  return figure.locator(`g[aria-label="${axis}-axis tick label"] text`).evaluateAll(
    (all, units) =>
      all.map((text) => {
        const [number, unit] = text.textContent.split("\u00a0");
        const box = text.getBoundingClientRect();
        return {
          value: Number(number.replaceAll(",", "")) * (units[unit] ?? 1),
          at: box.left + box.width / 2,
        };
      }),
    units,
  );
}

test("the scatter's axis is linear over a small range and logarithmic over a large one", async () => {
  const small = await opened(browser, pages.flush);
  const close = await ticksOf(small.page.locator("figure").first(), "x");
  assert.equal(close[0].value, 0);
  const steps = close.slice(1).map((tick, i) => tick.value - close[i].value);
  assert.ok(close.length >= 3 && steps.every((s) => Math.abs(s - steps[0]) < 1e-9), `${steps}`);
  await small.close();
  const large = await opened(browser, pages.lock);
  const far = await ticksOf(large.page.locator("figure").first(), "x");
  const factors = far.slice(1).map((tick, i) => tick.value / far[i].value);
  assert.ok(far.length >= 3 && factors.every((f) => Math.abs(f - 10) < 1e-6), `${factors}`);
  await large.close();
});

test("a stampede's spike of queries in flight is a shape that can be seen", async () => {
  const opening = await opened(browser, pages.stampede, { width: 1280 });
  const { page } = opening;
  assert.equal(await page.getByLabel("Curve to show over time").inputValue(), "db_in_flight");
  const figure = page.getByRole("figure", { name: "Over time", exact: true });
  const spike = () =>
    figure.locator("g.band path").first().evaluate((path) => {
      const box = path.getBBox();
      const wide = Array.from({ length: Math.ceil(box.width) }, (_, i) => box.x + i).filter((x) =>
        path.isPointInFill(new DOMPoint(x, box.y + box.height / 2)),
      );
      return { height: box.height, width: wide.length };
    });
  const near = await spike();
  assert.ok(near.height > 25 && near.width > 12, JSON.stringify(near));
  await page.getByLabel("Part of the run to show").selectOption("the whole run");
  await drawn(page);
  assert.match(await figure.textContent(), /the whole run of 40\u00a0s/);
  await clean(opening, pages.stampede);
  await opening.close();
});

test("the p99 beside a curve's name is the one in the table", async () => {
  const opening = await opened(browser, pages.stampede);
  const { page } = opening;
  const heads = await page.$$eval(".sortable thead button", (all) => all.map((b) => b.textContent));
  const column = heads.indexOf("p99 read");
  const table = await page.$$eval(
    ".sortable tbody tr",
    (rows, n) => rows.map((row) => row.cells[n].firstChild.textContent),
    column,
  );
  const chips = await page
    .locator("figure", { hasText: "Share of reads above" })
    .last()
    .locator(".chip .value")
    .allTextContents();
  assert.deepEqual([...chips].sort(), [...table].sort());
  await opening.close();
});

test("a value is not shown finer than its confidence interval", async () => {
  const opening = await opened(browser, pages.stampede);
  const cells = await opening.page.$$eval(".sortable td.right:not(.none)", (all) =>
    all.map((cell) => [cell.firstChild.textContent, cell.querySelector(".below").textContent]),
  );
  const decimals = (text) => /\.(\d+)/.exec(text)?.[1].length ?? 0;
  const unit = (text) => text.split("\u00a0")[1] ?? "";
  const compared = cells.filter(([value, half]) => half.includes("±") && unit(value) === unit(half));
  assert.ok(compared.length > 10);
  for (const [value, half] of compared)
    assert.ok(decimals(value) <= decimals(half), `${value} ${half}`);
  await opening.close();
});

test("a sweep's axes keep to the data, and its setting is named from the specific on", async () => {
  const opening = await opened(browser, pages.sweep);
  const ratio = opening.page.locator("figure", { hasText: "Hit ratio" });
  const labels = await ratio.locator('g[aria-label="y-axis tick label"] text').allTextContents();
  assert.ok(labels.length >= 3 && !labels.includes("0\u00a0%"), labels.join());
  assert.match(await ratio.locator("svg").textContent(), /expiry\/ttl of “ttl 5s alone”/);
  await opening.close();
});

test("what is endless is worse than any figure, and is shown as such", async () => {
  const lock = await opened(browser, pages.lock, { width: 1280 });
  const result = await lock.page.evaluate(
    () => JSON.parse(document.getElementById("report-data").textContent),
  );
  await lock.close();
  assert.equal(result.recommendation.strategy, "swr");
  result.recommendation.runner_up = "lock 5s";
  const opening = await opened(browser, written("endless", result), { width: 1280 });
  const figures = await answer(opening.page).locator(".figures").textContent();
  assert.match(figures, /p99 read.*lock 5s: ∞ ✓ less/s);
  clean(opening);
  await opening.close();
});
