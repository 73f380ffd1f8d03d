// Reads a project as the Salesforce CLI does. Usage: node componentset.mjs
// FOLDER-OF-PACKAGES FOLDER [messages | users | everything]
//
// What it parses: with "messages" the workflow files alone, and it counts the
// outbound messages; with "users" also the flows, approval processes and
// entitlement processes, and it counts what fires them, so that it answers what
// `sidestep scan` does; with "everything" every component of the folder.
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, folder, how = "messages"] = process.argv.slice(2);
const { ComponentSet } = createRequire(join(packages, "package.json"))("@salesforce/source-deploy-retrieve");
const list = (value) => [value ?? []].flat();
const sends = (action) => action.type === "OutboundMessage";

let messages = 0, flagged = 0, uses = 0, parsed = 0;

const read = {
  Workflow({ Workflow }) {
    for (const message of list(Workflow.outboundMessages)) {
      messages++;
      if (String(message.includeSessionId) === "true") flagged++;
    }
    for (const rule of list(Workflow.rules)) {
      const later = list(rule.workflowTimeTriggers).flatMap((trigger) => list(trigger.actions));
      uses += [...list(rule.actions), ...later].filter(sends).length;
    }
  },
  Flow({ Flow }) {
    const steps = list(Flow.orchestratedStages).flatMap((stage) => list(stage.stageSteps));
    uses += [...list(Flow.actionCalls), ...steps].filter((action) => action.actionType === "outboundMessage").length;
  },
  ApprovalProcess({ ApprovalProcess: process }) {
    const steps = list(process.approvalStep).flatMap((step) => [step.approvalActions, step.rejectionActions]);
    const places = [process.initialSubmissionActions, process.finalApprovalActions, process.finalRejectionActions, process.recallActions, ...steps];
    uses += places.flatMap((place) => list(place?.action)).filter(sends).length;
  },
  EntitlementProcess({ EntitlementProcess }) {
    for (const milestone of list(EntitlementProcess.milestones)) {
      const later = list(milestone.timeTriggers).flatMap((trigger) => list(trigger.actions));
      uses += [...list(milestone.successActions), ...later].filter(sends).length;
    }
  },
};

for (const component of ComponentSet.fromSource(folder).getSourceComponents()) {
  const type = component.type.name;
  if (how === "everything" || type === "Workflow" || (how === "users" && type in read)) {
    const document = await component.parseXml();
    parsed++;
    read[type]?.(document);
  }
}
console.log(`${parsed} components parsed: ${messages} messages, ${flagged} with a session id, ${uses} uses`);
