// Many requests in one: change sets that hold together, references between them, and going on after a failure.
import { holds, isGuid, same, step } from "../steps.mjs";

const collection = "contacts";
const nobody = "00000000-0000-4000-8000-00000000dead";

export async function batches(api) {
  const batch = async (fill, request) => {
    api.startBatch();
    fill();
    return api.executeBatch(request);
  };
  const named = async (name) => (await api.retrieveMultiple({ collection, select: ["lastname"], filter: `lastname eq '${name}'` })).value.length;
  /** What executeBatch is to be rejected with. */
  const rejected = async (work) => {
    let value;
    try {
      value = await work();
    } catch (errors) {
      return Array.isArray(errors) ? errors : [errors];
    }
    throw new Error(`it went well: ${JSON.stringify(value)}`);
  };

  await step("executeBatch: a change set, its ids in order", async () => {
    const key = await api.create({ collection, data: { lastname: "Before" } });
    const gone = await api.create({ collection, data: { lastname: "Gone" } });
    const found = await batch(() => {
      api.create({ collection, data: { lastname: "Batch ä{1}" } });
      api.update({ collection, key, data: { lastname: "After" } });
      api.deleteRecord({ collection, key: gone });
    });
    same(found.length, 3);
    isGuid(found[0]);
    same([found[1], found[2]], [true, true]);
    same([await named("Batch ä{1}"), await named("After"), await named("Gone")], [1, 1, 0]);
  });
  await step("executeBatch: references within a change set", async () => {
    const [account, first, second] = await batch(() => {
      api.create({ collection: "accounts", data: { name: "Batched" }, contentId: "1" });
      api.create({ collection, data: { lastname: "Batch child", "parentcustomerid_account@odata.bind": "$1" }, contentId: "2" });
      api.create({ collection: "contact_customer_accounts", contentId: "$1", data: { lastname: "Batch grandchild" } });
      api.associateSingleValued({ contentId: "$1", navigationProperty: "primarycontactid", relatedKey: "$2" });
    });
    const expand = [{ property: "contact_customer_accounts", select: ["lastname"], orderBy: ["lastname"] }];
    const found = await api.retrieve({ collection: "accounts", key: isGuid(account), select: ["_primarycontactid_value"], expand });
    same(found._primarycontactid_value, first);
    same(found.contact_customer_accounts.map((it) => it.contactid), [first, second]);
  });
  await step("executeBatch: questions", async () => {
    const key = await api.create({ collection, data: { lastname: "Asked" } });
    const fetchXml = '<fetch><entity name="contact"><attribute name="lastname"/><filter><condition attribute="lastname" operator="eq" value="Asked"/></filter></entity></fetch>';
    const found = await batch(() => {
      api.retrieve({ collection, key, select: ["lastname"], includeAnnotations: "*" });
      api.retrieveMultiple({ collection, select: ["lastname"], filter: "lastname eq 'Asked'", count: true });
      api.count({ collection });
      api.fetch({ collection, fetchXml });
      api.callFunction("WhoAmI");
    });
    same([found[0].lastname, found[1].value.length, found[1].oDataCount], ["Asked", 1, 1]);
    holds(Number.isInteger(found[2]) && found[2] > 1, `count ${found[2]}`);
    same(found[3].value.map((it) => it.lastname), ["Asked"]);
    isGuid(found[4].UserId);
  });
  await step("executeBatch: questions between changes", async () => {
    const found = await batch(() => {
      api.retrieveMultiple({ collection, select: ["lastname"], filter: "lastname eq 'Between'" });
      api.create({ collection, data: { lastname: "Between" } });
      api.retrieveMultiple({ collection, select: ["lastname"], filter: "lastname eq 'Between'" });
    });
    same([found[0].value.length, found[2].value.length], [0, 1]);
    isGuid(found[1]);
  });
  await step("executeBatch: of a change set that fails, nothing stays", async () => {
    const [error] = await rejected(() => batch(() => {
      api.create({ collection, data: { lastname: "Half" } });
      api.update({ collection, key: nobody, data: { lastname: "Half" } });
    }));
    same(error.status, 404);
    holds(error.error?.message || error.message, "no message");
    same(await named("Half"), 0);
  });
  await step("executeBatch: without a change set, what went well before stays", async () => {
    const errors = await rejected(() => batch(() => {
      api.create({ collection, data: { lastname: "Stays" } });
      api.update({ collection, key: nobody, data: { lastname: "Stays" } });
      api.create({ collection, data: { lastname: "Never" } });
    }, { inChangeSet: false }));
    same(errors.at(-1).status, 404);
    same([await named("Stays"), await named("Never")], [1, 0]);
  });
  await step("executeBatch: going on after a failure", async () => {
    const found = await batch(() => {
      api.create({ collection, data: { lastname: "Goes" }, inChangeSet: false });
      api.retrieve({ collection, key: nobody });
      api.create({ collection, data: { lastname: "On" }, inChangeSet: false });
    }, { continueOnError: true });
    isGuid(found[0]);
    same(found[1].status, 404);
    holds(/^0x/.test(found[1].error.code) && found[1].error.message, JSON.stringify(found[1]));
    isGuid(found[2]);
  });
  await step("executeBatch: representations and versions", async () => {
    const key = await api.create({ collection, data: { lastname: "Version" } });
    const etag = (await api.retrieve({ collection, key, select: ["lastname"] }))["@odata.etag"];
    const [whole] = await batch(() => api.create({ collection, data: { lastname: "Whole" }, returnRepresentation: true }));
    same(whole.lastname, "Whole");
    const change = (lastname) => batch(() => api.update({ collection, key, data: { lastname }, ifmatch: etag }));
    same(await change("Version 2"), [true]);
    same((await rejected(() => change("Version 3")))[0].status, 412);
  });
}
