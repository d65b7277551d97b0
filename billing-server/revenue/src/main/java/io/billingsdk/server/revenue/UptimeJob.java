package io.billingsdk.server.revenue;

import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;

/** Notes each minute in which a server runs and can write. */
final class UptimeJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(20);

  private final Uptime uptime;

  UptimeJob(Uptime uptime) {
    this.uptime = uptime;
  }

  @Override
  public String name() {
    return "revenue-uptime";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    uptime.note(Instant.now());
  }
}
