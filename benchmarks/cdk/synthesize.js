// node synthesize.js NAME FOLDER: write the template of a program of this folder
const cdk = require('aws-cdk-lib');
const [, , name, folder] = process.argv;
const app = new cdk.App({ outdir: folder, analyticsReporting: false });
const stack = new cdk.Stack(app, 'Example', { synthesizer: new cdk.LegacyStackSynthesizer() });
require(`./${name}`)(stack);
app.synth();
