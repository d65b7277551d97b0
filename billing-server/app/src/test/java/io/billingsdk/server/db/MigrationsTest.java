package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ingest.Testbed;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the tables are made: a start may be killed between any two steps. */
@Tag("postgres")
class MigrationsTest {
  /** In two transactions, a kill between them would leave a step that can never be made again. */
  @ParameterizedTest
  @CsvSource({"35, replay, offset_ms", "37, stream, origin", "202611291932, usage_event, cut_no"})
  void step_andItsLineInTheHistory_areOneTransaction(String version, String table, String column)
      throws SQLException {
    Testbed.World world = Testbed.get().world();

    long together =
        world.count(
            "SELECT count(*) FROM flyway_schema_history AS step JOIN pg_attribute AS made ON"
                + " made.xmin::text = step.xmin::text WHERE step.version = '%s' AND made.attrelid ="
                    .formatted(version)
                + " '%s'::regclass AND made.attname = '%s'".formatted(table, column));

    assertThat(together).isOne();
  }
}
