package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PartitionsAheadTest {
  private static final String MADE =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_event'::regclass";

  private static final String OF_THE_NEXT_MONTHS =
      """
      SELECT count(*) FROM generate_series(0, 2) AS ahead
      WHERE to_regclass('usage_event_' || to_char(
        date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), 'YYYY_MM'))
        IS NOT NULL
      """;

  @Test
  void run_newLedger_makesThisMonthAndTwoMore_once() throws Exception {
    World world = Testbed.get().world();
    try (Database database = world.database()) {
      PartitionsAhead job = new PartitionsAhead(database);
      assertThat(world.count(MADE)).isZero();

      job.run();
      assertThat(world.count(OF_THE_NEXT_MONTHS)).isEqualTo(3);
      assertThat(world.count(MADE)).isEqualTo(3);

      job.run();
      assertThat(world.count(MADE)).isEqualTo(3);
    }
  }
}
