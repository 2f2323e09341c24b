/**
 * Makes validators of the JSON Schemas beside FORMAT.md: plain code, since the pages' Content-Security-Policy forbids
 * code that is made while they run.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

const SCHEMAS = new URL("../../../schemas/", import.meta.url);
const GENERATED = new URL("generated/", import.meta.url);

/** Name of the exported validator by schema. */
const DOCUMENTS = {
  record: "record.v1",
  manifest: "manifest.v1",
  entry: "register-entry.v1",
  custody: "custody.v1",
  notice: "notice.v1",
};

const OPTIONS = {
  code: { source: true, esm: true, lines: true },
  unicodeRegExp: true,
  validateFormats: false,
  ownProperties: true,
  messages: false,
  strict: false,
};

/**
 * A schema without what the pages don't need: texts for people, and `uniqueItems` of arrays of objects, which would be
 * compared each with each. Only manifest.json has such arrays, and FORMAT.md asks for more there, that no id stands
 * twice, which the verifier checks at less cost.
 */
function reduced(schema) {
  if (Array.isArray(schema)) return schema.map(reduced);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !isNeedless(schema, key, value));
  return Object.fromEntries(kept.map(([key, value]) => [key, reduced(value)]));
}

function isNeedless(schema, key, value) {
  // a property may be called `title`; then it is a schema itself
  if (key === "title" || key === "description" || key === "$comment") return typeof value === "string";
  return key === "uniqueItems" && schema.items?.type === "object";
}

async function readSchema(name) {
  const schema = JSON.parse(await readFile(new URL(`${name}.schema.json`, SCHEMAS), "utf8"));
  return { ...reduced(schema), $id: `urn:evidence-archiver:schema:${name}` };
}

/**
 * Code that says that something is wrong, not what: texts of errors are half of it, and nobody reads them. Their number
 * stays, by which the code goes.
 */
function withoutErrors(code) {
  return code
    .replace(/^(\s*validate\d+\.errors = )\[\{instancePath.*\}\];$/gm, "$1[0];")
    .replace(/^(\s*const err\d+ = )\{instancePath.*\};$/gm, "$10;");
}

/** Types of the generated module for tsc. */
function declarations() {
  const names = Object.keys(DOCUMENTS);
  return names.map((name) => `export declare function ${name}(data: unknown): boolean;\n`).join("");
}

/**
 * Writes generated/schemas.js and schemas.d.ts: a function for each document, true where the schema is satisfied.
 * The same schemas give the same bytes.
 */
export async function generateSchemas() {
  const schemas = await Promise.all(Object.values(DOCUMENTS).map(readSchema));
  const ajv = new Ajv2020.default({ ...OPTIONS, schemas });
  const ids = Object.fromEntries(Object.keys(DOCUMENTS).map((key, index) => [key, schemas[index].$id]));
  await mkdir(GENERATED, { recursive: true });
  await writeFile(new URL("schemas.js", GENERATED), withoutErrors(standaloneCode.default(ajv, ids)));
  await writeFile(new URL("schemas.d.ts", GENERATED), declarations());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateSchemas();
