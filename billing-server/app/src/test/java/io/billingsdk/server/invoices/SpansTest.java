package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.subscriptions.Subscription;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of a long history. */
@Tag("postgres")
class SpansTest {
  private static final String MANY =
      """
      INSERT INTO subscription_event (subscription_id, number, at, act, state, command, lines,
        actor)
      SELECT subscription_id, i, at, 'undo', state, command, '[]', actor
      FROM subscription_event, generate_series(2, 1101) AS i
      """;

  private static final String REVISION =
      """
      UPDATE subscription SET revision = 1101, content = jsonb_set(content, '{revision}', '1101')
      """;

  @TempDir Path directory;

  @Test
  void noteAll_withAThousandEventsThatCutNothing_findsTheCutAfterThem() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      Subscription subscription = world.used("c");
      world.http.world().execute(MANY);
      world.http.world().execute(REVISION);
      world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
      new SpanSweep(new Spans(world.database)).run();
      Span last =
          world.database.read(handle -> SpanRows.last(handle, subscription.id()).orElseThrow());
      assertThat(last.number()).isEqualTo(2);
      assertThat(last.lastEvent()).isEqualTo(1_102);
      new SpanSweep(new Spans(world.database)).run();
      assertThat(world.http.world().count("SELECT count(*) FROM invoice_span")).isEqualTo(2);
    }
  }
}
