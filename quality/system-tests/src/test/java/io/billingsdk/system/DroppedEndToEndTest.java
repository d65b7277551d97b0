package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenFull;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose journal was too small for an outage: the server knows what was given up. */
final class DroppedEndToEndTest {
  private static final int EVENTS = 20_000;
  private static final long JOURNAL_BYTES = 16 << 20;

  /** With it, more than the journal holds. */
  private static final String PADDING = "x".repeat(1_000);

  @Test
  void dropOldest_inAnOutage_isNoGapOfTheLedger(@TempDir Path directory) throws Exception {
    try (InProcess world = InProcess.start(directory)) {
      NewKey key = world.admin().create("acme", List.of(), null, /* legacy= */ false);
      world.broker().stop();
      try (BillingClient client =
          world.client(
              "small",
              settings ->
                  settings.journalMaxBytes(JOURNAL_BYTES).whenFull(WhenFull.dropOldest()))) {
        for (int i = 0; i < EVENTS; i++) {
          client.report(
              UsageEvent.of(key.text(), "llm", "gpt-4", 1)
                  .withMetadata(Map.of("padding", PADDING)));
        }
        world.broker().start();
        await()
            .atMost(InProcess.PATIENCE)
            .until(() -> client.status().delivery().pending() == 0 && isComplete(world));
        holds(world, client.status().delivery(), new Streams(world.database()).all().get(0));
      }
    }
  }

  private static void holds(InProcess world, ClientStatus.Delivery delivery, StreamState stream)
      throws Exception {
    assertThat(delivery.dropped()).isPositive();
    assertThat(stream.gaps()).isEmpty();
    assertThat(stream.droppedEvents()).isEqualTo(delivery.dropped());
    assertThat(stream.stored()).isEqualTo(delivery.delivered());
    assertThat(delivery.delivered() + delivery.dropped()).isEqualTo(delivery.accepted());
    assertThat(world.number("SELECT count(*) FROM usage_event")).isEqualTo(delivery.delivered());
    Size.proof("dropped-end-to-end")
        .with("accepted", delivery.accepted())
        .with("rejected", delivery.rejected())
        .with("delivered", delivery.delivered())
        .with("ledger", stream.stored())
        .with("dropped", delivery.dropped())
        .with("shown_as_dropped", stream.droppedEvents())
        .with("shown_as_missing", stream.gaps().size())
        .print();
  }

  private static boolean isComplete(InProcess world) throws Exception {
    List<StreamState> streams = new Streams(world.database()).all();
    return streams.size() == 1 && streams.get(0).isComplete();
  }
}
