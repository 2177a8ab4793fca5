/**
 * Does the jobs in ascending order with one worker for each of `workers`. After the first failure no other job is
 * begun; it is thrown once those under way have ended.
 */
export async function inParallel<Job, Worker>(
  jobs: readonly Job[],
  workers: readonly Worker[],
  work: (job: Job, worker: Worker) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  await Promise.all(
    workers.map(async (worker) => {
      for (let job = jobs[next++]; job !== undefined && failures.length === 0; job = jobs[next++]) {
        try {
          await work(job, worker);
        } catch (error) {
          failures.push(error);
        }
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}
