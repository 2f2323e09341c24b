/**
 * Builds the pages: `node build.mjs [FOLDER]`; FOLDER is "built" unless named.
 *
 * Each page NAME is src/pages/NAME.html with src/pages/NAME.ts and NAME.css put into it, minified, together
 * with the messages it uses and the licences of what it contains. Building again gives the same bytes. README gets the
 * digest of the page that is committed.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generateSchemas } from "./schemas.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const MESSAGES = resolve(HERE, "../../messages");
const LANGUAGES = ["en", "uk"];
const PAGES = ["verify", "viewer"];

/** One entry bundled and minified: its text, and the files it was made of, relative to HERE. */
async function bundled(entry) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    target: ["es2022", "chrome100", "firefox100", "safari15.4"],
    charset: "utf8",
    legalComments: "eof",
    logLevel: "warning",
  });
  const text = outputFiles[0].text;
  if (/<\/(script|style)|<!--|\r|\0/i.test(text)) {
    throw new Error(`${entry}: its text would end the element it stands in`);
  }
  return { text, inputs: Object.keys(metafile.inputs).sort() };
}

/** JSON that can stand in a script element. */
function embedded(value) {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The catalogues, in each language, that the sources name messages of. */
async function messages(inputs) {
  const sources = inputs.filter((path) => path.startsWith("src/"));
  const text = (await Promise.all(sources.map((path) => readFile(join(HERE, path), "utf8")))).join("\n");
  const areas = (await readdir(join(MESSAGES, "en"))).map((name) => name.replace(".json", "")).sort();
  const used = areas.filter((area) => new RegExp(`["\`]${area}\\.[A-Za-z0-9_$]`).test(text));
  const of = async (language) =>
    Object.fromEntries(await Promise.all(used.map(async (area) => [area, await catalogue(language, area)])));
  return Object.fromEntries(await Promise.all(LANGUAGES.map(async (language) => [language, await of(language)])));
}

async function catalogue(language, area) {
  return JSON.parse(await readFile(join(MESSAGES, language, `${area}.json`), "utf8"));
}

/** Folders of the packages whose code is in the bundle; validators made by ajv count as ajv's. */
function packages(inputs) {
  const found = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean);
  const ajv = inputs.some((path) => path.startsWith("generated/")) ? ["ajv"] : [];
  return [...new Set([...found, ...ajv])].sort();
}

/** Name, version and licence text of each package in the bundle. */
async function licences(inputs) {
  const notices = packages(inputs).map(async (name) => {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) {
      throw new Error(`${name} brings no licence text`);
    }
    const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r", "").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return (await Promise.all(notices)).join(`\n${"-".repeat(72)}\n\n`);
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function digest(text, encoding) {
  return createHash("sha256").update(text, "utf8").digest(encoding);
}

/** What the page may do: run this script, wear this style, show what it makes itself, and nothing else. */
function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src 'sha256-${digest(script, "base64")}'`,
    `style-src 'sha256-${digest(style, "base64")}'`,
    "img-src data: blob:",
    "media-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The text of one page. */
async function page(name) {
  const script = await bundled(`src/pages/${name}.ts`);
  const style = await bundled(`src/pages/${name}.css`);
  const parts = {
    policy: policy(script.text, style.text),
    style: style.text,
    script: script.text,
    texts: embedded(await messages(script.inputs)),
    licences: escaped(await licences(script.inputs)),
  };
  const template = await readFile(join(HERE, "src/pages", `${name}.html`), "utf8");
  return template.replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
}

/** Put the digests into the project's README where it publishes them, if this is the project. */
async function publish(sums) {
  const readme = resolve(HERE, "../../../README.md");
  const text = await readFile(readme, "utf8").catch(() => null);
  const now = sums.reduce((all, sum) => all?.replace(new RegExp(`[0-9a-f]{64}(?=${sum.slice(64)})`), sum.slice(0, 64)), text);
  if (now && now !== text) await writeFile(readme, now);
}

await generateSchemas();
const committed = join(HERE, "built");
const target = resolve(process.argv[2] ?? committed);
await mkdir(target, { recursive: true });
const sums = [];
for (const name of PAGES) {
  const text = await page(name);
  await writeFile(join(target, `${name}.html`), text);
  sums.push(`${digest(text, "hex")}  ${name}.html\n`);
}
await writeFile(join(target, "SHA256SUMS"), sums.join(""));
if (target === committed) await publish(sums);
process.stderr.write(`${relative(process.cwd(), target) || "."}: ${PAGES.map((name) => `${name}.html`).join(", ")}\n`);
