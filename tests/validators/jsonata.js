// What the reference implementation of JSONata makes of expressions, as JSON.

const jsonata = require("jsonata");

// an evaluation may change its input, so that each has its own
async function answer(expression, text) {
  const input = JSON.parse(text);
  try {
    const value = await jsonata(expression).evaluate(undefined, { states: { input } });
    return value === undefined ? { error: "" } : { value: JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return error.code ? { error: `${error.code}: ${error.message}` } : { broken: String(error) };
  }
}

async function main() {
  const { expressions, input } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
  const answers = [];
  for (const expression of expressions) answers.push(await answer(expression, JSON.stringify(input)));
  process.stdout.write(JSON.stringify(answers));
}

main();
