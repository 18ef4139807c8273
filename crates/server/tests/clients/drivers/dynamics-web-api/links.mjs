// Links between records: associate and disassociate, of collections and of single lookups.
import { isGuid, refused, same, step } from "../steps.mjs";

export async function links(api) {
  let account, contact;
  const parent = async () =>
    (await api.retrieve({ collection: "contacts", key: contact, select: ["_parentcustomerid_value"] }))._parentcustomerid_value;

  await step("an account and a contact to link", async () => {
    account = isGuid(await api.create({ collection: "accounts", data: { name: "Linked" } }));
    contact = isGuid(await api.create({ collection: "contacts", data: { lastname: "Linked" } }));
  });
  await step("associate", async () => {
    await api.associate({
      collection: "accounts", primaryKey: account, relationshipName: "contact_customer_accounts", relatedCollection: "contacts",
      relatedKey: contact,
    });
    same(await parent(), account);
  });
  await step("disassociate", async () => {
    await api.disassociate({
      collection: "accounts", primaryKey: account, relationshipName: "contact_customer_accounts", relatedKey: contact,
    });
    same(await parent(), null);
  });
  await step("associateSingleValued", async () => {
    await api.associateSingleValued({
      collection: "contacts", primaryKey: contact, navigationProperty: "parentcustomerid_account", relatedCollection: "accounts",
      relatedKey: account,
    });
    same(await parent(), account);
  });
  await step("disassociateSingleValued", async () => {
    await api.disassociateSingleValued({ collection: "contacts", primaryKey: contact, navigationProperty: "parentcustomerid_account" });
    same(await parent(), null);
  });
  await step("associate refused: nothing there to link with", () =>
    refused(404, () => api.associate({
      collection: "accounts", primaryKey: account, relationshipName: "contact_customer_accounts", relatedCollection: "contacts",
      relatedKey: "00000000-0000-4000-8000-00000000dead",
    })));
}
