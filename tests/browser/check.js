// Opens each report that is named in Chromium, in both colour schemes and two widths, and on paper; says what is wrong and ends with 1.
//
//   node check.js SCREENSHOTS REPORT.html...
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const [folder, ...reports] = process.argv.slice(2);
if (!folder || reports.length === 0) {
  console.error("usage: node check.js SCREENSHOTS REPORT.html...");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];
let nChecks = 0;

/** Opens a report and gives what is wrong with it. */
async function check(report, colorScheme, width) {
  const name = `${basename(report, ".html")}-${colorScheme}-${width}`;
  const url = pathToFileURL(resolve(report)).href;
  // The page's own policy forbids scripts; axe runs beside it, and the page itself is opened without.
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
  const page = await context.newPage();
  const wrong = (what) => faults.push(`${name}: ${what}`);
  page.on("console", (message) => wrong(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong(`error: ${error.message}`));
  page.on("request", (request) => request.url() !== url && wrong(`request: ${request.url()}`));
  await page.goto(url);
  await page.screenshot({ path: `${folder}/${name}-first.png` });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const [inner, scroll] = await page.evaluate(() => [window.innerWidth, document.documentElement.scrollWidth]);
  if (scroll > inner) wrong(`scrolls sideways: ${scroll} in ${inner}`);
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const fault of found.violations) {
    for (const node of fault.nodes.slice(0, 3)) wrong(`axe ${fault.id} (${fault.impact}): ${node.target.join(" ")}: ${node.failureSummary}`);
  }
  if (found.passes.length < 20) wrong(`axe ran ${found.passes.length} rules only`);
  nChecks += 1;
  await context.close();
}

/** Opens a report as a reader does, with its policy in force: nothing may be refused, loaded or said. */
async function checkPolicy(report) {
  const url = pathToFileURL(resolve(report)).href;
  const context = await browser.newContext();
  const page = await context.newPage();
  const wrong = (what) => faults.push(`${basename(report)} with its policy: ${what}`);
  page.on("console", (message) => wrong(`console: ${message.text()}`));
  page.on("request", (request) => request.url() !== url && wrong(`request: ${request.url()}`));
  await page.goto(url);
  const [nScripts, font, policy] = await page.evaluate(() => [
    document.scripts.length,
    getComputedStyle(document.querySelector("h1")).fontFamily,
    document.querySelector("meta[http-equiv=Content-Security-Policy]").content,
  ]);
  if (nScripts !== 0) wrong(`${nScripts} scripts`);
  if (!font.includes("Georgia")) wrong("its own style was refused");
  if (!policy.startsWith("default-src 'none'") || policy.includes("unsafe")) wrong(`policy ${policy}`);
  await page.pdf({ path: `${folder}/${basename(report, ".html")}.pdf`, format: "A4" });
  nChecks += 1;
  await context.close();
}

for (const report of reports) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) await check(report, colorScheme, width);
  }
  await checkPolicy(report);
}
await browser.close();
faults.forEach((fault) => console.error(fault));
console.log(`${nChecks} checks of ${reports.length} reports, ${faults.length} faults; screenshots in ${folder}`);
process.exit(faults.length === 0 ? 0 : 1);
