/** Where the steps of a workflow under test wait to be let go; at once where no schedule is in force. */
export class Points {
  /** The schedule in force. */
  current: { point(label: string): Promise<void> } | undefined;

  async at(label: string): Promise<void> {
    await this.current?.point(label);
  }
}
