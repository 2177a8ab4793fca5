/** Words of a question or a text that say nothing about its subject. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again against all already also always am among an and another any anybody anyone anything are
  aren't around as ask at away be became because become been before behind being below between both but by call can
  can't cannot come could couldn't describe did didn't do does doesn't doing don't done down during each either else
  ever every everything explain few find first for from further get give given go goes got had has have having he
  her here hers him his how i if in instead into is isn't it its itself just keep know last least less let like list
  look made make makes many may me mean means might more most much must my need needs neither never no nobody none nor
  not nothing now of off often on once one only onto or other others our out over own per please possible put rather
  really same say says see shall she should show since so some somebody someone something still such take tell than
  that the their theirs them then there these they thing things think this those though through to together too
  toward under until up upon us use used uses using very want wants was wasn't way ways we well were what whatever when
  where whether which while who whom whose why will with within without won't work works would yes yet you your
  happen happened happens`.split(/\s+/),
);
