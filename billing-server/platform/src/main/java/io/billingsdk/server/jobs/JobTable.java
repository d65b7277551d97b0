package io.billingsdk.server.jobs;

import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Sampled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the table says of the jobs of all servers, for the metrics. Thread-safe. */
final class JobTable implements AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private static final String LAST_SUCCESS =
      "SELECT task_name, extract(epoch FROM last_success)::double precision FROM scheduled_tasks"
          + " WHERE last_success IS NOT NULL";

  private final Sampled<Map<String, Double>> successes;

  JobTable(Database database) {
    successes = new Sampled<>("billing-jobs-figures", FRESH, () -> lastSuccesses(database));
  }

  private static Map<String, Double> lastSuccesses(Database database) {
    Map<String, Double> found = new HashMap<>();
    database
        .read(
            handle ->
                handle
                    .createQuery(LAST_SUCCESS)
                    .map((row, context) -> Map.entry(row.getString(1), row.getDouble(2)))
                    .list())
        .forEach(each -> found.put(each.getKey(), each.getValue()));
    return found;
  }

  List<Figure> figures(List<JobRuns> jobs) {
    List<Figure> figures = new ArrayList<>();
    for (JobRuns each : jobs) {
      String name = each.job().name();
      Map<String, String> labels = Map.of("job", name);
      figures.add(
          new Figure(
              "billing.jobs.last.success.seconds",
              "time of the last success of a job at any server, in seconds since 1970; 0: never",
              labels,
              /* counts= */ false,
              () -> lastSuccess(name)));
      figures.add(
          new Figure(
              "billing.jobs.failures",
              "runs of a job that failed at this server",
              labels,
              /* counts= */ true,
              each::failures));
    }
    return figures;
  }

  private double lastSuccess(String name) {
    Map<String, Double> known = successes.value();
    return known == null ? Double.NaN : known.getOrDefault(name, 0.0);
  }

  @Override
  public void close() {
    successes.close();
  }
}
