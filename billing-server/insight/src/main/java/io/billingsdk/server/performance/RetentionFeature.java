package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.jobs.Job;
import java.time.InstantSource;
import java.util.List;

/**
 * Removes what the analytics keep no longer; its tables are those of {@link PerformanceFeature}.
 */
public final class RetentionFeature implements Feature {
  private final Job job;

  /** By this policy. */
  public RetentionFeature(Database database, RetentionPolicy policy) {
    this.job = new AnalyticsRetention(database, InstantSource.system(), policy);
  }

  @Override
  public List<Job> jobs() {
    return List.of(job);
  }
}
