// Bundles scripts and styles and draws the icon sprite into servicedesk/static/dist/ (git-ignored).
// Usage: node tools/build_assets.mjs [--watch]

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { fileURLToPath } from "node:url";
import { areaList } from "@vant/area-data";
import * as esbuild from "esbuild";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = path.join(ROOT, "servicedesk/static/servicedesk");
const OUT = path.join(ROOT, "servicedesk/static/dist");
const ICONS = path.join(ROOT, "node_modules/@tabler/icons/icons/outline");
const SEARCHED = ["templates", "servicedesk", "telephony", "knowledgebase", "tickets", "crmcore"];
const ICON_TAG = /\{% \s*icon\s+["']([a-z0-9-]+)[" ']/g; // {% icon "phone-call" %}
const ICON_NAME = /["'`]icon:([a-z0-9-]+)["'`]/g; // "icon:phone-call" in Python and scripts
const CSS_PAGES = ["staff", "portal-page", "wallboard-page", "sign-in-page", "field-page", "paper-page"];

async function filesBelow(folder, keep) {
  const entries = await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && keep.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(OUT));
}

async function iconNames() {
  const names = new Set();
  for (const folder of SEARCHED) {
    for (const file of await filesBelow(folder, /\.(html|py|js|txt)$/)) {
      const text = await readFile(file, "utf8");
      for (const pattern of [ICON_TAG, ICON_NAME]) for (const [, name] of text.matchAll(pattern)) names.add(name);
    }
  }
  return [...names].sort();
}

async function symbolOf(name) {
  const svg = await readFile(path.join(ICONS, `${name}.svg`), "utf8").catch(() => null);
  if (svg === null) throw new Error(`there is no Tabler outline icon "${name}"`);
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
}

async function drawSprite() {
  const names = await iconNames();
  const symbols = await Promise.all(names.map(symbolOf));
  await writeFile(path.join(OUT, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return names.length;
}

// Provinces, cities and districts of China with their codes, for manage.py prepare.
async function writeRegions() {
  const { province_list: provinces, city_list: cities, county_list: districts } = areaList;
  await writeFile(path.join(OUT, "regions.json"), JSON.stringify({ provinces, cities, districts }));
}

// The web server sends the packed twin of a file where there is one.
async function packAll() {
  for (const name of await readdir(OUT)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const file = path.join(OUT, name);
    await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }));
  }
}

const scripts = await filesBelow("servicedesk/static/servicedesk/js/entries", /\.js$/);
const styles = CSS_PAGES.map((name) => path.join(SOURCE, "css", `${name}.css`));
// The server hands out the compressed twin of a file that has one.
async function compress() {
  const files = (await readdir(OUT)).filter((name) => /\.(css|js|svg)$/.test(name)).map((name) => path.join(OUT, name));
  await Promise.all(files.map(async (file) => writeFile(`${file}.gz`, await promisify(gzip)(await readFile(file)))));
}

const sprite = {
  name: "sprite",
  setup(build) {
    build.onEnd(async () => {
      const icons = await drawSprite();
      await compress();
      console.log(`${icons} icons, ${scripts.length} scripts, ${styles.length} styles`);
    });
  },
};

await mkdir(OUT, { recursive: true });
await writeRegions();
const context = await esbuild.context({
  entryPoints: [...scripts, ...styles],
  outdir: OUT,
  entryNames: "[name]",
  assetNames: "[name]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file" },
  legalComments: "none",
  logLevel: "warning",
  plugins: [sprite],
});
if (process.argv.includes("--watch")) {
  await context.watch();
} else {
  await context.rebuild().finally(() => context.dispose());
}
