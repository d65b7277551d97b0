package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.Connection;
import java.sql.SQLException;

/** The sums of costs that a test has put into their table itself. */
public final class RebuiltSums {
  private RebuiltSums() {}

  /** Makes them; returns how many rows there are. */
  public static int in(World world) throws SQLException {
    try (Connection owner = AnalyticsLoad.connect(world)) {
      owner.setAutoCommit(false);
      int rows = Database.over(owner, SumRebuild::run);
      owner.commit();
      return rows;
    }
  }
}
