// Functions and actions, acting for somebody else, work in the background, and search.
import { colleague, eventually, holds, isGuid, refused, same, step, url } from "../steps.mjs";

export async function operations(api, client) {
  let me, account;

  await step("callFunction", async () => {
    const who = await api.callFunction("WhoAmI");
    me = isGuid(who.UserId, "UserId");
    isGuid(who.BusinessUnitId, "BusinessUnitId");
    isGuid(who.OrganizationId, "OrganizationId");
    same((await api.callFunction({ name: "WhoAmI" })).UserId, me);
    const version = (await api.callFunction({ functionName: "RetrieveVersion" })).Version;
    holds(/^\d+\.\d+/.test(version), `version ${version}`);
  });
  await step("callFunction with parameters", async () => {
    const counted = await api.callFunction({ name: "RetrieveTotalRecordCount", parameters: { EntityNames: ["account", "contact"] } });
    const { Keys, Values } = counted.EntityRecordCountCollection;
    same([...Keys].sort(), ["account", "contact"]);
    holds(Values.length === 2 && Values.every((it) => Number.isInteger(it) && it > 0), JSON.stringify(counted));
  });
  await step("callFunction refused: no such function", () => refused(404, () => api.callFunction("WhatAmI")));
  const rightsOf = async (user) => {
    const parameters = { Target: { "@odata.id": `accounts(${account})` } };
    const name = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess";
    return (await api.callFunction({ collection: "systemusers", key: user, name, parameters })).AccessRights;
  };
  await step("callFunction of a record", async () => {
    account = await api.create({ collection: "accounts", data: { name: "Shared" } });
    const rights = await rightsOf(me);
    holds(/ReadAccess/.test(rights) && /WriteAccess/.test(rights), `rights: ${rights}`);
  });
  const grant = (mask) => ({
    Target: { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: account },
    PrincipalAccess: { Principal: { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: colleague }, AccessMask: mask },
  });
  await step("callAction", async () => {
    await api.callAction({ actionName: "GrantAccess", action: grant("ReadAccess,WriteAccess") });
    holds(/WriteAccess/.test(await rightsOf(colleague)), "the colleague may not write");
    const revoke = { Target: grant("").Target, Revokee: { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: colleague } };
    await api.callAction({ actionName: "RevokeAccess", action: revoke });
    holds(!/WriteAccess/.test(await rightsOf(colleague)), "the colleague may still write");
  });
  await step("callAction of a record", async () => {
    const unit = (await api.callFunction("WhoAmI")).BusinessUnitId;
    const data = { name: "Drivers", "businessunitid@odata.bind": `/businessunits(${unit})` };
    const team = await api.create({ collection: "teams", data });
    const members = { Members: [{ "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: colleague }] };
    await api.callAction({ collection: "teams", key: team, actionName: "Microsoft.Dynamics.CRM.AddMembersTeam", action: members });
    const expand = [{ property: "teammembership_association", select: ["fullname"] }];
    const found = await api.retrieve({ collection: "teams", key: team, select: ["name"], expand });
    same(found.teammembership_association.map((it) => it.systemuserid), [colleague]);
  });
  await step("callAction that makes and answers a record", async () => {
    const lead = await api.create({ collection: "leads", data: { subject: "Bikes", firstname: "Li", lastname: "Lead", companyname: "Lead & Co" } });
    const made = await api.callAction({
      collection: "leads", key: lead, actionName: "Microsoft.Dynamics.CRM.QualifyLead",
      action: { CreateAccount: true, CreateContact: true, CreateOpportunity: false, Status: 3 },
    });
    same(made.value.length, 2);
    same((await api.retrieve({ collection: "leads", key: lead, select: ["statecode"] })).statecode, 1);
  });
  await step("callAction refused: a parameter is missing", () => refused(400, () => api.callAction({ actionName: "GrantAccess", action: {} })));

  await step("getBackgroundOperationStatus and cancelBackgroundOperation", async () => {
    const begun = await api.callAction({ actionName: "GrantAccess", action: grant("ReadAccess"), respondAsync: true });
    const id = isGuid(begun.backgroundOperationId, "backgroundOperationId");
    holds(begun.location.startsWith(`${url}/api/backgroundoperation/`), begun.location);
    const status = await eventually("the end of the operation", async () => {
      const found = await api.getBackgroundOperationStatus(id);
      return found.backgroundOperationStateCode === 3 && found;
    });
    same(status.backgroundOperationStatusCode, 30);
    holds(/ReadAccess/.test(await rightsOf(colleague)), "nothing was granted");
    const cancelled = await api.cancelBackgroundOperation(id);
    same(cancelled.backgroundOperationStateCode, 3, "it is too late to cancel");
  });

  await step("impersonate", async () => {
    const whoAmI = async (it, more) => (await it.callFunction({ name: "WhoAmI", ...more })).UserId;
    same(await whoAmI(api, { impersonate: colleague }), colleague, "per request");
    same(await whoAmI(api, { impersonateAAD: colleague }), colleague, "by the directory's id");
    same(await whoAmI(client({ impersonate: colleague })), colleague, "for all requests");
    const other = client({ impersonate: colleague });
    const made = await other.create({ collection: "contacts", data: { lastname: "Hers" }, returnRepresentation: true });
    same([made._ownerid_value, made._createdby_value], [colleague, colleague]);
    same(await whoAmI(api), me);
  });
  await step("impersonate refused: nobody", async () => {
    const impersonate = "00000000-0000-4000-8000-00000000dead";
    try {
      await api.callFunction({ name: "WhoAmI", impersonate });
    } catch (error) {
      return holds([400, 401, 403, 404].includes(error.status) && error.message, `status ${error.status}`);
    }
    throw new Error("it went well");
  });
  await step("initializeInstance and Utility", async () => {
    const other = api.initializeInstance();
    same((await other.callFunction("WhoAmI")).UserId, me);
    same(api.Utility.toAbsoluteUrl("accounts"), `${url}/api/data/v9.2/accounts`);
  });
  await step("a wrong token is refused", async () => {
    await refused(401, () => client({ onTokenRefresh: async () => "wrong" }).callFunction("WhoAmI"));
  });
  await search(api, client);
}

async function search(api, client) {
  const surname = "Zetterkvist";
  let contact;
  await step("a contact to search for", async () => {
    contact = await api.create({ collection: "contacts", data: { firstname: "Örjan", lastname: surname, jobtitle: "Snickare" } });
  });
  const query = (more) => ({ query: { search: surname, entities: ["contact"], count: true, top: 5, ...more } });
  const entities = [{ name: "contact", selectColumns: ["fullname", "jobtitle"], searchColumns: ["fullname"] }];
  const unmarked = (text) => text.replaceAll(/\{\/?crmhit\}/g, "").trim().toLowerCase();
  const newer = () => client({ searchApi: { version: "2.0" } });

  await step("query, version 1", async () => {
    const found = await eventually("the contact", async () => {
      const page = await api.query(query());
      return page.value.length > 0 && page;
    });
    same(found.value.map((it) => it["@search.objectid"]), [contact]);
    same(found.value[0]["@search.entityname"], "contact");
    same(found.totalrecordcount, 1);
    same((await api.query("nobodyiscalledthis")).value, []);
  });
  await step("search, the old name of query", async () => {
    same((await api.search(query())).value.map((it) => it["@search.objectid"]), [contact]);
  });
  await step("query, version 2", async () => {
    const { response } = await newer().query(query({ entities, options: { searchMode: "all", queryType: "simple" } }));
    same([response.Count, response.Error], [1, null]);
    same([response.Value[0].Id, response.Value[0].EntityName], [contact, "contact"]);
    same(response.Value[0].Attributes.fullname, `Örjan ${surname}`);
    const marked = JSON.stringify(response.Value[0].Highlights);
    holds(marked.includes("{crmhit}") && marked.includes(surname), `highlights: ${marked}`);
  });
  await step("suggest, version 1", async () => {
    const found = await api.suggest({ query: { search: "Zetter", entities: ["contact"], useFuzzy: false } });
    holds(found.value.some((it) => it.text.includes("Zetter") && it.document), JSON.stringify(found));
  });
  await step("suggest, version 2", async () => {
    const { response } = await newer().suggest({ query: { search: "Zetter", entities, fuzzy: false } });
    holds(response.Value.some((it) => it.Text.includes("Zetter") && it.Document), JSON.stringify(response));
  });
  await step("autocomplete, version 1", async () => {
    const found = await api.autocomplete({ query: { search: "zetterk", entities: ["contact"] } });
    same(unmarked(found.value), surname.toLowerCase());
  });
  await step("autocomplete, version 2", async () => {
    const { response } = await newer().autocomplete({ query: { search: "zetterk", entities } });
    same(unmarked(response.Value), surname.toLowerCase());
  });
  await step("query refused: nothing to search for", () => refused(400, () => api.query({ query: { search: " " } })));
}
