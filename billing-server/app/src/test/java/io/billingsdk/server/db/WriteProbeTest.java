package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.WriteProbe.Found;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class WriteProbeTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private World world;

  @BeforeEach
  void make() throws Exception {
    world = Testbed.get().world();
  }

  @Test
  void find_databaseThatTakesWrites_isWritten_andAskedOnceByCallersOfOneMoment() throws Exception {
    try (WriteProbe probe = WriteProbe.of(world.server())) {
      assertThat(probe.find(PATIENCE)).isEqualTo(Found.WRITTEN);
      String first = "SELECT extract(epoch FROM written_at) * 1000000 FROM write_probe";
      long written = world.count(first);
      for (int i = 0; i < 20; i++) {
        assertThat(probe.find(PATIENCE)).isEqualTo(Found.WRITTEN);
      }
      assertThat(world.count(first)).isEqualTo(written);
      assertThat(world.count("SELECT count(*) FROM write_probe")).isOne();
    }
  }

  @Test
  void find_databaseThatOnlyReads_isRefused_andWrittenAgainAfterwards() throws Exception {
    try (WriteProbe probe = WriteProbe.of(world.server());
        Connection owner = Connections.open(world.owner());
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute("LOCK TABLE write_probe IN ACCESS EXCLUSIVE MODE");
      assertThat(probe.find(PATIENCE)).isEqualTo(Found.REFUSED);
      long begun = System.nanoTime();
      assertThat(probe.find(Duration.ofMillis(1))).isNotEqualTo(Found.WRITTEN);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
      owner.rollback();
      await().atMost(PATIENCE).until(() -> probe.find(PATIENCE) == Found.WRITTEN);
    }
  }

  @Test
  void find_withoutTheRightToTemporaryTables_doesWithTheRow() throws Exception {
    world.execute("REVOKE TEMPORARY ON DATABASE " + database() + " FROM PUBLIC");
    try (WriteProbe probe = WriteProbe.of(world.server())) {
      assertThat(probe.find(PATIENCE)).isEqualTo(Found.WRITTEN);
      assertThat(world.count("SELECT count(*) FROM write_probe")).isOne();
    }
  }

  private String database() {
    return world.owner().url().replaceFirst(".*/([^?]+).*", "$1");
  }

  @Test
  void find_nobodyThere_isAway() {
    DatabaseAddress nowhere =
        new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/x?connectTimeout=1", "x", "x");
    try (WriteProbe probe = WriteProbe.of(nowhere)) {
      assertThat(probe.find(Duration.ofSeconds(10))).isEqualTo(Found.AWAY);
    }
  }
}
