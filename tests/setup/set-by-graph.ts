/**
 * Where the whole body of a new object differs from the saved one all the same, each for a reason.
 */
export const SET_BY_GRAPH = new RegExp(
  [
    // made from a template: refused when sent
    'templateId',
    // null in exports, not served by the simulator until there is a value
    'deletedDateTime|partialEnablementStrategy',
    // the empty members that are not sent, see the contract
    'sessionControls\\..*',
    // hand-made templates have the id alone, and Graph answers with all there is to it
    'grantControls\\.authenticationStrength\\..*',
    // an OMA-URI value is kept under a reference of its own
    'omaSettings.*\\.secretReferenceValueId',
  ]
    .map((path) => `^(?:${path})$`)
    .join('|'),
);
