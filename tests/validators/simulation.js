// Reads a list of {policy, action, resource, context}, writes a list of what iam-simulate decides.
const { runUnsafeSimulation } = require("@cloud-copilot/iam-simulate");

const account = "123456789012";
let given = "";
process.stdin.on("data", (chunk) => (given += chunk));
process.stdin.on("end", () => {
  const decided = JSON.parse(given).map(({ policy, action, resource, context }) => {
    const simulation = {
      identityPolicies: [{ name: "policy", policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal: `arn:aws:iam::${account}:role/machine`,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
    };
    return runUnsafeSimulation(simulation, {});
  });
  process.stdout.write(JSON.stringify(decided));
});
