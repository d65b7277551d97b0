package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A use is in the figures as soon as it is answered. */
@Tag("postgres")
class VisibleStatsTest {
  private static final int RELEASE = 5_000;
  private static final int USES = "release".equals(System.getProperty("size")) ? RELEASE : 200;
  private static final int WARM_UP = 20;
  private static final Duration MOST = Duration.ofSeconds(1);

  @TempDir Path directory;

  @Test
  void use_thatIsAnswered_isInTheFigures() {
    List<Long> nanos = new ArrayList<>();
    try (HttpTestbed http = new HttpTestbed(directory)) {
      StatsClient client = new StatsClient(http);
      String session = client.session();
      for (int i = 1; i <= WARM_UP + USES; i++) {
        long began = System.nanoTime();
        int status = client.recordOfSession(session, "project_create", "{}").status();
        JsonNode stats = client.stats(session);
        long took = System.nanoTime() - began;
        assertThat(status).isEqualTo(200);
        assertThat(stats.path("projects").path("total").asInt()).isEqualTo(i);
        if (i > WARM_UP) {
          nanos.add(took);
        }
      }
    }
    nanos.sort(null);
    long p99 = nanos.get((nanos.size() * 99 + 99) / 100 - 1);
    Proof.sized("visible-stats", USES, RELEASE)
        .with("uses", USES)
        .with("p50_ms", millis(nanos.get(nanos.size() / 2)))
        .with("p99_ms", millis(p99))
        .with("target", "p99<1000ms")
        .print();
    assertThat(Duration.ofNanos(p99)).isLessThan(MOST);
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
