package io.billingsdk.server.revenue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.reconcile.BilledWorld;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures that a job notes: for the report, and for alerts. */
@Tag("postgres")
class FiguresTest {
  private static final Instant NOW = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
    world.customer("c", "metered");
    world.use("c", Instant.parse("2026-03-10T10:30:00Z"), "m", "200");
    world.move("c", NOW);
    world.bill("c");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode accuracy() {
    new FiguresJob(world.database(), InstantSource.fixed(NOW)).run();
    for (JsonNode each :
        world.http().get("/api/v1/revenue/reports/2026-03").json().path("figures")) {
      if (each.path("figure").asText().equals("billing_accuracy")) {
        return each;
      }
    }
    throw new AssertionError("no billing_accuracy");
  }

  private double missed() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (BusinessFigureMeters meters =
        new BusinessFigureMeters(world.database(), InstantSource.fixed(NOW))) {
      meters.addTo(registry);
      return registry
          .get("billing.business.figure.missed")
          .tags("figure", "billing_accuracy", "month", "last")
          .gauge()
          .value();
    }
  }

  @Test
  void accuracy_ofWhatAgrees_isMet_andAPlantedDifferenceIsMissed() throws Exception {
    assertThat(missed()).isNaN();
    JsonNode all = accuracy();
    assertThat(all.path("percent").asText()).isEqualTo("100.00");
    assertThat(all.path("state").asText()).isEqualTo("met");
    assertThat(missed()).isZero();
    world.owner("UPDATE invoice_line SET net = net + 1 WHERE key LIKE 'usage/%'", "invoice_line");
    JsonNode wrong = accuracy();
    assertThat(wrong.path("state").asText()).isEqualTo("missed");
    assertThat(new BigDecimal(wrong.path("part").asText()))
        .isLessThan(new BigDecimal(wrong.path("whole").asText()));
    assertThat(missed()).isEqualTo(1);
  }

  @Test
  void figures_whoseUsageCannotBeCompared_areNotedButForTheAccuracy() throws Exception {
    world.http().world().execute("ALTER TABLE usage_rollup_shard RENAME TO gone");
    assertThatThrownBy(this::accuracy).isInstanceOf(DatabaseException.class);
    String noted = "SELECT count(DISTINCT month) FROM business_figure";
    assertThat(world.http().world().count(noted)).isEqualTo(2);
    assertThat(missed()).isNaN();
  }

  /** It is no figure of the month: reconcile names it. */
  @Test
  void accuracy_withADifferenceOfAnotherKind_staysAsItIs() throws Exception {
    world.owner("UPDATE stream SET highest_seq = highest_seq + 3 WHERE stream_id <> 0", "stream");
    assertThat(accuracy().path("percent").asText()).isEqualTo("100.00");
    JsonNode found = world.http().get("/api/v1/reconciliation?month=2026-03").json();
    assertThat(found.path("explained").asBoolean(true)).isFalse();
    assertThat(found.path("agreed")).isEqualTo(found.path("compared"));
  }
}
