// Every public method of the npm package dynamics-web-api, against a running server, with a look at the outcome.
import { links } from "./dynamics-web-api/links.mjs";
import { metadata } from "./dynamics-web-api/metadata.mjs";
import { batches } from "./dynamics-web-api/batches.mjs";
import { operations } from "./dynamics-web-api/operations.mjs";
import { queries } from "./dynamics-web-api/queries.mjs";
import { rows } from "./dynamics-web-api/rows.mjs";
import { finish, holds, load, step, token, url } from "./steps.mjs";

const { DynamicsWebApi } = load("dynamics-web-api");
const used = new Set();

/** The package's own object, which remembers what was called. */
function client(config = {}) {
  const api = new DynamicsWebApi({ serverUrl: url, onTokenRefresh: async () => token, ...config });
  return new Proxy(api, {
    get(target, name) {
      used.add(name);
      return target[name];
    },
  });
}

const api = client();
await rows(api);
await queries(api, client);
await links(api);
await operations(api, client);
await metadata(api);
await batches(api);

await step("every public method was called", async () => {
  const left = Object.keys(new DynamicsWebApi({ serverUrl: url })).filter((it) => !used.has(it));
  holds(left.length === 0, `not called: ${left.join(", ")}`);
});
finish();
