package io.billingsdk.server.alerts;

import io.billingsdk.server.db.Database;
import java.time.InstantSource;

/** Judges alert rules when a test says so. */
public final class AlertJudge {
  private AlertJudge() {}

  /** As a server does that has just started, once. */
  public static void run(Database database, InstantSource clock) {
    new AlertJob(database, clock).run();
  }
}
