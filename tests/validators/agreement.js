// Reads {name: definition} on standard input, prints {name: {validator: [errors]}}.
const fs = require("fs");
const validate = require("asl-validator");
const service = require("amazon-states-language-service");

const ERROR = 1;
const language = service.getLanguageService({});

async function byService(definition) {
  const text = JSON.stringify(definition, null, 2);
  const document = service.TextDocument.create("case.asl", "json", 1, text);
  const found = await language.doValidation(document, language.parseJSONDocument(document));
  return found.filter((each) => each.severity === ERROR).map((each) => each.message);
}

function byValidator(definition) {
  const { errors } = validate(structuredClone(definition)); // it writes into what it is given
  return errors.map((each) => `${each["Error code"]} ${each.Message || ""}`.trim());
}

async function main() {
  const said = {};
  for (const [name, definition] of Object.entries(JSON.parse(fs.readFileSync(0, "utf8")))) {
    said[name] = {
      "asl-validator": byValidator(definition),
      "asl-service": await byService(definition),
    };
  }
  process.stdout.write(JSON.stringify(said));
}

main();
