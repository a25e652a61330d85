// What the reference implementation of JSONata makes of expressions, as JSON.

const jsonata = require("jsonata");

async function answer(expression, input) {
  try {
    const value = await jsonata(expression).evaluate(undefined, { states: { input } });
    return value === undefined ? { error: "" } : { value: JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return { error: error.code ? `${error.code}: ${error.message}` : "" };
  }
}

async function main() {
  const { expressions, input } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
  const answers = [];
  for (const expression of expressions) answers.push(await answer(expression, input));
  process.stdout.write(JSON.stringify(answers));
}

main();
