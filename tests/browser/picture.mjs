// Takes the pictures that the README shows: node picture.mjs REPORT COUNTEREXAMPLE FOLDER. Of the one
// page the top, down to its second chart; of the other the first counterexample; light and dark.

import { join } from "node:path";
import { launched, opened } from "./page.mjs";

const [report, counterexample, folder] = process.argv.slice(2);
const width = 1180;
const edge = 20;

const browser = await launched();

async function take(name, path, colorScheme, first, last) {
  const { page, errors, close } = await opened(browser, path, { width, colorScheme });
  const top = await page.locator(first).first().evaluate((of) => of.getBoundingClientRect().top);
  const bottom = await page.locator(last).evaluate((of) => of.getBoundingClientRect().bottom);
  const y = Math.max(0, top - edge);
  await page.screenshot({
    path: join(folder, `${name}-${colorScheme}.png`),
    fullPage: true,
    clip: { x: 0, y, width, height: bottom + edge - y },
  });
  if (errors.length > 0) throw new Error(errors.join("\n"));
  await close();
}

for (const colorScheme of ["light", "dark"]) {
  await take("report", report, colorScheme, "nav.sections", "figure >> nth=1");
  const first = "details.counterexample >> nth=0";
  await take("counterexample", counterexample, colorScheme, "#counterexamples", first);
}
await browser.close();
