// The npm package odata-csdl, which converts $metadata by the OASIS rules of CSDL, and a look at what came out.
import { finish, holds, load, same, step, token, url } from "./steps.mjs";

const { xml2json } = load("odata-csdl");
const ask = (accept) => fetch(`${url}/api/data/v9.2/$metadata`, { headers: { Authorization: `Bearer ${token}`, ...(accept && { Accept: accept }) } });
let xml, model, crm;

await step("$metadata is XML, whatever is asked for", async () => {
  for (const accept of ["application/xml", "application/json", "*/*"]) {
    const answer = await ask(accept);
    same([answer.status, answer.headers.get("content-type")?.split(";")[0]], [200, "application/xml"], accept);
    xml = await answer.text();
  }
});
await step("it converts without a remark", async () => {
  const messages = [];
  model = xml2json(xml, { strict: true, messages, lineNumbers: false });
  same(messages.map((it) => it.message), []);
  same(model.$Version, "4.0");
  crm = model["Microsoft.Dynamics.CRM"];
  holds(crm, `namespaces: ${Object.keys(model).join(", ")}`);
});
const kinds = (kind) => Object.entries(crm).filter(([, it]) => it?.$Kind === kind);
const local = (name) => name?.replace(/^(mscrm|Microsoft\.Dynamics\.CRM)\./, "");

await step("every type that is named is there", async () => {
  holds(crm, "there is no model");
  const missing = new Set();
  const known = (name) => name === undefined || name.startsWith("Edm.") || local(name) in crm;
  const look = (value) => {
    if (!value || typeof value !== "object") return;
    for (const key of ["$Type", "$BaseType", "$ReturnType"]) {
      if (typeof value[key] === "string" && !known(value[key])) missing.add(value[key]);
    }
    Object.values(value).forEach(look);
  };
  look(crm);
  same([...missing], []);
});
await step("every entity type has one key, its own or its base's", async () => {
  for (const [name, type] of kinds("EntityType")) {
    let it = type;
    while (it && !it.$Key && it.$BaseType) it = crm[local(it.$BaseType)];
    if (!type.$Abstract) same(it?.$Key?.length, 1, name);
  }
});
await step("every way has its way back", async () => {
  const wrong = [];
  for (const [name, type] of kinds("EntityType")) {
    for (const [way, property] of Object.entries(type)) {
      if (property?.$Kind !== "NavigationProperty" || !property.$Partner) continue;
      const back = crm[local(property.$Type)]?.[property.$Partner];
      if (back?.$Kind !== "NavigationProperty" || local(back.$Type) !== name) wrong.push(`${name}/${way} and ${local(property.$Type)}/${property.$Partner}`);
    }
  }
  same(wrong, []);
});
await step("contacts and accounts know each other", async () => {
  const way = crm.contact.parentcustomerid_account;
  same([local(way.$Type), way.$Partner, way.$Collection ?? false], ["account", "contact_customer_accounts", false]);
  same([crm.account.contact_customer_accounts.$Collection, crm.contact.contactid.$Type], [true, "Edm.Guid"]);
  same(Object.keys(way.$ReferentialConstraint ?? {}), ["_parentcustomerid_value"]);
});
await step("every set holds a type, and each binding leads to a set", async () => {
  const [[, container]] = kinds("EntityContainer");
  const sets = Object.entries(container).filter(([, it]) => it?.$Collection);
  holds(sets.length > 15, `${sets.length} sets`);
  for (const [name, set] of sets) {
    same(crm[local(set.$Type)]?.$Kind, "EntityType", name);
    for (const [path, target] of Object.entries(set.$NavigationPropertyBinding ?? {})) {
      holds(container[target], `${name}: ${path} leads to ${target}`);
      holds(crm[local(set.$Type)][path.split("/")[0]] || path.includes("/") || crm[local(set.$Type)].$BaseType, `${name} has no ${path}`);
    }
  }
});
await step("functions and actions can be called", async () => {
  const [[, container]] = kinds("EntityContainer");
  for (const [name, it] of Object.entries(container)) {
    for (const operation of [it?.$Function, it?.$Action]) {
      if (operation) holds(Array.isArray(crm[local(operation)]), `${name} imports ${operation}`);
    }
  }
  for (const name of ["WhoAmI", "RetrieveVersion", "RetrievePrincipalAccess", "GrantAccess", "Merge"]) {
    holds(Array.isArray(crm[name]), `${name} is missing`);
  }
});
finish();
