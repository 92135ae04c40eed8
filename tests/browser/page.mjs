// Reports in Chromium: made from the committed template or by the program, watched for errors and
// for requests to anywhere.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const folder = mkdtempSync(join(tmpdir(), "cacherace-browser-"));
const template = readFileSync(join(root, "reports/html/dist/report.html"), "utf8");

/// The page of `result`, as sim/report/export/html.cpp makes it; written to a file.
export function written(name, result) {
  const json = JSON.stringify(result).replaceAll("<", "\\u003c");
  const title = result.scenario.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const page = template.replace("@REPORT_TITLE@", () => title).replace("@REPORT_DATA@", () => json);
  const path = join(folder, `${name}.html`);
  writeFileSync(path, page);
  return path;
}

export const program = process.env.CACHERACE;

/// What the program writes for a shipped scenario. Expectations that are not met are no matter.
export function programPage(name, ...options) {
  const path = join(folder, `${name}.html`);
  const call = () =>
    execFileSync(program, [...options, "--format", "html", "-o", path, "--force"], {
      cwd: root,
      stdio: "pipe",
    });
  try {
    call();
  } catch (error) {
    if (error.status !== 1 && error.status !== 4) throw error; // not met, or diverged
  }
  return path;
}

/// Fails if the page reported an error or a warning, or asked for anything.
export async function clean({ errors, requests }, path) {
  assert.deepEqual(errors, [], `errors of ${path}`);
  assert.deepEqual(requests, [], `requests of ${path}`);
}

export const count = (page, selector) => page.locator(selector).count();

/// How far the page is wider than the window.
export const tooWide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

export async function launched() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/// Opens a file; `errors` and `requests` fill up while the page lives.
export async function opened(browser, path, options = {}) {
  const { width = 1180, height = 900, ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, ...rest });
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  // An observer's loop is an error of the window only.
  await page.addInitScript(() => addEventListener("error", (e) => console.error(e.message)));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(path).href) requests.push(request.url().slice(0, 100));
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("main");
  await drawn(page);
  return { page, errors, requests, close: () => context.close() };
}

/// Until every chart that can be seen is drawn, and a frame more.
export async function drawn(page) {
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".canvas")].every((c) => c.clientWidth === 0 || c.firstChild),
  );
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
