// Reads a project as the Salesforce CLI does, and counts the outbound messages in
// its workflow files. Usage: node componentset.mjs FOLDER-OF-PACKAGES FOLDER
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, folder] = process.argv.slice(2);
const { ComponentSet } = createRequire(join(packages, "package.json"))("@salesforce/source-deploy-retrieve");
let messages = 0, flagged = 0;
for (const component of ComponentSet.fromSource(folder).getSourceComponents()) {
  if (component.type.name !== "Workflow") continue;
  const { Workflow } = await component.parseXml();
  for (const message of [Workflow.outboundMessages ?? []].flat()) {
    messages++;
    if (String(message.includeSessionId) === "true") flagged++;
  }
}
console.log(`${messages} messages, ${flagged} with a session id`);
