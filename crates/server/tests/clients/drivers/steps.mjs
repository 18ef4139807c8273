// What the JavaScript drivers share: a step is tried, said in one line of JSON, and never stops the next one.
import { createRequire } from "node:module";

export const { CLIENT_URL: url, CLIENT_TOKEN: token, CLIENT_COLLEAGUE: colleague, CLIENT_PACKAGES: packages } = process.env;

/** Loads a package as it was installed, from where it was installed. */
export const load = createRequire(`${packages}/`);

let failed = 0;

// What a client throws where nobody can catch it belongs to the step that is being taken.
let thrown;
process.on("uncaughtException", (error) => thrown?.(error));

export async function step(name, work) {
  let why = "";
  try {
    await Promise.race([work(), new Promise((_, reject) => { thrown = reject; })]);
  } catch (error) {
    failed += 1;
    why = explain(error);
  }
  console.log(JSON.stringify({ step: name, ok: why === "", why }));
}

/** Ends the driver; non-zero when a step failed. */
export function finish() {
  process.exit(failed === 0 ? 0 : 1);
}

function explain(error) {
  if (Array.isArray(error)) return `a list of ${error.length}: ${error.map(explain).join(" | ")}`;
  if (!(error instanceof Error)) return `thrown: ${show(error)}`;
  const inner = error.error ? ` ${show(error.error)}` : "";
  const status = error.status ? `${error.status} ${error.code ?? ""} ` : "";
  const place = (error.stack ?? "").split("\n").find((it) => /drivers\/[a-z\/-]+\.mjs/.test(it) && !it.includes("steps.mjs"));
  return `${status}${error.message || error.name}${inner}${place ? ` (${place.trim().replace(/^.*drivers\//, "").replace(/\)$/, "")})` : ""}`;
}

export function show(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

export function same(found, expected, what = "value") {
  const order = (value) =>
    value && typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, it]) => [key, order(it)]))
      : value;
  if (JSON.stringify(order(found)) !== JSON.stringify(order(expected))) {
    throw new Error(`${what}: expected ${show(expected)}, found ${show(found)}`);
  }
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

export function isGuid(value, what = "id") {
  holds(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value ?? ""), `${what} is no GUID: ${show(value)}`);
  return value;
}

/** The error that the work is to end with. */
export async function refused(status, work) {
  let value;
  try {
    value = await work();
  } catch (error) {
    if (error.status !== status) throw error;
    const { code, message } = error.error ?? error;
    holds(/^0x[0-9a-f]{8}$/i.test(code ?? ""), `the error's code is ${show(code)}`);
    holds(typeof message === "string" && message.length > 5, `the error's message is ${show(message)}`);
    return error;
  }
  throw new Error(`expected ${status}, but it went well: ${show(value)}`);
}

/** What is done in the background is waited for, for half a minute. */
export async function eventually(what, look) {
  let found;
  for (let tries = 0; tries < 60; tries += 1) {
    found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what} did not come within 30 seconds`);
}
