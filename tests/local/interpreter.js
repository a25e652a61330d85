// Reads [{definition, input, answers}] on standard input, prints [{status, output, entered, failed}].
// Node 20 lacks what newer ones have
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
const fs = require("fs");
const { StateMachine } = require("aws-local-stepfunctions");

function handler(answers) {
  let attempts = 0;
  return () => {
    const answer = answers[Math.min(attempts++, answers.length - 1)];
    if (!answer.Throw) return answer.Return;
    const error = new Error(answer.Throw.Cause);
    error.name = answer.Throw.Error;
    throw error;
  };
}

function overrides(definition, answers) {
  const handlers = Object.entries(answers).map(([name, given]) => [name, handler(given)]);
  const none = (names) => Object.fromEntries(names.map((name) => [name, 0]));
  return {
    taskResourceLocalHandlers: Object.fromEntries(handlers),
    waitTimeOverrides: none(Object.keys(definition.States)),
    retryIntervalOverrides: none(Object.keys(answers)),
  };
}

async function run({ definition, input, answers }) {
  const machine = new StateMachine(definition, { validationOptions: { checkArn: false } });
  const execution = machine.run(input, { overrides: overrides(definition, answers) });
  const events = [];
  const listening = (async () => {
    for await (const event of execution.eventLogs) events.push(event);
  })();
  let status = "SUCCEEDED";
  const output = await execution.result.catch(() => void (status = "FAILED"));
  await listening;
  const names = (type) => events.filter((event) => event.type === type).map((event) => event.state.name);
  return { status, output, entered: names("StateEntered"), failed: names("StateFailed") };
}

async function main() {
  const ran = [];
  for (const asked of JSON.parse(fs.readFileSync(0, "utf8"))) ran.push(await run(asked));
  process.stdout.write(JSON.stringify(ran));
}

main();
