export { type AgentOptions, type AgentTool, agent } from "./agent/agent.ts";
export { type AskContext, type AskOptions, ask } from "./ask.ts";
export type { CallOptions } from "./call/call-options.ts";
export { outcomeCodes } from "./call/classify-failure.ts";
export type { Timeouts } from "./call/gateway-parts.ts";
export type { StructuredAnswer, StructuredOptions } from "./call/structured.ts";
export type { AccountState, BudgetLimit, Budgets, CallOwner, Reservation } from "./cost/budgets.ts";
export { dollarsText, nanosOfDollars } from "./cost/money.ts";
export type { Price, PriceOverride, PriceTable } from "./cost/prices.ts";
export type { GatewayHost, GatewayOptions } from "./gateway-options.ts";
export { type CostKey, type CostTotal, CostTotals, type LedgerEntry } from "./ledger/cost-totals.ts";
export { type LedgerQuery, readLedger } from "./ledger/read-ledger.ts";
export { ModelGateway } from "./model-gateway.ts";
export type { EndpointOptions, ModelEnvironment, Protocol } from "./provider/endpoints.ts";
export { type MockProvider, type MockReply, mockProvider } from "./provider/mock-provider.ts";
export type { ModelProvider, ProviderReply, ProviderVectors, ReplyPart } from "./provider/model-provider.ts";
export type {
  AnswerPart,
  EmbeddingAnswer,
  EmbeddingRequest,
  FinishReason,
  Message,
  ModelAnswer,
  ModelRequest,
  OutputDeclaration,
  TokenUsage,
  ToolCall,
  ToolDeclaration,
} from "./request.ts";
export type { ResidencyOptions } from "./transport/residency.ts";
