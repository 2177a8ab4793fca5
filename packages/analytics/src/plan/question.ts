import type { DatasetModel, DimensionValue } from "../model/dataset-model.ts";

/** A value that is filtered by. */
export type FilterValue = string | number | boolean;

/** Which values of a dimension are meant: one, one of several, or those between two, both included. */
export type Filter<Value extends FilterValue = FilterValue> =
  | Value
  | readonly Value[]
  | { readonly from?: Value; readonly until?: Value };

/** The name of a dimension of a dataset. */
export type DimensionName<Model extends DatasetModel> = keyof Model["dimensions"] & string;

/** The name of a measure of a dataset. */
export type MeasureName<Model extends DatasetModel> = keyof Model["measures"] & string;

/** A measure that is computed over the rows of the answer, by a window of SQL. */
export type WindowMeasure<Measure extends string = string, Dimension extends string = string> =
  /** The mean of this row and the `size - 1` rows before it along the dimensions, among those that share all others. */
  | {
      readonly kind: "moving-average";
      readonly of: Measure;
      readonly size: number;
      readonly along: readonly Dimension[];
    }
  /**
   * The change since the value `step` before along a dimension of whole numbers or days, as a fraction; nothing after a
   * gap. The step is 1 if not given: weeks that are told by their first day are 7 apart.
   */
  | { readonly kind: "growth"; readonly of: Measure; readonly along: Dimension; readonly step?: number }
  /** The value `step` before along a dimension of whole numbers or days; nothing after a gap. */
  | { readonly kind: "previous"; readonly of: Measure; readonly along: Dimension; readonly step?: number }
  /** The place by the measure, the greatest first. Equals share a rank; a row number they do not share. */
  | { readonly kind: "rank" | "row-number"; readonly of: Measure; readonly within: readonly Dimension[] };

/** What is asked of a dataset: measures by dimensions. */
export interface Question<
  Model extends DatasetModel = DatasetModel,
  By extends DimensionName<Model> = DimensionName<Model>,
  Asked extends MeasureName<Model> = MeasureName<Model>,
  Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Readonly<
    Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>
  >,
> {
  readonly measures: readonly Asked[];
  /** What the rows of the answer are about; one row over all if not given. */
  readonly by?: readonly By[];
  readonly where?: { readonly [Name in DimensionName<Model>]?: Filter<DimensionValue<Model, Name>> };
  readonly windows?: Windows;
  /** Only the rows whose rank, or row number, is at most `count`; `by` names the window measure. */
  readonly top?: { readonly by: keyof Windows & string; readonly count: number };
  /** Only the rows with these values, after windows were computed over all: growth needs the year before. */
  readonly show?: { readonly [Name in By]?: Filter<DimensionValue<Model, Name>> };
  /** Names of columns of the answer, `-` before one for the greatest first; by the dimensions if not given. */
  readonly order?: readonly string[];
  readonly limit?: number;
}

/** A row of the answer. A measure has no value where it cannot be computed: a mean of nothing, growth from nothing. */
export type AnswerRow<
  Model extends DatasetModel,
  By extends DimensionName<Model>,
  Asked extends MeasureName<Model>,
  Windows extends Readonly<Record<string, unknown>>,
> = { readonly [Name in By]: DimensionValue<Model, Name> } & {
  readonly [Name in Asked | (string extends keyof Windows ? never : keyof Windows & string)]: number | null;
};
