// The HTML report in a browser: pages of the program as it was built, and one large made-up result.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { twelveStrategies } from "./fixtures.mjs";
import { clean, count, folder, launched, opened, program, programPage, root, written } from "./page.mjs";

let browser;
let large;
before(async () => {
  browser = await launched();
  large = written("large", twelveStrategies());
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("every chart of a large report has its marks", async () => {
  const opening = await opened(browser, large);
  const { page } = opening;
  assert.equal(await count(page, "figure"), 5);
  assert.equal(await count(page, "figure svg g.point circle"), 12);
  assert.equal(await count(page, "figure svg .dot-label"), 12);
  assert.equal(
    await count(page, "figure svg g.band path"),
    24,
    "load and hit ratio, one band each",
  );
  assert.equal(await count(page, "figure svg g.curve path"), 24, "staleness and latency");
  assert.equal(await count(page, "figure svg .incident-label"), 3, "none near the highest peak");
  await page.getByLabel("Part of the run to show").selectOption("the whole run");
  assert.equal(await count(page, "figure svg .incident-label"), 6);
  assert.equal(await count(page, "figure svg g.limit line"), 12, "the alarm of each strategy");
  const unlabelled = await page.$$eval(
    "figure svg",
    (all) => all.filter((svg) => !svg.getAttribute("aria-label")).length,
  );
  assert.equal(unlabelled, 0);
  await clean(opening, large);
  await opening.close();
});

test("labels of one chart do not touch each other", async () => {
  const opening = await opened(browser, large);
  for (const selector of [".dot-label", ".curve-label.on", ".incident-label", ".strip-name"]) {
    const collisions = await opening.page.$$eval(
      "figure svg",
      (charts, what) =>
        charts.flatMap((chart) => {
          const boxes = [...chart.querySelectorAll(what)].map((label) => [
            label.textContent,
            label.getBoundingClientRect(),
          ]);
          return boxes.flatMap(([a, p], i) =>
            boxes
              .slice(i + 1)
              .filter(
                ([, q]) =>
                  Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 &&
                  Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3,
              )
              .map(([b]) => `${a} / ${b}`),
          );
        }),
      selector,
    );
    assert.deepEqual(collisions, [], selector);
  }
  await opening.close();
});

test("the table sorts by numbers, by verdict and back, and says so", async () => {
  const opening = await opened(browser, large);
  const { page } = opening;
  const column = (n) =>
    page.$$eval(
      ".sortable tbody tr",
      (rows, n) => rows.map((row) => row.cells[n].firstChild.textContent),
      n,
    );
  const heads = await page.$$eval(".sortable thead button", (all) =>
    all.map((head) => head.textContent),
  );
  const peak = heads.findIndex((head) => head.includes("peak DB"));
  const before = await column(peak);
  const press = (n) => page.locator(".sortable thead button").nth(n).press("Enter");
  await press(peak);
  const values = (await column(peak)).map((text) => Number(text.replaceAll(",", "")));
  assert.deepEqual(
    values,
    [...values].sort((a, b) => a - b),
  );
  assert.equal(await page.locator(".sortable th").nth(peak).getAttribute("aria-sort"), "ascending");
  await press(peak);
  assert.equal(
    await page.locator(".sortable th").nth(peak).getAttribute("aria-sort"),
    "descending",
  );
  await press(peak);
  assert.deepEqual(await column(peak), before);
  await press(heads.findIndex((head) => head.includes("residue")));
  const words = await page.$$eval(".sortable tbody .verdict", (all) =>
    all.map((each) => each.textContent).filter((text) => !text.includes("met")),
  );
  const order = ["✓ proven", "◐ clean so far", "○ vacuous", "✗ violated"];
  assert.deepEqual([...new Set(words)], order);
  await opening.close();
});

test("what cannot be told from the best is bold with it", async () => {
  const opening = await opened(browser, large);
  const bold = await opening.page.$$eval(".sortable tbody b", (all) =>
    all.map((best) => best.textContent),
  );
  assert.deepEqual(
    bold.filter((text) => text.endsWith("s")),
    ["9\u00a0ms", "0\u00a0s", "0\u00a0s", "0\u00a0s"],
  );
  assert.ok(bold.includes("97.33\u00a0%"));
  await opening.close();
});

test("a counterexample is stepped through with the keyboard", async () => {
  const opening = await opened(browser, large);
  const { page } = opening;
  const status = () => page.locator(".status").first().textContent();
  const cache = () => page.locator(".stand").first().textContent();
  assert.match(await status(), /^Step 5 of 5 \(decisive\)/);
  assert.match(await cache(), /user:7.*v1/);
  await page.locator(".lanes").first().locator("..").focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await status(), "Step 4 of 5: writer-1 cache.del user:7, no entry");
  assert.match(await cache(), /no entry/);
  await page.keyboard.press("Home");
  assert.match(await status(), /^Step 1 of 5/);
  await page.keyboard.press("ArrowLeft");
  assert.match(await status(), /^Step 1 of 5/);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  assert.match(await status(), /^Step 5 of 5/);
  await page.getByRole("button", { name: "Previous step" }).first().click();
  assert.match(await status(), /^Step 4 of 5/);
  assert.equal(await count(page, ".step.decisive .marker"), 1);
  await opening.close();
});

test("a strategy's curve comes forward when its name has the focus", async () => {
  const opening = await opened(browser, large);
  const figure = opening.page.locator("figure", { hasText: "Read latency" }).last();
  await figure.locator(".chip", { hasText: "xfetch" }).focus();
  assert.deepEqual(
    await figure
      .locator("g.curve.on")
      .evaluateAll((all) => all.map((line) => line.dataset.strategy)),
    ["xfetch"],
  );
  await opening.close();
});

test("dark follows the system, and the button switches", async () => {
  const opening = await opened(browser, large, { colorScheme: "dark" });
  const { page } = opening;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await background(), "rgb(13, 17, 23)");
  await page.getByRole("button", { name: "Switch to the light theme" }).click();
  assert.equal(await background(), "rgb(255, 255, 255)");
  await opening.close();
});

test("what a title holds never becomes part of the page", async () => {
  const opening = await opened(browser, large);
  const { page } = opening;
  assert.equal(await count(page, "img"), 0);
  const title = twelveStrategies().scenario.title;
  assert.equal(await page.locator("h1").textContent(), title);
  assert.equal(await page.title(), title);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'owned'";
    document.body.append(script);
  });
  assert.equal(await page.title(), title, "the policy refuses scripts that are not its own");
  await opening.close();
});

test("a page of twelve strategies and ten minutes is small and opens fast", async () => {
  const bytes = statSync(large).size;
  assert.ok(bytes < 3e6, `${bytes} bytes`);
  const opening = await opened(browser, large);
  const ms = await opening.page.evaluate(() => performance.now());
  console.log(
    `12 strategies, 10 minutes: ${(bytes / 1e6).toFixed(2)} MB, drawn after ${ms.toFixed(0)} ms`,
  );
  await opening.close();
});

test("without JavaScript the page names the Markdown report", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`file://${large}`);
  assert.match(await page.locator("noscript").textContent(), /--format markdown/);
  await context.close();
});

const shipped = [
  ["compare-stale-repopulate", "compare", "scenarios/stale-repopulate.json", "--replicates", "2"],
  ["compare-stampede", "compare", "scenarios/stampede-on-a-hot-key.json", "--replicates", "2"],
  ["search-worst-staleness", "search", "scenarios/worst-staleness.json", "--no-shrink"],
  ["search-fill-guards", "search", "scenarios/fill-guards.json"],
  ["run-flush", "run", "scenarios/avalanche-after-a-flush.json", "--replicates", "2"],
];

for (const [name, ...options] of shipped)
  test(`${name} is drawn without an error, wide and narrow`, async () => {
    const path = programPage(name, ...options);
    for (const width of [1180, 380])
      for (const colorScheme of width === 380 ? ["dark"] : ["light"]) {
        const opening = await opened(browser, path, { width, colorScheme });
        await clean(opening, path);
        const { page } = opening;
        assert.ok((await page.locator("h1").textContent()).length > 0);
        assert.equal(await count(page, "[role=alert]"), 0);
        assert.ok((await count(page, ".sortable tbody tr")) > 0);
        const drawn = await count(page, "figure svg");
        assert.equal(drawn, await count(page, "figure"), "figures without a chart");
        const empty = await page.$$eval(
          "figure svg, .stepper svg",
          (all) =>
            all.filter((svg) => svg.querySelectorAll("path, circle, line").length < 4).length,
        );
        assert.equal(empty, 0, "empty charts");
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${over} px too wide at ${width}`);
        await opening.close();
      }
    assert.ok(readFileSync(path, "utf8").startsWith("<!doctype html>"));
  });

test("a sweep is drawn, with its knees", async () => {
  const path = programPage(
    "sweep",
    "sweep",
    "scenarios/ttl-backstop.json",
    "--replicates",
    "2",
    "--sweep",
    "/strategies/ttl 5s alone/expiry/ttl=1s..60s:log:4",
  );
  const opening = await opened(browser, path);
  await clean(opening, path);
  const charts = await count(opening.page, "figure svg");
  assert.ok(charts >= 4);
  assert.ok((await count(opening.page, "figure svg g.swept path")) >= charts);
  assert.ok((await count(opening.page, "figure svg g.knee circle")) > 0);
  await opening.close();
});

test("a fuzz shows the smallest race that it found, as a scenario to search", async () => {
  const path = programPage("fuzz", "fuzz", "scenarios/late-negative-entry.json", "--cases", "20");
  const opening = await opened(browser, path);
  await clean(opening, path);
  const { page } = opening;
  assert.match(await page.locator(".sortable").textContent(), /[1-9]\d* of \d+ races violated/);
  const open = page.locator("details.counterexample[open]");
  assert.match(await open.locator(".command").textContent(), /search smallest\.json/);
  const scenario = JSON.parse(await open.locator("code.json").textContent());
  assert.ok(scenario.race.clients.length > 0);
  await opening.close();
});

test("where no read was stale, latency is drawn, and no dot hides another", async () => {
  const path = programPage(
    "dots",
    "compare",
    "scenarios/stampede-on-a-hot-key.json",
    "--replicates",
    "2",
  );
  for (const width of [1180, 380]) {
    const opening = await opened(browser, path, { width });
    const figure = opening.page.locator("figure", { hasText: "Read latency against" });
    await figure.locator("svg").waitFor();
    const dots = await figure
      .locator("g.point circle")
      .evaluateAll((all) => all.map((dot) => [Number(dot.getAttribute("cx")), dot.getAttribute("cy")]));
    assert.equal(dots.length, 9);
    for (const [i, [x, y]] of dots.entries())
      for (const [left, top] of dots.slice(i + 1))
        assert.ok(Math.hypot(x - left, y - top) > 4, `two dots at ${x}, ${y}`);
    const colors = await opening.page.$$eval(".sortable .swatch", (all) =>
      all.map((swatch) => getComputedStyle(swatch).backgroundColor),
    );
    assert.equal(new Set(colors).size, 9);
    await opening.close();
  }
});

test("several scenarios: a table of what to take, and each report behind its link", async () => {
  const path = programPage(
    "several",
    "compare",
    "scenarios/stale-repopulate.json",
    "scenarios/avalanche-after-warm-up.json",
    "scenarios/stampede-on-a-hot-key.json",
    "--replicates",
    "2",
  );
  for (const width of [1180, 380]) {
    const opening = await opened(browser, path, { width });
    const { page } = opening;
    const shows = (title) => page.getByRole("heading", { level: 1, name: title }).waitFor();
    await shows("3 scenarios compared");
    assert.equal(await count(page, ".sortable tbody tr"), 3);
    assert.match(await page.locator(".sortable tbody tr").nth(1).textContent(), /jitter/);
    await page.getByRole("link", { name: "Avalanche after a batch warm-up" }).click();
    await shows("Avalanche after a batch warm-up");
    const charts = () =>
      page.$$eval("figure svg", (all) => all.map((svg) => svg.querySelectorAll("path").length));
    await page.waitForSelector("figure svg");
    assert.ok((await charts()).every((paths) => paths > 0), "empty charts");
    await page.getByRole("link", { name: "Next" }).click();
    await shows("Stampede on one hot key");
    assert.equal(await count(page, "nav a[aria-label=Next]"), 0);
    assert.equal(await page.$$eval("#verdict", (all) => all.length), 1);
    await page.getByLabel("Scenario", { exact: true }).selectOption("scenario-1");
    await shows("Stale repopulate");
    await page.goBack();
    await shows("Stampede on one hot key");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px too wide at ${width}`);
    await clean(opening, path);
    await opening.close();
  }
  const direct = await opened(browser, path);
  await direct.page.goto(`file://${path}#scenario-3`);
  await direct.page.getByRole("heading", { level: 1, name: "Stampede on one hot key" }).waitFor();
  await direct.close();
});

test("a local cache has a lane and a state of its own; the shared one is not red for it", async () => {
  const path = written("two-levels", {
    cacherace: "0.1.0",
    scenario: { title: "Two levels" },
    kind: "replay",
    strategy: "two levels",
    property: "no-stale-residue",
    matches: true,
    counterexample: {
      parties: { left: ["reader-1"], locals: ["local cache"], right: ["writer-1"] },
      steps: [
        { client: "reader-1", effect: "local.set k", result: "stored v1", local: "local cache" },
        { client: "writer-1", effect: "db.write k", result: "committed v2" },
        { client: "reader-1", effect: "cache.lock k", result: "held" },
        { client: "reader-1", effect: "cache.lock k", result: "held", repeats: 3 },
      ].map((step, i) => ({
        operation: "read k",
        ...step,
        ...(!step.repeats && {
          state: {
            cache: {},
            locals: { "local cache": { k: "v1" } },
            database: { k: i > 0 ? "v2" : "v1" },
            clients: {},
          },
        }),
      })),
      decisive: 2,
      says: "a copy stays.",
      context_switches: 2,
      minimal: true,
      digest: "a16d1b660ee8e894",
    },
  });
  const opening = await opened(browser, path);
  await clean(opening, path);
  const { page } = opening;
  await page.waitForSelector(".stepper svg");
  const stands = page.locator(".stand h4");
  assert.deepEqual(await stands.allTextContents(), [
    "Local cachebehind the database",
    "Cache",
    "Database",
    "Next",
  ]);
  assert.equal(await count(page, ".stand.behind"), 1);
  const lanes = page.locator(".party-name");
  assert.deepEqual(await lanes.allTextContents(), [
    "reader-1",
    "local cache",
    "cache",
    "database",
    "writer-1",
  ]);
  assert.equal(await count(page, ".stepper svg .step"), 3);
  assert.match(await page.locator(".step .words").last().textContent(), /lock k → held × 2$/);
  await page.keyboard.press("End");
  await opening.close();
});

test("a replay is a page to step through, and says where it diverged", async () => {
  const race = join(folder, "race.json");
  const scenario = "scenarios/stale-repopulate.json";
  execFileSync(program, ["search", scenario, "--strategy", "cache-aside", "--save", race, "-q"], {
    cwd: root,
    stdio: "pipe",
  });
  const same = await opened(browser, programPage("replay", "replay", race));
  await clean(same, join(folder, "replay.html"));
  assert.equal(await same.page.title(), "no-stale-residue under cache-aside");
  assert.match(await same.page.locator("header").textContent(), /the same steps and finding/);
  await same.page.waitForSelector(".stepper svg");
  assert.equal(await count(same.page, ".stepper svg .step"), 5);
  await same.page.getByRole("button", { name: "First step" }).click();
  assert.match(await same.page.getByRole("status").textContent(), /^Step 1 of 5/);
  await same.close();

  const timed = join(folder, "timed.json");
  const latencies = ["scenarios/worst-staleness.json", "--strategy", "no ttl"];
  execFileSync(program, ["search", ...latencies, "--save", timed, "-q"], { cwd: root, stdio: "pipe" });
  const times = await opened(browser, programPage("timed", "replay", timed));
  assert.match(await times.page.locator("header").textContent(), /Repeated by the clock engine/);
  await times.close();

  const changed = JSON.parse(readFileSync(race, "utf8"));
  changed.scenario.strategies["cache-aside"].write = "none";
  writeFileSync(race, JSON.stringify(changed));
  const other = await opened(browser, programPage("diverged", "replay", race), { width: 380 });
  await clean(other, join(folder, "diverged.html"));
  assert.match(await other.page.locator("header").textContent(), /diverged at step 4/);
  await other.page.locator(".stepper svg").nth(1).waitFor();
  assert.equal(await count(other.page, ".stepper svg"), 2);
  const over = await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
  await other.close();
});

test("the program writes the same page every time", () => {
  const page = (name) =>
    readFileSync(programPage(name, "search", "scenarios/stale-repopulate.json"), "utf8");
  assert.equal(page("once"), page("again"));
});

test("a large report does not scroll sideways on a phone", async () => {
  const opening = await opened(browser, large, { width: 380 });
  assert.equal(await opening.page.evaluate(() => document.documentElement.scrollWidth), 380);
  await clean(opening, large);
  await opening.close();
});
