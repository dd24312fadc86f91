// In-memory SCIM 2.0 service provider on SCIMMY. Args: PORT [SEED.json]
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const TOKEN = process.env.SCIM_TOKEN ?? "scim-token";
const stores = { User: new Map(), Group: new Map() };
const notFound = (id) => new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);

function declare(Type, keys) {
  const store = stores[Type.name];
  Type.ingress((resource, data) => {           // POST (no id), PUT and PATCH (id)
    const old = resource.id && store.get(resource.id);
    if (resource.id && !old) throw notFound(resource.id);
    for (const k of keys) {
      const v = data[k]?.toLowerCase?.();
      for (const other of store.values())
        if (v && other.id !== resource.id && other[k]?.toLowerCase() === v)
          throw new SCIMMY.Types.Error(409, "uniqueness", `${k} is taken`);
    }
    const now = new Date().toISOString();
    const id = resource.id ?? randomUUID();
    const value = { ...JSON.parse(JSON.stringify(data)), id, meta: { created: old?.meta.created ?? now, lastModified: now } };
    if (value.displayName === undefined && value.name)
      value.displayName = [value.name.givenName, value.name.familyName].filter(Boolean).join(" ");
    store.set(id, value);
    return value;
  }).egress((resource) => {                     // GET one, GET list (SCIMMY pages, sorts)
    if (resource.id) {
      const found = store.get(resource.id);
      if (!found) throw notFound(resource.id);
      return found;
    }
    const all = [...store.values()];
    return resource.filter ? resource.filter.match(all) : all;
  }).degress((resource) => {                    // DELETE
    if (!store.delete(resource.id)) throw notFound(resource.id);
  });
  SCIMMY.Resources.declare(Type);
}
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
declare(SCIMMY.Resources.User, ["userName", "externalId"]);
declare(SCIMMY.Resources.Group, ["displayName"]);
if (process.argv[3])
  for (const u of JSON.parse(readFileSync(process.argv[3], "utf8")))
    await new SCIMMY.Resources.User().write(u);

const app = express();
if (process.env.SCIM_429)                       // fail every n-th request
  app.use(((n) => (_q, res, next) => (++n % Number(process.env.SCIM_429) ? next()
    : res.status(429).set("Retry-After", "1").type("application/scim+json")
      .send({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "429", detail: "slow down" })))(0));
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  handler: (req) => {
    if (req.header("Authorization") !== `Bearer ${TOKEN}`) throw new Error("bad token");
    return null;
  },
}));
const server = app.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(`ready ${server.address().port}`));
