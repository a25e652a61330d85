"""How CloudFormation spells its values: functions, pseudo parameters, text with holes, ARNs."""
