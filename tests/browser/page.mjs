// Reports in Chromium: made from the committed template or by the program, watched for errors and
// for requests to anywhere.

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
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(path).href) requests.push(request.url().slice(0, 100));
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("main");
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  return { page, errors, requests, close: () => context.close() };
}
