// Single records: create, retrieve, update, upsert, one property, delete; versions, duplicates, headers.
import { holds, isGuid, refused, same, step } from "../steps.mjs";
import { randomUUID } from "node:crypto";

const collection = "contacts";
const nobody = "00000000-0000-4000-8000-00000000dead";

export async function rows(api) {
  let key, etag, account;
  const read = (select, more = {}) => api.retrieve({ collection, key, select, ...more });

  await step("create", async () => {
    key = isGuid(await api.create({ collection, data: { firstname: "Åsa", lastname: "Ek \"&<'", donotemail: true } }));
    const found = await read(["firstname", "lastname", "fullname", "donotemail", "jobtitle"]);
    same([found.firstname, found.lastname, found.donotemail, found.jobtitle], ["Åsa", "Ek \"&<'", true, null]);
    same([found.fullname, found.contactid], ["Åsa Ek \"&<'", key]);
    holds(found.oDataContext?.includes("$metadata#contacts"), `context ${found.oDataContext}`);
    holds(/^W\/"\d+"$/.test(found["@odata.etag"]), `etag ${found["@odata.etag"]}`);
    etag = found["@odata.etag"];
  });
  await step("create returning the representation", async () => {
    const data = { name: "Contoso", description: null };
    const made = await api.create({ collection: "accounts", data, returnRepresentation: true, select: ["name", "createdon"] });
    account = isGuid(made.accountid);
    same(made.name, "Contoso");
    holds(made.createdon instanceof Date, `createdon ${made.createdon}`);
    holds(Math.abs(Date.now() - made.createdon) < 600_000, `createdon ${made.createdon}`);
  });
  await step("create binding a lookup", async () => {
    const data = { lastname: "Bound", "parentcustomerid_account@odata.bind": `accounts(${account})` };
    const made = await api.create({ collection, data, returnRepresentation: true, includeAnnotations: "*" });
    same(made._parentcustomerid_value, account);
    same(made._parentcustomerid_value_Formatted, "Contoso");
    same(made._parentcustomerid_value_LogicalName, "account");
    same(made._parentcustomerid_value_NavigationProperty, "parentcustomerid_account");
  });
  await step("create deep, down and up", async () => {
    const data = {
      name: "Deep",
      primarycontactid: { lastname: "Primary" },
      contact_customer_accounts: [{ lastname: "First" }, { lastname: "Second" }],
    };
    const deep = await api.create({ collection: "accounts", data });
    const expand = [
      { property: "primarycontactid", select: ["lastname"] },
      { property: "contact_customer_accounts", select: ["lastname"], orderBy: ["lastname desc"] },
    ];
    const found = await api.retrieve({ collection: "accounts", key: deep, select: ["name"], expand });
    same(found.primarycontactid.lastname, "Primary");
    same(found.contact_customer_accounts.map((it) => it.lastname), ["Second", "First"]);
  });
  await step("create through a navigation property", async () => {
    const made = await api.create({
      collection: "accounts", key: account, navigationProperty: "contact_customer_accounts", data: { lastname: "Inside" },
    });
    const found = await api.retrieve({ collection, key: isGuid(made), select: ["_parentcustomerid_value"] });
    same(found._parentcustomerid_value, account);
  });
  await step("create refused: no such column", () => refused(400, () => api.create({ collection, data: { colour: "red" } })));
  await step("create refused: no such collection", () => refused(404, () => api.create({ collection: "colours", data: { name: "red" } })));
  await step("create with duplicate detection", async () => {
    const data = () => ({ lastname: "Twin", emailaddress1: "twin@dwa.example" });
    await api.create({ collection, data: data() });
    await refused(412, () => api.create({ collection, data: data(), duplicateDetection: true }));
    isGuid(await api.create({ collection, data: data() }), "without detection");
  });
  await step("headers of every kind are borne", async () => {
    const made = await api.create({
      collection, data: { lastname: "Headers" }, bypassCustomPluginExecution: true, noCache: true, tag: "test run",
      headers: { Consistency: "Strong", "x-ms-client-request-id": randomUUID() }, timeout: 20_000,
    });
    isGuid(made);
  });

  await step("retrieve with annotations", async () => {
    const found = await read(["statecode", "_ownerid_value", "createdon"], { includeAnnotations: "*" });
    same([found.statecode, found.statecode_Formatted], [0, "Active"]);
    holds(found._ownerid_value_Formatted && found._ownerid_value_LogicalName === "systemuser", JSON.stringify(found));
    holds(typeof found.createdon_Formatted === "string", "createdon has no formatted value");
    const one = await read(["statecode", "_ownerid_value"], { includeAnnotations: "OData.Community.Display.V1.FormattedValue" });
    same([one.statecode_Formatted, one._ownerid_value_LogicalName], ["Active", undefined]);
    same((await read(["statecode"])).statecode_Formatted, undefined, "unasked");
  });
  await step("retrieve all columns", async () => {
    const found = await api.retrieve({ collection, key });
    for (const name of ["contactid", "fullname", "createdon", "modifiedon", "versionnumber", "_ownerid_value", "statuscode"]) {
      holds(name in found, `${name} is missing`);
    }
  });
  await step("retrieve a related record", async () => {
    const bound = await api.create({ collection, data: { lastname: "Way", "parentcustomerid_account@odata.bind": `/accounts(${account})` } });
    const found = await api.retrieve({ collection, key: bound, navigationProperty: "parentcustomerid_account", select: ["name"] });
    same([found.name, found.accountid], ["Contoso", account]);
    const again = await api.retrieve({ collection, key: bound, select: ["/parentcustomerid_account", "name"] });
    same(again.name, "Contoso");
    const reference = await api.retrieve({ collection, key: bound, select: ["parentcustomerid_account/$ref"] });
    same([reference.id, reference.collection], [account, "accounts"]);
  });
  await step("retrieve unchanged", async () => {
    etag = (await read(["lastname"]))["@odata.etag"];
    same(await read(["lastname"], { ifnonematch: etag }), undefined);
    same((await read(["firstname"], { ifnonematch: 'W/"0"' })).firstname, "Åsa");
  });
  await step("retrieve refused: not there", async () => {
    const error = await refused(404, () => api.retrieve({ collection, key: nobody }));
    same(error.code.toLowerCase(), "0x80040217");
  });
  await step("retrieve with braces around the key", async () => {
    same((await api.retrieve({ collection, key: `{${key.toUpperCase()}}`, select: ["firstname"] })).contactid, key);
  });

  await step("update", async () => {
    same(await api.update({ collection, key, data: { jobtitle: "Köpare", telephone1: "040-1" } }), true);
    const found = await read(["jobtitle", "telephone1", "firstname"]);
    same([found.jobtitle, found.telephone1, found.firstname], ["Köpare", "040-1", "Åsa"]);
    same(await api.update({ collection, key, data: { telephone1: null } }), true);
    same((await read(["telephone1"])).telephone1, null);
  });
  await step("update returning the representation", async () => {
    const found = await api.update({ collection, key, data: { jobtitle: "Chef" }, returnRepresentation: true, select: ["jobtitle"] });
    same([found.jobtitle, found.contactid], ["Chef", key]);
  });
  await step("update of the version that was read", async () => {
    const before = (await read(["jobtitle"]))["@odata.etag"];
    same(await api.update({ collection, key, data: { jobtitle: "A" }, ifmatch: before }), true);
    same(await api.update({ collection, key, data: { jobtitle: "B" }, ifmatch: before }), false, "an old version");
    same((await read(["jobtitle"])).jobtitle, "A");
  });
  await step("update never creates", async () => {
    const other = randomUUID();
    await refused(404, () => api.update({ collection, key: other, data: { lastname: "Ghost" } }));
    await refused(404, () => api.retrieve({ collection, key: other }));
  });
  await step("update what was read, annotations and all", async () => {
    const found = await api.retrieve({ collection, key, select: ["jobtitle", "statecode"], includeAnnotations: "*" });
    found.jobtitle = "Read and written";
    same(await api.update({ collection, key, data: found }), true);
    same((await read(["jobtitle"])).jobtitle, "Read and written");
  });
  await step("updateSingleProperty", async () => {
    await api.updateSingleProperty({ collection, key, fieldValuePair: { jobtitle: "One" } });
    same((await read(["jobtitle"])).jobtitle, "One");
    await api.updateSingleProperty({ collection, key, fieldValuePair: { jobtitle: null } });
    same((await read(["jobtitle"])).jobtitle, null);
    await refused(400, () => api.updateSingleProperty({ collection, key, fieldValuePair: { donotemail: "maybe" } }));
  });

  await step("upsert creates and updates", async () => {
    const other = randomUUID();
    same(await api.upsert({ collection, key: other, data: { lastname: "Upsert" } }), other, "created");
    same(await api.upsert({ collection, key: other, data: { jobtitle: "Second" } }), other, "updated");
    const found = await api.retrieve({ collection, key: other, select: ["lastname", "jobtitle"] });
    same([found.lastname, found.jobtitle], ["Upsert", "Second"]);
    const whole = await api.upsert({ collection, key: other, data: { jobtitle: "Third" }, returnRepresentation: true });
    same([whole.jobtitle, whole.lastname], ["Third", "Upsert"]);
  });
  await step("upsert that may only create, or only update", async () => {
    const other = randomUUID();
    same(await api.upsert({ collection, key, data: { lastname: "No" }, ifnonematch: "*" }), null, "it is there already");
    same(await api.upsert({ collection, key: other, data: { lastname: "No" }, ifmatch: "*" }), null, "it is not there");
    same(await api.upsert({ collection, key: other, data: { lastname: "Yes" }, ifnonematch: "*" }), other);
    holds((await read(["lastname"])).lastname !== "No", "an existing record was overwritten");
  });

  await step("deleteRecord of one property", async () => {
    await api.update({ collection, key, data: { jobtitle: "Going" } });
    same(await api.deleteRecord({ collection, key, property: "jobtitle" }), true);
    same((await read(["jobtitle"])).jobtitle, null);
    await api.update({ collection, key, data: { jobtitle: "Going" } });
    same(await api.deleteRecord({ collection, key, fieldName: "jobtitle" }), true);
    same((await read(["jobtitle"])).jobtitle, null);
  });
  await step("deleteRecord", async () => {
    same(await api.deleteRecord({ collection, key, ifmatch: 'W/"0"' }), false, "an old version");
    same(await api.deleteRecord({ collection, key }), true);
    await refused(404, () => api.retrieve({ collection, key }));
    await refused(404, () => api.deleteRecord({ collection, key }));
  });
}
