// Definitions: a type of our own with its columns, relationships, choices and files, used at once, and removed.
import { holds, isGuid, refused, same, step } from "../steps.mjs";

const label = (text) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [{ "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 }],
});
const crm = (name) => `Microsoft.Dynamics.CRM.${name}`;
const optional = { Value: "None", CanBeChanged: true };
const options = (...texts) => texts.map((text, at) => ({ Value: 100_000_000 + at, Label: label(text) }));

const logical = "new_dwaproject";
const key = `LogicalName='${logical}'`;
const collection = "new_dwaprojects";

export async function metadata(api) {
  let entity;
  await step("createEntity", async () => {
    const name = {
      "@odata.type": crm("StringAttributeMetadata"), AttributeType: "String", AttributeTypeName: { Value: "StringType" },
      SchemaName: "new_Name", IsPrimaryName: true, MaxLength: 100, FormatName: { Value: "Text" }, RequiredLevel: optional,
      DisplayName: label("Name"),
    };
    const data = {
      "@odata.type": crm("EntityMetadata"), SchemaName: "new_DwaProject", DisplayName: label("Project"),
      DisplayCollectionName: label("Projects"), Description: label("What we build"), OwnershipType: "UserOwned",
      HasActivities: true, HasNotes: true, IsActivity: false, Attributes: [name],
    };
    entity = isGuid(await api.createEntity({ data }));
  });
  await step("createEntity refused: it is there already", () =>
    api.createEntity({ data: { "@odata.type": crm("EntityMetadata"), SchemaName: "Contact" } }).then(
      () => { throw new Error("a second contact was made"); },
      (error) => holds(error.status >= 400 && error.status < 500 && error.message, `status ${error.status}`),
    ));
  await step("retrieveEntity", async () => {
    const select = ["LogicalName", "SchemaName", "EntitySetName", "PrimaryIdAttribute", "PrimaryNameAttribute", "DisplayName", "IsCustomEntity"];
    const found = await api.retrieveEntity({ key: entity, select });
    same([found.LogicalName, found.SchemaName, found.EntitySetName], [logical, "new_DwaProject", collection]);
    same([found.PrimaryIdAttribute, found.PrimaryNameAttribute, found.IsCustomEntity], ["new_dwaprojectid", "new_name", true]);
    same(found.DisplayName.UserLocalizedLabel.Label, "Project");
    const expanded = await api.retrieveEntity({ key, expand: [{ property: "Attributes", select: ["LogicalName"], filter: "IsPrimaryName eq true" }] });
    same([expanded.MetadataId, expanded.Attributes.map((it) => it.LogicalName)], [entity, ["new_name"]]);
    await refused(404, () => api.retrieveEntity({ key: "LogicalName='new_nothing'" }));
  });
  await step("retrieveEntities", async () => {
    const some = await api.retrieveEntities({ select: ["LogicalName"], filter: `LogicalName eq '${logical}' or LogicalName eq 'contact'` });
    same(some.value.map((it) => it.LogicalName).sort(), ["contact", logical]);
    const all = await api.retrieveEntities();
    holds(all.value.length > 10 && all.value.every((it) => it.MetadataId && it.EntitySetName), `${all.value.length} types`);
  });
  await step("updateEntity", async () => {
    const data = await api.retrieveEntity({ key: entity });
    data.DisplayName = label("Undertaking");
    same(await api.updateEntity({ data, mergeLabels: true }), true);
    same((await api.retrieveEntity({ key, select: ["DisplayName"] })).DisplayName.UserLocalizedLabel.Label, "Undertaking");
  });

  await columns(api);
  await choices(api);
  await relationships(api);
  await files(api);
  await step("retrieveCsdlMetadata", async () => {
    const text = await api.retrieveCsdlMetadata();
    holds(text.startsWith("<?xml") || text.startsWith("<edmx:Edmx"), text.slice(0, 60));
    holds(text.includes(`<EntityType Name="${logical}"`), "our own type is missing");
    const annotated = await api.retrieveCsdlMetadata({ addAnnotations: true });
    holds(annotated.length >= text.length, "fewer words with annotations");
  });
  await step("deleteRecord of a column and of the type", async () => {
    same(await api.deleteRecord({ collection: "EntityDefinitions", key, navigationProperty: "Attributes", navigationPropertyKey: "LogicalName='new_amount'" }), true);
    await refused(404, () => api.retrieveAttribute({ entityKey: key, attributeKey: "LogicalName='new_amount'" }));
    for (const row of (await api.retrieveAll({ collection })).value) await api.deleteRecord({ collection, key: row.new_dwaprojectid });
    same(await api.deleteRecord({ collection: "EntityDefinitions", key: entity }), true);
    await refused(404, () => api.retrieveEntity({ key }));
    await refused(404, () => api.retrieveMultiple({ collection }));
  });
}

async function columns(api) {
  let code;
  await step("createAttribute", async () => {
    const make = (type, SchemaName, more) =>
      api.createAttribute({ entityKey: key, data: { "@odata.type": crm(type), SchemaName, DisplayName: label(SchemaName), RequiredLevel: optional, ...more } });
    code = isGuid(await make("StringAttributeMetadata", "new_Code", { MaxLength: 20, FormatName: { Value: "Text" } }));
    isGuid(await make("IntegerAttributeMetadata", "new_Amount", { MinValue: 0, MaxValue: 100, Format: "None" }));
    isGuid(await make("BooleanAttributeMetadata", "new_Done", {
      DefaultValue: false,
      OptionSet: { TrueOption: { Value: 1, Label: label("Yes") }, FalseOption: { Value: 0, Label: label("No") }, OptionSetType: "Boolean" },
    }));
    isGuid(await make("DateTimeAttributeMetadata", "new_Start", { Format: "DateOnly" }));
    isGuid(await make("MemoAttributeMetadata", "new_Story", { MaxLength: 2000 }));
    isGuid(await make("PicklistAttributeMetadata", "new_Phase", {
      OptionSet: { "@odata.type": crm("OptionSetMetadata"), IsGlobal: false, OptionSetType: "Picklist", Options: options("Plan", "Build") },
    }));
    isGuid(await make("FileAttributeMetadata", "new_Drawing", { MaxSizeInKB: 30720 }));
  });
  await step("createAttribute refused: a bad name", () =>
    refused(400, () => api.createAttribute({ entityKey: key, data: { "@odata.type": crm("StringAttributeMetadata"), SchemaName: "new_; DROP TABLE" } })));
  await step("retrieveAttribute", async () => {
    const found = await api.retrieveAttribute({ entityKey: key, attributeKey: code, castType: crm("StringAttributeMetadata") });
    same([found.LogicalName, found.MaxLength, found.AttributeType], ["new_code", 20, "String"]);
    const phase = await api.retrieveAttribute({
      entityKey: key, attributeKey: "LogicalName='new_phase'", castType: crm("PicklistAttributeMetadata"), select: ["LogicalName"],
      expand: [{ property: "OptionSet" }],
    });
    same(phase.OptionSet.Options.map((it) => [it.Value, it.Label.UserLocalizedLabel.Label]), [[100_000_000, "Plan"], [100_000_001, "Build"]]);
  });
  await step("retrieveAttributes", async () => {
    const all = (await api.retrieveAttributes({ entityKey: key, select: ["LogicalName", "AttributeType"] })).value;
    const names = all.map((it) => it.LogicalName);
    for (const name of ["new_dwaprojectid", "new_name", "new_code", "new_amount", "new_phase", "statecode", "ownerid"]) {
      holds(names.includes(name), `${name} is missing: ${names}`);
    }
    holds(all.every((it) => it["@odata.type"]?.startsWith("#Microsoft.Dynamics.CRM.")), "a column without its type");
    const strings = await api.retrieveAttributes({ entityKey: key, castType: crm("IntegerAttributeMetadata"), filter: "LogicalName eq 'new_amount'" });
    same(strings.value.map((it) => [it.LogicalName, it.MinValue, it.MaxValue]), [["new_amount", 0, 100]]);
  });
  await step("updateAttribute", async () => {
    const data = await api.retrieveAttribute({ entityKey: key, attributeKey: code, castType: crm("StringAttributeMetadata") });
    Object.assign(data, { "@odata.type": crm("StringAttributeMetadata"), MaxLength: 40, DisplayName: label("Short code") });
    same(await api.updateAttribute({ entityKey: key, data, castType: crm("StringAttributeMetadata"), mergeLabels: true }), true);
    const found = await api.retrieveAttribute({ entityKey: key, attributeKey: code, castType: crm("StringAttributeMetadata") });
    same([found.MaxLength, found.DisplayName.UserLocalizedLabel.Label], [40, "Short code"]);
  });
  await step("records of our own type", async () => {
    const data = { new_name: "Bridge", new_code: "B-1", new_amount: 7, new_done: true, new_start: "2026-11-23", new_phase: 100_000_001, new_story: "Long" };
    const made = await api.create({ collection, data, returnRepresentation: true, includeAnnotations: "*" });
    same([made.new_amount, made.new_done, made.new_start, made.new_phase_Formatted], [7, true, "2026-11-23", "Build"]);
    await refused(400, () => api.create({ collection, data: { new_name: "Too much", new_amount: 101 } }));
    await refused(400, () => api.create({ collection, data: { new_name: "No phase", new_phase: 5 } }));
    const found = await api.retrieveMultiple({ collection, filter: "new_amount gt 5 and new_phase eq 100000001", select: ["new_name"] });
    same(found.value.map((it) => it.new_name), ["Bridge"]);
  });
}

async function choices(api) {
  let id;
  await step("createGlobalOptionSet", async () => {
    const data = { "@odata.type": crm("OptionSetMetadata"), Name: "new_dwacolour", DisplayName: label("Colour"), IsGlobal: true, OptionSetType: "Picklist", Options: options("Red", "Blue") };
    id = isGuid(await api.createGlobalOptionSet({ data }));
  });
  await step("retrieveGlobalOptionSet", async () => {
    const found = await api.retrieveGlobalOptionSet({ key: "Name='new_dwacolour'" });
    same([found.MetadataId, found.Options.map((it) => it.Label.UserLocalizedLabel.Label)], [id, ["Red", "Blue"]]);
    const cast = await api.retrieveGlobalOptionSet({ key: id, castType: crm("OptionSetMetadata"), select: ["Name"] });
    same(cast.Name, "new_dwacolour");
  });
  await step("retrieveGlobalOptionSets", async () => {
    for (const request of [undefined, { castType: crm("OptionSetMetadata"), select: ["Name"] }]) {
      const { value } = await api.retrieveGlobalOptionSets(request);
      holds(value.some((it) => it.Name === "new_dwacolour"), `not among ${value.length}`);
    }
  });
  await step("updateGlobalOptionSet", async () => {
    const data = await api.retrieveGlobalOptionSet({ key: id });
    data.DisplayName = label("Paint");
    same(await api.updateGlobalOptionSet({ data, mergeLabels: true }), true);
    same((await api.retrieveGlobalOptionSet({ key: id })).DisplayName.UserLocalizedLabel.Label, "Paint");
  });
  await step("a column of global choices", async () => {
    const data = { "@odata.type": crm("PicklistAttributeMetadata"), SchemaName: "new_Colour", DisplayName: label("Colour"), RequiredLevel: optional, "GlobalOptionSet@odata.bind": `/GlobalOptionSetDefinitions(${id})` };
    await api.createAttribute({ entityKey: key, data });
    const made = await api.create({ collection, data: { new_name: "Blue", new_colour: 100_000_001 }, returnRepresentation: true, includeAnnotations: "*" });
    same(made.new_colour_Formatted, "Blue");
    same(await api.deleteRecord({ collection: "EntityDefinitions", key, navigationProperty: "Attributes", navigationPropertyKey: "LogicalName='new_colour'" }), true);
  });
  await step("deleteGlobalOptionSet", async () => {
    same(await api.deleteGlobalOptionSet({ key: id }), true);
    await refused(404, () => api.retrieveGlobalOptionSet({ key: "Name='new_dwacolour'" }));
  });
}

async function relationships(api) {
  let toAccount, toContacts, account, contact, project;
  await step("createRelationship, one to many", async () => {
    const data = {
      "@odata.type": crm("OneToManyRelationshipMetadata"), SchemaName: "new_account_dwaproject", ReferencedEntity: "account",
      ReferencedAttribute: "accountid", ReferencingEntity: logical,
      CascadeConfiguration: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade", Reparent: "NoCascade", Share: "NoCascade", Unshare: "NoCascade" },
      Lookup: { "@odata.type": crm("LookupAttributeMetadata"), AttributeType: "Lookup", AttributeTypeName: { Value: "LookupType" }, SchemaName: "new_AccountId", DisplayName: label("Account"), RequiredLevel: optional },
    };
    toAccount = isGuid(await api.createRelationship({ data }));
  });
  await step("createRelationship, many to many", async () => {
    const data = { "@odata.type": crm("ManyToManyRelationshipMetadata"), SchemaName: "new_dwaproject_contact", Entity1LogicalName: logical, Entity2LogicalName: "contact", IntersectEntityName: "new_dwaproject_contact" };
    toContacts = isGuid(await api.createRelationship({ data }));
  });
  await step("retrieveRelationship", async () => {
    const found = await api.retrieveRelationship({ key: toAccount, castType: crm("OneToManyRelationshipMetadata") });
    same([found.SchemaName, found.ReferencingEntity, found.ReferencingAttribute], ["new_account_dwaproject", logical, "new_accountid"]);
    same((await api.retrieveRelationship({ key: "SchemaName='new_dwaproject_contact'" })).MetadataId, toContacts);
  });
  await step("retrieveRelationships", async () => {
    const filter = "SchemaName eq 'new_account_dwaproject'";
    const found = await api.retrieveRelationships({ castType: crm("OneToManyRelationshipMetadata"), filter, select: ["SchemaName", "ReferencedEntity"] });
    same(found.value.map((it) => [it.SchemaName, it.ReferencedEntity]), [["new_account_dwaproject", "account"]]);
    const all = await api.retrieveRelationships();
    holds(all.value.some((it) => it.SchemaName === "new_dwaproject_contact"), "the other one is missing");
  });
  await step("updateRelationship", async () => {
    const castType = crm("OneToManyRelationshipMetadata");
    const data = await api.retrieveRelationship({ key: toAccount, castType });
    data["@odata.type"] = castType;
    data.CascadeConfiguration.Delete = "Restrict";
    same(await api.updateRelationship({ data, castType }), true);
    same((await api.retrieveRelationship({ key: toAccount, castType })).CascadeConfiguration.Delete, "Restrict");
  });
  await step("records linked by our own relationships", async () => {
    account = await api.create({ collection: "accounts", data: { name: "Builder" } });
    contact = await api.create({ collection: "contacts", data: { lastname: "Mason" } });
    project = await api.create({ collection, data: { new_name: "House", "new_AccountId@odata.bind": `/accounts(${account})` } });
    const up = await api.retrieve({ collection, key: project, select: ["_new_accountid_value"], expand: [{ property: "new_AccountId", select: ["name"] }] });
    same([up._new_accountid_value, up.new_AccountId.name], [account, "Builder"]);
    const down = await api.retrieve({ collection: "accounts", key: account, select: ["name"], expand: [{ property: "new_account_dwaproject", select: ["new_name"] }] });
    same(down.new_account_dwaproject.map((it) => it.new_name), ["House"]);
  });
  await step("associate and disassociate, many to many", async () => {
    const members = async () => {
      const expand = [{ property: "new_dwaproject_contact", select: ["lastname"] }];
      return (await api.retrieve({ collection, key: project, select: ["new_name"], expand })).new_dwaproject_contact.map((it) => it.lastname);
    };
    await api.associate({ collection, primaryKey: project, relationshipName: "new_dwaproject_contact", relatedCollection: "contacts", relatedKey: contact });
    same(await members(), ["Mason"]);
    await api.disassociate({ collection, primaryKey: project, relationshipName: "new_dwaproject_contact", relatedKey: contact });
    same(await members(), []);
  });
  await step("deleteRelationship", async () => {
    same(await api.deleteRelationship({ key: toAccount }), true);
    same(await api.deleteRelationship({ key: toContacts }), true);
    await refused(404, () => api.retrieveRelationship({ key: toAccount }));
    await refused(400, () => api.retrieve({ collection, key: project, select: ["_new_accountid_value"] }));
  });
}

async function files(api) {
  const bytes = (size) => Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 256));
  let row;
  const around = async (fileName, data) => {
    await api.uploadFile({ collection, key: row, property: "new_drawing", fileName, data });
    const found = await api.downloadFile({ collection, key: row, property: "new_drawing" });
    same([found.fileName, found.fileSize, found.data.length], [fileName, data.length, data.length]);
    holds(Buffer.compare(found.data, data) === 0, "other bytes came back");
  };
  await step("uploadFile and downloadFile", async () => {
    row = await api.create({ collection, data: { new_name: "Drawn" } });
    await around("small.bin", bytes(1000));
    isGuid((await api.retrieve({ collection, key: row, select: ["new_drawing"] })).new_drawing, "the file's id");
  });
  await step("uploadFile and downloadFile in several pieces", () => around("large.bin", bytes(9_000_001)));
  await step("uploadFile of exactly one piece", () => around("even.bin", bytes(4_194_304)));
  await step("deleteRecord of a file", async () => {
    same(await api.deleteRecord({ collection, key: row, property: "new_drawing" }), true);
    same((await api.retrieve({ collection, key: row, select: ["new_drawing"] })).new_drawing, null);
    await refused(404, () => api.downloadFile({ collection, key: row, property: "new_drawing" }));
  });
}
