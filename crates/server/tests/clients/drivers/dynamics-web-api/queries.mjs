// Many records: every option of a query, pages, counts, FetchXML, saved queries, changes since last time.
import { holds, isGuid, refused, same, step } from "../steps.mjs";

const collection = "contacts";
const mark = "Query tester";
const names = (page) => page.value.map((it) => it.lastname);

export async function queries(api, client) {
  const ours = `jobtitle eq '${mark}'`;
  let account;
  const keys = [];

  await step("seven contacts to ask about", async () => {
    account = await api.create({ collection: "accounts", data: { name: "Query account" } });
    for (let number = 1; number <= 7; number += 1) {
      const data = { lastname: `Q${number}`, firstname: number % 2 ? "Odd" : "Even", jobtitle: mark, donotemail: number > 5 };
      if (number <= 2) data["parentcustomerid_account@odata.bind"] = `/accounts(${account})`;
      keys.push(isGuid(await api.create({ collection, data })));
    }
  });
  const ask = (more) => api.retrieveMultiple({ collection, select: ["lastname"], filter: ours, orderBy: ["lastname"], ...more });

  await step("retrieveMultiple: select, filter, order, top, count", async () => {
    const page = await ask({ top: 3, count: true });
    same([names(page), page.oDataCount], [["Q1", "Q2", "Q3"], 7]);
    same(Object.keys(page.value[0]).filter((it) => !it.includes("@")).sort(), ["contactid", "lastname"]);
    same(names(await ask({ orderBy: ["firstname asc", "lastname desc"] })), ["Q6", "Q4", "Q2", "Q7", "Q5", "Q3", "Q1"]);
  });
  for (const [filter, expected] of [
    ["lastname gt 'Q5'", "Q6 Q7"],
    ["not (lastname ge 'Q2')", "Q1"],
    ["donotemail eq true or lastname le 'Q1'", "Q1 Q6 Q7"],
    ["startswith(lastname,'Q') and endswith(lastname,'7')", "Q7"],
    ["contains(firstname,'ve')", "Q2 Q4 Q6"],
    ["_parentcustomerid_value ne null", "Q1 Q2"],
    ["parentcustomerid_account/name eq 'Query account'", "Q1 Q2"],
    ["emailaddress1 eq null and lastname eq 'Q3'", "Q3"],
    ["Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=['Q2','Q7'])", "Q2 Q7"],
    ["Microsoft.Dynamics.CRM.Between(PropertyName='lastname',PropertyValues=['Q2','Q4'])", "Q2 Q3 Q4"],
    ["Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=2) and lastname eq 'Q4'", "Q4"],
    ["Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid') and lastname eq 'Q5'", "Q5"],
    ["createdon lt 2001-01-01T00:00:00Z", ""],
    ["contactid eq {GUID}", "Q3"],
  ]) {
    await step(`retrieveMultiple: ${filter}`, async () => {
      const page = await ask({ filter: `${ours} and (${filter.replace("GUID", keys[2])})` });
      same(names(page).join(" "), expected);
    });
  }
  await step("retrieveMultiple: any and all of a collection", async () => {
    const find = (filter) => api.retrieveMultiple({ collection: "accounts", select: ["name"], filter });
    const any = await find(`contact_customer_accounts/any(c:c/lastname eq 'Q2' and c/jobtitle eq '${mark}')`);
    same(any.value.map((it) => it.accountid), [account]);
    const all = await find(`name eq 'Query account' and contact_customer_accounts/all(c:c/jobtitle eq '${mark}')`);
    same(all.value.length, 1);
  });
  await step("retrieveMultiple: a filter as a parameter", async () => {
    const page = await ask({ filter: "lastname eq @name and jobtitle eq @job", queryParams: ["@name='Q4'", `@job='${mark}'`] });
    same(names(page), ["Q4"]);
  });
  await step("retrieveMultiple: expand, nested", async () => {
    const expand = [{
      property: "contact_customer_accounts", select: ["lastname"], filter: "lastname ne 'Q1'", orderBy: ["lastname"], top: 5,
      expand: [{ property: "parentcustomerid_account", select: ["name"] }],
    }];
    const page = await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `accountid eq ${account}`, expand });
    same(page.value[0].contact_customer_accounts.map((it) => it.lastname), ["Q2"]);
    same(page.value[0].contact_customer_accounts[0].parentcustomerid_account.name, "Query account");
  });
  await step("retrieveMultiple: expand in words", async () => {
    const page = await ask({ filter: `${ours} and lastname eq 'Q1'`, expand: "parentcustomerid_account($select=name)" });
    same(page.value[0].parentcustomerid_account.name, "Query account");
  });
  await step("retrieveMultiple: apply", async () => {
    const apply = `filter(${ours})/groupby((firstname),aggregate($count as total))`;
    const page = await api.retrieveMultiple({ collection, apply });
    const totals = Object.fromEntries(page.value.map((it) => [it.firstname, it.total]));
    same(totals, { Odd: 4, Even: 3 });
  });
  await step("retrieveMultiple: annotations on rows", async () => {
    const page = await ask({ select: ["statecode", "_parentcustomerid_value"], includeAnnotations: "*", top: 1 });
    same(page.value[0].statecode_Formatted, "Active");
    same(page.value[0]._parentcustomerid_value_Formatted, "Query account");
    same(page.value[0]._parentcustomerid_value_LogicalName, "account");
  });
  await step("retrieveMultiple: the next page by its link", async () => {
    const request = { collection, select: ["lastname"], filter: ours, orderBy: ["lastname"], maxPageSize: 3, count: true };
    const first = await api.retrieveMultiple(request);
    same([names(first), first.oDataCount], [["Q1", "Q2", "Q3"], 7]);
    const second = await api.retrieveMultiple(request, first.oDataNextLink);
    same(names(second), ["Q4", "Q5", "Q6"]);
    const third = await api.retrieveMultiple(request, second.oDataNextLink);
    same([names(third), third.oDataNextLink], [["Q7"], undefined]);
  });
  await step("retrieveMultiple: longer than a URL may be", async () => {
    const long = Array.from({ length: 90 }, (_, number) => `lastname eq 'Nobody ${number}'`).join(" or ");
    same(names(await ask({ filter: `${ours} and (lastname eq 'Q2' or ${long})` })), ["Q2"]);
  });
  await step("retrieveMultiple refused: no such column", () => refused(400, () => ask({ filter: "colour eq 'red'" })));
  await step("retrieveMultiple refused: not understood", () => refused(400, () => ask({ filter: "lastname eq (" })));
  await step("retrieveMultiple by a personal query", async () => {
    const fetchxml = `<fetch><entity name="contact"><attribute name="lastname"/><order attribute="lastname" descending="true"/><filter><condition attribute="jobtitle" operator="eq" value="${mark}"/></filter></entity></fetch>`;
    const data = { name: "Testers", returnedtypecode: "contact", fetchxml, layoutxml: "", querytype: 0 };
    const userQuery = isGuid(await api.create({ collection: "userqueries", data }));
    same(names(await api.retrieveMultiple({ collection, userQuery })), ["Q7", "Q6", "Q5", "Q4", "Q3", "Q2", "Q1"]);
  });
  await step("retrieveMultiple by a shared query", async () => {
    const fetchxml = `<fetch><entity name="contact"><attribute name="lastname"/><order attribute="lastname"/><filter><condition attribute="jobtitle" operator="eq" value="${mark}"/><condition attribute="lastname" operator="le" value="Q2"/></filter></entity></fetch>`;
    const data = { name: "All testers", returnedtypecode: "contact", fetchxml, layoutxml: "", querytype: 0 };
    const savedQuery = isGuid(await api.create({ collection: "savedqueries", data }));
    const found = await api.retrieveMultiple({ collection: "savedqueries", select: ["name"], filter: "returnedtypecode eq 'contact'" });
    holds(found.value.some((it) => it.savedqueryid === savedQuery), "it is not listed");
    same(names(await api.retrieveMultiple({ collection, savedQuery })), ["Q1", "Q2"]);
  });

  await step("retrieveAll", async () => {
    const found = await api.retrieveAll({ collection, select: ["lastname"], filter: ours, orderBy: ["lastname"], maxPageSize: 2 });
    same(names(found), ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"]);
  });
  await step("retrieveAll with changes from then on", async () => {
    const all = await api.retrieveAll({ collection, select: ["lastname", "jobtitle"], trackChanges: true });
    holds(all.value.length >= 7 && all.oDataDeltaLink, `${all.value.length} rows, link ${all.oDataDeltaLink}`);
    await api.update({ collection, key: keys[0], data: { jobtitle: "Changed" } });
    await api.deleteRecord({ collection, key: keys[6] });
    const changes = await api.retrieveMultiple({ collection }, all.oDataDeltaLink);
    same(changes.value.find((it) => it.contactid === keys[0])?.jobtitle, "Changed");
    const gone = changes.value.filter((it) => it["@odata.context"]?.endsWith("$deletedEntity"));
    same(gone.map((it) => [it.id, it.reason]), [[keys[6], "deleted"]]);
    same(changes.value.length, 2, "nothing else changed");
    await api.update({ collection, key: keys[0], data: { jobtitle: mark } });
    const more = await api.retrieveMultiple({ collection }, changes.oDataDeltaLink);
    same(more.value.map((it) => it.contactid), [keys[0]]);
  });

  await step("count", async () => {
    const all = await api.count({ collection });
    holds(Number.isInteger(all) && all >= 6, `${all}`);
    same(await api.count({ collection, filter: ours }), 6);
    same(await api.count({ collection, filter: "lastname eq 'nobody at all'" }), 0);
  });
  await step("countAll", async () => same(await api.countAll({ collection, filter: ours, select: ["contactid"] }), 6));

  const xml = (attributes, more = "") => `<fetch ${attributes}><entity name="contact"><attribute name="lastname"/><order attribute="lastname"/><filter><condition attribute="jobtitle" operator="eq" value="${mark}"/></filter>${more}</entity></fetch>`;
  await step("fetch", async () => {
    same(names(await api.fetch({ collection, fetchXml: xml('top="2"') })), ["Q1", "Q2"]);
    const page = await api.fetch({ collection, fetchXml: xml('count="4" returntotalrecordcount="true"'), includeAnnotations: "*" });
    same(names(page), ["Q1", "Q2", "Q3", "Q4"]);
    same(page["@Microsoft.Dynamics.CRM.totalrecordcount"], 6);
    same(page.PagingInfo.nextPage, 2);
    const next = await api.fetch({
      collection, fetchXml: xml('count="4"'), pageNumber: page.PagingInfo.nextPage, pagingCookie: page.PagingInfo.cookie,
      includeAnnotations: "*",
    });
    same([names(next), next.PagingInfo], [["Q5", "Q6"], undefined]);
  });
  await step("fetch with a linked type", async () => {
    const link = '<link-entity name="account" from="accountid" to="parentcustomerid" alias="firm"><attribute name="name"/></link-entity>';
    const page = await api.fetch({ collection, fetchXml: xml("", link) });
    same(page.value.map((it) => it["firm.name"] ?? it.firm?.name), ["Query account", "Query account"]);
  });
  await step("fetch with sums", async () => {
    const fetchXml = `<fetch aggregate="true"><entity name="contact"><attribute name="contactid" alias="total" aggregate="count"/><attribute name="firstname" alias="first" groupby="true"/><filter><condition attribute="jobtitle" operator="eq" value="${mark}"/></filter></entity></fetch>`;
    const page = await api.fetch({ collection, fetchXml });
    same(Object.fromEntries(page.value.map((it) => [it.first, it.total])), { Odd: 3, Even: 3 });
  });
  await step("fetchAll", async () => {
    const all = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"];
    same(names(await api.fetchAll({ collection, fetchXml: xml('count="2"'), includeAnnotations: "*" })), all);
    same(names(await api.fetchAll({ collection, fetchXml: xml('count="4"') })), all, "unasked");
  });

  await step("setConfig, and names of types instead of collections", async () => {
    const other = client();
    other.setConfig({ useEntityNames: true, maxPageSize: 2, returnRepresentation: true, includeAnnotations: "*" });
    const data = { lastname: "Named", "parentcustomerid_account@odata.bind": `/account(${account})` };
    const made = await other.create({ collection: "contact", data });
    same([made._parentcustomerid_value_Formatted, made.statecode_Formatted], ["Query account", "Active"]);
    const page = await other.retrieveMultiple({ collection: "contact", select: ["lastname"], filter: ours });
    same(page.value.length, 2);
    same(other.Utility.getCollectionName("account"), "accounts");
  });
}
